"""/v/<number>/start: a bus's driver starts a journey; /t/<secret>: the manifest that its passengers declare into.

Only the driver's phone knows the secret: it opens the manifest and ends the journey."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from station.domain.boards import Board, BoardKind
from station.domain.trips import MOST_SEATS, TripRefused
from web_ui.driver.errors import too_many
from web_ui.driver.form import Form, Incomplete, journey
from web_ui.driver.fresh import fresh_page
from web_ui.driver.limits import Limits
from web_ui.driver.picking import form_parts
from web_ui.driver.picture import code_picture
from web_ui.driver.services import DriverServices


def blueprint(services: DriverServices, limits: Limits) -> Blueprint:
    pages = Blueprint("trip", __name__)

    @pages.before_request
    def not_too_often() -> ResponseReturnValue | None:
        wait = limits.view(request)
        return too_many(wait) if wait else None

    @pages.get("/v/<number>/start")
    def form(number: str) -> ResponseReturnValue:
        return start_page(bus_of(services, number), MultiDict(), {})

    @pages.post("/v/<number>/start")
    def start(number: str) -> ResponseReturnValue:
        board = bus_of(services, number)
        try:
            plate, seats = journey(request.form, board.plate, board.seats)
        except Incomplete as incomplete:
            return start_page(board, request.form, incomplete.wrong), 422
        if wait := limits.declare(request, number):
            return too_many(wait)
        try:
            secret = services.start_trip(board, plate, seats)
        except TripRefused as refused:
            return start_page(board, request.form, {"refused": f"refused.{refused.refusal}"}), 409
        return redirect(url_for("trip.manifest", secret=secret, lang=g.language), 303)

    @pages.get("/t/<secret>")
    def manifest(secret: str) -> ResponseReturnValue:
        trip = services.trip(secret) or abort(404)
        text, shown = services.manifest(trip)
        page = render_template(
            "manifest.html",
            trip=trip,
            shown=shown,
            until=trip.expires.astimezone(services.zone),
            at=services.now().astimezone(services.zone),
            picture=code_picture(text),
            secret=secret,
        )
        answer = make_response(page)
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    @pages.post("/t/<secret>/end")
    def end(secret: str) -> ResponseReturnValue:
        trip = services.trip(secret) or abort(404)
        services.end_trip(secret)
        return redirect(url_for("trip.form", number=trip.board, lang=g.language), 303)

    return pages


def bus_of(services: DriverServices, number: str) -> Board:
    """The board in a bus with that number, else no such page."""
    board = services.board(number)
    if board is None or board.kind is not BoardKind.BUS:
        abort(404)
    return board


def start_page(board: Board, filled: Form, wrong: Mapping[str, str]) -> Response:
    most = min(board.seats or MOST_SEATS, MOST_SEATS)
    return fresh_page("bus.html", board=board, most_seats=most, **form_parts(filled, wrong))
