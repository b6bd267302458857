"""The parking bay: who was set aside, and what is to become of them. Plain forms; the row a button was shown with says
what the operator saw, so that a second tap or a second screen decides nothing twice."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.bounds import MAX_ROW
from station.domain.commands import Command, Decide, Refused, TakeUp, Undo
from station.domain.decision import Outcome
from web_ui import guard
from web_ui.kiosk.services import KioskServices
from web_ui.request_values import read_whole


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("bay", __name__)

    @pages.get("/bay")
    def page() -> ResponseReturnValue:
        return _page()

    @pages.post("/bay/<int:passage>")
    def change(passage: int) -> ResponseReturnValue:
        guard.require_own_page()
        lane, row = request.form.get("lane", ""), read_whole(request.form.get("row", ""), -MAX_ROW, MAX_ROW)
        if lane not in services.lanes or row is None or passage > MAX_ROW:
            abort(400, "send the lane, the passage and the row that the page showed")
        command = _command(request.form, passage, row)
        try:
            services.command(lane, command)
        except Refused as refused:
            return _page(f"refusal.{refused.why}"), 409
        return redirect("/" if isinstance(command, TakeUp) else url_for("bay.page"), 303)

    def _page(wrong: str = "") -> str:
        standing = services.by_hand.aside()
        waiting = [one for one in standing if one.passage.outcome == Outcome.HELD]
        decided = [one for one in standing if one.passage.outcome != Outcome.HELD]
        return render_template("bay.html", waiting=waiting, decided=decided, lanes=services.lanes, wrong=wrong)

    return pages


def _command(form: Mapping[str, str], passage: int, row: int) -> Command:
    commands: Mapping[str, Command] = {
        "take_up": TakeUp(passage, row),
        "undo": Undo(passage, row),
        "granted": Decide(Outcome.GRANTED, passage, row),
        "denied": Decide(Outcome.DENIED, passage, row),
    }
    if form.get("do") not in commands:
        abort(400, f"do: one of {', '.join(commands)}")
    return commands[form["do"]]
