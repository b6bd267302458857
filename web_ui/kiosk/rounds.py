"""Disinfection rounds with their timer, and people handed to a waiting car."""

from collections.abc import Callable, Mapping

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.events.rounds import Vulnerable
from web_ui.kiosk import forms
from web_ui.kiosk.services import KioskServices
from web_ui.kiosk.signed_on import operator
from web_ui.request_values import read_whole

MOST_PERSONS = 99
LONGEST = 40
"""Characters of a field of the forms about rounds and deliveries."""


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("rounds", __name__)
    rounds = services.rounds

    @pages.get("/rounds")
    def page() -> ResponseReturnValue:
        return _page()

    @pages.post("/rounds/disinfected")
    def disinfected() -> ResponseReturnValue:
        form = forms.posted()
        lanes = [lane for lane in services.lanes if lane in request.form.getlist("lane")]
        if not lanes:
            return _page("rounds.which"), 400
        return _done(lambda: rounds.disinfected(said(form, "round"), lanes, operator(services)))

    @pages.post("/rounds/handed")
    def handed() -> ResponseReturnValue:
        form = forms.posted()
        group, persons = said(form, "group"), read_whole(said(form, "persons"), 1, MOST_PERSONS)
        if group not in tuple(Vulnerable) or persons is None:
            return _page("rounds.whom"), 400
        return _done(
            lambda: rounds.hand_to_car(
                said(form, "handing"), Vulnerable(group), persons, said(form, "car"), operator(services)
            )
        )

    def _done(act: Callable[[], None]) -> ResponseReturnValue:
        return forms.done(act, url_for("rounds.page"), _page)

    def _page(wrong: str = "") -> str:
        return render_template(
            "rounds.html",
            round=rounds.round,
            handed=rounds.handed,
            groups=list(Vulnerable),
            lanes=services.lanes,
            on=services.shifts.on_duty,
            drawn=forms.draw(),
            wrong=wrong,
        )

    return pages


def said(form: Mapping[str, str], name: str) -> str:
    """A field of the form as one short line."""
    return forms.line(form, name, LONGEST)
