"""Goods that are left at the gate, until somebody collects them."""

import secrets
from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from station.domain.commands import Refused
from web_ui import guard
from web_ui.kiosk.rounds import said
from web_ui.kiosk.services import KioskServices
from web_ui.kiosk.signed_on import operator

_ID_BYTES = 8


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("deliveries", __name__)
    rounds = services.rounds

    @pages.get("/deliveries")
    def page() -> ResponseReturnValue:
        return _page()

    @pages.post("/deliveries")
    def leave() -> ResponseReturnValue:
        guard.require_own_page()
        if not said("whose"):
            return _page("deliveries.for_whom"), 400
        return _done(
            lambda: rounds.leave(said("delivery"), said("shelf"), said("whose"), said("what"), operator(services))
        )

    @pages.post("/deliveries/<delivery>/collected")
    def collect(delivery: str) -> ResponseReturnValue:
        guard.require_own_page()
        return _done(lambda: rounds.collect(delivery, said("by"), operator(services)))

    def _done(act: Callable[[], None]) -> ResponseReturnValue:
        try:
            act()
        except Refused as refused:
            return _page(f"refusal.{refused.why}"), 409
        return redirect(url_for("deliveries.page"), 303)

    def _page(wrong: str = "") -> str:
        waiting = services.rounds.listed()
        return render_template(
            "deliveries.html",
            waiting=waiting,
            on=services.shifts.on_duty,
            drawn=secrets.token_hex(_ID_BYTES),
            wrong=wrong,
        )

    return pages
