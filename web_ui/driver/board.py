"""/b/<number>: what a road board's code opens, and /p/<reference>: the pass that comes of it.

The pass's address holds the pass itself, signed, so nothing is kept here: it can be loaded again, left and come back
to, and what the district did not sign is not drawn."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from station.domain.boards import Board, BoardKind
from station.domain.passes import PassKind
from web_ui.driver.errors import too_many
from web_ui.driver.form import Form, Incomplete, driver_declaration
from web_ui.driver.fresh import fresh_page
from web_ui.driver.limits import Limits
from web_ui.driver.picking import form_parts
from web_ui.driver.picture import code_picture
from web_ui.driver.services import DriverServices


def blueprint(services: DriverServices, limits: Limits) -> Blueprint:
    pages = Blueprint("board", __name__)

    @pages.get("/b/<number>")
    def form(number: str) -> ResponseReturnValue:
        if wait := limits.view(request):
            return too_many(wait)
        board = services.board(number) or abort(404)
        if board.kind is BoardKind.BUS:
            return redirect(url_for("bus.form", number=number), 303)
        if not request.args:  # as the code on the board has it; a switch of the language is no scan
            services.scanned(number)
        return _form(board, MultiDict(), {})

    @pages.post("/b/<number>")
    def declare(number: str) -> ResponseReturnValue:
        if wait := limits.view(request):
            return too_many(wait)
        board = services.board(number) or abort(404)
        if board.kind is BoardKind.BUS:
            abort(404)
        if "more" in request.form:
            return _form(board, request.form, {})
        try:
            said = driver_declaration(request.form)
        except Incomplete as incomplete:
            return _form(board, request.form, incomplete.wrong), 422
        if wait := limits.declare(request, number):
            return too_many(wait)
        return redirect(url_for("board.shown", reference=services.declare(board, said), lang=g.language), 303)

    @pages.get("/p/<reference>")
    def shown(reference: str) -> ResponseReturnValue:
        if wait := limits.view(request):
            return too_many(wait)
        text, found = services.open(reference) or abort(404)
        if found.kind is not PassKind.DECLARATION:
            abort(404)
        left = found.expires - services.now()
        answer = make_response(
            render_template(
                "pass.html",
                shown=found,
                until=found.expires.astimezone(services.zone),
                expired=left.total_seconds() <= 0,
                picture=code_picture(text),
            )
        )
        # A phone that put the page aside shows it again from its own memory, with no reception too.
        answer.cache_control.private = True
        answer.cache_control.max_age = max(0, int(left.total_seconds()))
        return answer

    return pages


def _form(board: Board, filled: Form, wrong: Mapping[str, str]) -> Response:
    return fresh_page("declare.html", board=board, **form_parts(filled, wrong))
