"""Orders of the hub: full-screen until somebody acknowledges them, and afterwards on a list with who and when."""

from collections.abc import Callable

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from station.domain.commands import Refused
from web_ui import guard
from web_ui.kiosk.services import KioskServices
from web_ui.kiosk.signed_on import operator


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("orders", __name__)

    @pages.get("/orders")
    def page() -> ResponseReturnValue:
        return render_template("orders.html", orders=services.orders.listed())

    @pages.post("/orders/<order>/shown")
    def shown(order: str) -> ResponseReturnValue:
        return _done(lambda: services.orders.shown(order))

    @pages.post("/orders/<order>/acknowledge")
    def acknowledge(order: str) -> ResponseReturnValue:
        return _done(lambda: services.orders.acknowledge(order, operator(services)))

    def _done(work: Callable[[], None]) -> ResponseReturnValue:
        guard.require_own_page()
        try:
            work()
        except Refused as refused:
            return jsonify(refused=refused.why.value), 409
        return jsonify(done=True)

    return pages
