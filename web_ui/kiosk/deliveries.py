"""Goods that are left at the gate, until somebody collects them."""

from collections.abc import Callable

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from web_ui.kiosk import forms
from web_ui.kiosk.rounds import said
from web_ui.kiosk.services import KioskServices
from web_ui.kiosk.signed_on import operator


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("deliveries", __name__)
    rounds = services.rounds

    @pages.get("/deliveries")
    def page() -> ResponseReturnValue:
        return _page()

    @pages.post("/deliveries")
    def leave() -> ResponseReturnValue:
        form = forms.posted()
        delivery, shelf, whose, what = (said(form, name) for name in ("delivery", "shelf", "whose", "what"))
        if not whose:
            return _page("deliveries.for_whom"), 400
        return _done(lambda: rounds.leave(delivery, shelf, whose, what, operator(services)))

    @pages.post("/deliveries/<delivery>/collected")
    def collect(delivery: str) -> ResponseReturnValue:
        by = said(forms.posted(), "by")
        return _done(lambda: rounds.collect(delivery, by, operator(services)))

    def _done(act: Callable[[], None]) -> ResponseReturnValue:
        return forms.done(act, url_for("deliveries.page"), _page)

    def _page(wrong: str = "") -> str:
        waiting = services.rounds.listed()
        return render_template(
            "deliveries.html",
            waiting=waiting,
            on=services.shifts.on_duty,
            drawn=forms.draw(),
            wrong=wrong,
        )

    return pages
