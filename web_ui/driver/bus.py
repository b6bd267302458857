"""/v/<number>: what a bus's code opens. Its passengers declare into the manifest of the journey under way.

A phone is known by a random word in the form and in a cookie for this bus alone: scanning again, or correcting oneself,
then replaces what was declared instead of counting a second person. Without cookies the word in the form still does."""

import re
import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from station.domain.boards import Board
from station.domain.declaration import MOST_IN_PARTY
from station.domain.trips import TripRefused
from web_ui.driver.errors import too_many
from web_ui.driver.form import Form, Incomplete, passenger_declaration
from web_ui.driver.fresh import fresh_page
from web_ui.driver.limits import Limits
from web_ui.driver.picking import form_parts
from web_ui.driver.services import DriverServices
from web_ui.driver.trip import bus_of, start_page
from web_ui.request_values import read_whole

_PHONE = re.compile(r"[\w-]{8,32}", re.ASCII)
_PHONE_BYTES = 9
_COOKIE_SECONDS = 12 * 3600


def blueprint(services: DriverServices, limits: Limits) -> Blueprint:
    pages = Blueprint("bus", __name__)

    @pages.before_request
    def not_too_often() -> ResponseReturnValue | None:
        wait = limits.view(request)
        return too_many(wait) if wait else None

    @pages.get("/v/<number>")
    def form(number: str) -> ResponseReturnValue:
        board = bus_of(services, number)
        if not request.args:
            services.scanned(number)
        if not services.under_way(board):
            return start_page(board, MultiDict(), {})
        return _passenger(board, _phone(), MultiDict(), {})

    @pages.post("/v/<number>")
    def declare(number: str) -> ResponseReturnValue:
        board, phone = bus_of(services, number), _phone()
        if "more" in request.form:
            return _passenger(board, phone, request.form, {})
        try:
            said = passenger_declaration(request.form)
        except Incomplete as incomplete:
            return _passenger(board, phone, request.form, incomplete.wrong), 422
        if wait := limits.declare(request, number):
            return too_many(wait)
        try:
            services.join(board, phone, said)
        except TripRefused as refused:
            return _passenger(board, phone, request.form, {"refused": f"refused.{refused.refusal}"}), 409
        answer = redirect(url_for("bus.declared", number=number, party=said.party, phone=phone, lang=g.language), 303)
        return _remembering(answer, phone, url_for("bus.form", number=number), services)

    @pages.get("/v/<number>/declared")
    def declared(number: str) -> ResponseReturnValue:
        party = read_whole(request.args.get("party", ""), 1, MOST_IN_PARTY) or 1
        return render_template("declared.html", board=bus_of(services, number), party=party, phone=_phone())

    return pages


def _phone() -> str:
    """The word this phone was given, if it brings one, else a new one."""
    for brought in (request.values.get("phone", ""), request.cookies.get("phone", "")):
        if _PHONE.fullmatch(brought):
            return brought
    return secrets.token_urlsafe(_PHONE_BYTES)


def _remembering(answer: AnyResponse, phone: str, bus: str, services: DriverServices) -> AnyResponse:
    """:param bus: the address that alone gets to see the cookie."""
    answer.set_cookie(
        "phone", phone, max_age=_COOKIE_SECONDS, path=bus, secure=services.secure, httponly=True, samesite="Lax"
    )
    return answer


def _passenger(board: Board, phone: str, filled: Form, wrong: Mapping[str, str]) -> Response:
    return fresh_page("passenger.html", board=board, phone=phone, **form_parts(filled, wrong))
