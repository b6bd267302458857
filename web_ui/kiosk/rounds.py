"""Disinfection rounds with their timer, and people handed to a waiting car."""

import secrets
from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.commands import Refused
from station.domain.events.rounds import Vulnerable
from web_ui import guard
from web_ui.kiosk.services import KioskServices
from web_ui.kiosk.signed_on import operator

MOST_PERSONS = 99
_ID_BYTES = 8
_LONGEST = 40


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("rounds", __name__)
    rounds = services.rounds

    @pages.get("/rounds")
    def page() -> ResponseReturnValue:
        return _page()

    @pages.post("/rounds/disinfected")
    def disinfected() -> ResponseReturnValue:
        guard.require_own_page()
        lanes = [lane for lane in services.lanes if lane in request.form.getlist("lane")]
        if not lanes:
            return _page("rounds.which"), 400
        return _done(lambda: rounds.disinfected(said("round"), lanes, operator(services)))

    @pages.post("/rounds/handed")
    def handed() -> ResponseReturnValue:
        guard.require_own_page()
        group, persons = said("group"), said("persons")
        if group not in tuple(Vulnerable) or not persons.isdecimal() or not 1 <= int(persons) <= MOST_PERSONS:
            return _page("rounds.whom"), 400
        return _done(
            lambda: rounds.hand_to_car(
                said("handing"), Vulnerable(group), int(persons), said("car"), operator(services)
            )
        )

    def _done(act: Callable[[], None]) -> ResponseReturnValue:
        try:
            act()
        except Refused as refused:
            return _page(f"refusal.{refused.why}"), 409
        return redirect(url_for("rounds.page"), 303)

    def _page(wrong: str = "") -> str:
        return render_template(
            "rounds.html",
            round=rounds.round,
            handed=rounds.handed,
            groups=list(Vulnerable),
            lanes=services.lanes,
            on=services.shifts.on_duty,
            drawn=secrets.token_hex(_ID_BYTES),
            wrong=wrong,
        )

    return pages


def said(name: str) -> str:
    """A field of the form as one short line."""
    return " ".join(request.form.get(name, "").split())[:_LONGEST]
