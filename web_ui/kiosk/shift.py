"""Who is on duty: signing on with number and PIN, signing off, and handing over with both sides confirming."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.shifts import ShiftRefused
from web_ui import guard
from web_ui.kiosk.services import KioskServices

_LONGEST = 20


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("shift", __name__)
    shifts = services.shifts

    @pages.get("/shift")
    def page() -> ResponseReturnValue:
        return _page()

    @pages.post("/shift/on")
    def sign_on() -> ResponseReturnValue:
        guard.require_own_page()
        lanes = request.form.getlist("lane")
        return _done(lambda: shifts.sign_on(_said("number"), _said("pin"), lanes), _page)

    @pages.post("/shift/off")
    def sign_off() -> ResponseReturnValue:
        guard.require_own_page()
        return _done(lambda: shifts.sign_off(_said("number")), _page)

    @pages.get("/shift/hand-over")
    def hand_over_page() -> ResponseReturnValue:
        return _hand_over_page()

    @pages.post("/shift/hand-over")
    def hand_over() -> ResponseReturnValue:
        guard.require_own_page()
        return _done(
            lambda: shifts.hand_over(_said("giver"), _said("giver_pin"), _said("taker"), _said("taker_pin")),
            _hand_over_page,
        )

    def _page(wrong: str = "", wait: float = 0.0) -> str:
        due = shifts.due
        free = [lane for lane in services.lanes if not shifts.operator(lane)]
        return render_template(
            "shift.html",
            on=shifts.on_duty,
            teams=[team for team in shifts.teams if due is None or team.team != due.team],  # that one stands by itself
            due=due,
            lanes=services.lanes,
            free=free,
            wrong=wrong,
            wait=round(wait),
        )

    def _hand_over_page(wrong: str = "", wait: float = 0.0) -> str:
        since, figures = shifts.figures() if shifts.on_duty else ("", ())  # else they would be of the whole ledger
        return render_template(
            "hand_over.html",
            on=shifts.on_duty,
            pin_needed=shifts.hand_over_pin,
            since=since,
            figures=figures,
            incidents=len(services.incidents.listed()),
            rounds=services.rounds.rounds_since(since),
            wrong=wrong,
            wait=round(wait),
        )

    return pages


def _done(act: Callable[[], None], again: Callable[[str, float], str]) -> ResponseReturnValue:
    """What was sent twice is refused the second time: they are on duty, or off it, already."""
    try:
        act()
    except ShiftRefused as refused:
        return again(f"shift.refused.{refused.why}", refused.wait), 409
    return redirect(url_for("shift.page"), 303)


def _said(name: str) -> str:
    return request.form.get(name, "").strip()[:_LONGEST]
