"""/v/<number>: what a bus's code opens. Its driver starts a journey, its passengers declare into the manifest.

A phone is known by a random word in the form and in a cookie for this bus alone: scanning again, or correcting oneself,
then replaces what was declared instead of counting a second person. Without cookies the word in the form still does."""

import re
import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from station.domain.boards import Board, BoardKind
from station.domain.trips import MOST_SEATS, TripRefused
from web_ui.driver.errors import too_many
from web_ui.driver.form import Form, Incomplete, journey, passenger_declaration
from web_ui.driver.limits import Limits
from web_ui.driver.picking import form_parts
from web_ui.driver.picture import code_picture
from web_ui.driver.services import DriverServices

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
        board = _bus(number)
        if not request.args:
            services.scanned(number)
        if not services.under_way(board):
            return _start(board, MultiDict(), {})
        return _passenger(board, _phone(), MultiDict(), {})

    @pages.post("/v/<number>")
    def declare(number: str) -> ResponseReturnValue:
        board, phone = _bus(number), _phone()
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
        answer.set_cookie(
            "phone",
            phone,
            max_age=_COOKIE_SECONDS,
            path=url_for("bus.form", number=number),
            secure=services.secure,
            httponly=True,
            samesite="Lax",
        )
        return answer

    @pages.get("/v/<number>/declared")
    def declared(number: str) -> ResponseReturnValue:
        party = request.args.get("party", default=1, type=int)
        return render_template("declared.html", board=_bus(number), party=party, phone=_phone())

    @pages.get("/v/<number>/start")
    def driver(number: str) -> ResponseReturnValue:
        return _start(_bus(number), MultiDict(), {})

    @pages.post("/v/<number>/start")
    def start(number: str) -> ResponseReturnValue:
        board = _bus(number)
        try:
            plate, seats = journey(request.form, board.plate, board.seats)
        except Incomplete as incomplete:
            return _start(board, request.form, incomplete.wrong), 422
        if wait := limits.declare(request, number):
            return too_many(wait)
        try:
            secret = services.start_trip(board, plate, seats)
        except TripRefused as refused:
            return _start(board, request.form, {"refused": f"refused.{refused.refusal}"}), 409
        return redirect(url_for("bus.manifest", secret=secret, lang=g.language), 303)

    @pages.get("/t/<secret>")
    def manifest(secret: str) -> ResponseReturnValue:
        trip = services.trip(secret) or abort(404)
        text, shown = services.manifest(trip)
        answer = make_response(
            render_template(
                "manifest.html",
                trip=trip,
                shown=shown,
                until=trip.expires.astimezone(services.zone),
                at=services.now().astimezone(services.zone),
                picture=code_picture(text),
                secret=secret,
            )
        )
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    @pages.post("/t/<secret>/end")
    def end(secret: str) -> ResponseReturnValue:
        trip = services.trip(secret) or abort(404)
        services.end_trip(secret)
        return redirect(url_for("bus.driver", number=trip.board, lang=g.language), 303)

    def _bus(number: str) -> Board:
        board = services.board(number)
        if board is None or board.kind is not BoardKind.BUS:
            abort(404)
        return board

    return pages


def _phone() -> str:
    """The word this phone was given, if it brings one, else a new one."""
    for brought in (request.values.get("phone", ""), request.cookies.get("phone", "")):
        if _PHONE.fullmatch(brought):
            return brought
    return secrets.token_urlsafe(_PHONE_BYTES)


def _passenger(board: Board, phone: str, filled: Form, wrong: Mapping[str, str]) -> Response:
    return _fresh(render_template("passenger.html", board=board, phone=phone, **form_parts(filled, wrong)))


def _start(board: Board, filled: Form, wrong: Mapping[str, str]) -> Response:
    most = min(board.seats or MOST_SEATS, MOST_SEATS)
    return _fresh(render_template("bus.html", board=board, most_seats=most, **form_parts(filled, wrong)))


def _fresh(page: str) -> Response:
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
