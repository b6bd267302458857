"""/: for a driver whose camera does not read the board: its number is typed."""

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.boards import is_board_number


def blueprint() -> Blueprint:
    pages = Blueprint("start", __name__)

    @pages.get("/")
    def typed() -> ResponseReturnValue:
        number = request.args.get("number", "").strip()
        if not number:
            return render_template("start.html")
        if not is_board_number(number):
            abort(404)
        return redirect(url_for("board.form", number=number, lang=g.language), 303)

    return pages
