"""The page for those without a code: plate, kind, persons, origin, destination, musts, and the decision.

A plain form. It carries an id made for it, so that a second tap or a reload registers nobody twice.
"""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import chain
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from station.domain.by_hand import LONGEST_DESTINATION, MOST_PERSONS, Offer
from station.domain.commands import Register
from station.domain.decision import Outcome
from station.domain.passes import Must, TrafficKind
from station.domain.plate_origin import suggested_classes
from station.domain.plates import FORMS
from web_ui import guard
from web_ui.kiosk import forms
from web_ui.kiosk.register_form import Unclear, told_of
from web_ui.kiosk.services import KioskServices

_LONGEST_ID = 40
_EMPTY: Mapping[str, Any] = {"musts": ()}


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("register", __name__)
    offer = services.by_hand.offer

    @pages.get("/register/<lane>")
    def page(lane: str) -> ResponseReturnValue:
        return _page(lane, {**_EMPTY, "form": forms.draw()})

    @pages.post("/register/<lane>")
    def register(lane: str) -> ResponseReturnValue:
        _require(lane)
        form, typed = forms.posted(), {**request.form, "musts": tuple(request.form.getlist("musts"))}
        outcome = forms.one_of(form, "outcome", Outcome)
        if outcome is None:
            abort(400, "send the outcome")
        try:
            meant = Register(outcome, told_of(typed, offer), forms.drawn(form, "form", _LONGEST_ID))
        except Unclear as unclear:
            return _page(lane, typed, unclear.key), 422
        return forms.done(lambda: services.command(lane, meant), "/", lambda wrong: _page(lane, typed, wrong))

    @pages.post("/register/<lane>/callers")
    def callers(lane: str) -> ResponseReturnValue:
        """Posted, not asked for by address: a plate stands in no history and no log."""
        guard.require_own_page()
        _require(lane)
        asked = request.get_json()
        typed = asked.get("typed", "") if isinstance(asked, dict) else None
        if not isinstance(typed, str):
            abort(400, 'send {"typed": how the plate begins}')
        answer = jsonify(done=True, callers=[asdict(caller) for caller in services.by_hand.callers(typed)])
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _page(lane: str, typed: Mapping[str, Any], wrong: str = "") -> str:
        _require(lane)
        return render_template("register.html", lane=lane, typed=typed, wrong=wrong, **_offered(offer, lane))

    def _require(lane: str) -> None:
        if lane not in services.lanes:
            abort(404, f"there is no lane {lane!r}")

    return pages


def _offered(offer: Offer, lane: str) -> Mapping[str, Any]:
    """What can be chosen on the page."""
    on_foot = lane in offer.on_foot
    return {
        "offer": offer,
        "kinds": (TrafficKind.PERSON,) if on_foot else tuple(TrafficKind),
        "usual": TrafficKind.PERSON if on_foot else TrafficKind.CAR,
        "musts": tuple(Must),
        "most": MOST_PERSONS,
        "longest": LONGEST_DESTINATION,
        "forms": list(chain.from_iterable(FORMS.values())),
        "suggested": suggested_classes(offer.classes),
    }
