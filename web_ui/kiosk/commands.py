"""What the operator taps: decide, undo, tick a must, set aside, ask for a name. Refused ones answer 409 and why."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from station.domain.commands import (
    Command,
    Decide,
    Refusal,
    Refused,
    Register,
    SetAside,
    TickMust,
    Undo,
    UntickMust,
)
from station.domain.decision import Outcome
from station.domain.passes import Must
from web_ui import guard
from web_ui.kiosk.services import KioskServices


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("commands", __name__)

    @pages.before_request
    def only_from_our_page() -> None:
        guard.require_own_page()

    @pages.post("/lanes/<lane>/decide")
    def decide(lane: str) -> ResponseReturnValue:
        asked = _asked(lane)
        passage, row = _number(asked, "passage"), _number(asked, "row")
        if asked.get("outcome") not in list(Outcome) or (passage is None) != (row is None):
            abort(400, 'send {"outcome": "granted", "held" or "denied", "passage": id, "row": row}')
        outcome = Outcome(asked["outcome"])
        return _carry_out(lane, Register(outcome) if passage is None else Decide(outcome, passage, row))

    @pages.post("/lanes/<lane>/undo")
    def undo(lane: str) -> ResponseReturnValue:
        asked = _asked(lane)
        passage, row = _number(asked, "passage"), _number(asked, "row")
        if passage is None or row is None:
            abort(400, 'send {"passage": id, "row": row}')
        return _carry_out(lane, Undo(passage, row))

    @pages.post("/lanes/<lane>/tick")
    def tick(lane: str) -> ResponseReturnValue:
        asked = _asked(lane)
        passage, row = _number(asked, "passage"), _number(asked, "row")
        must, ticked = asked.get("must"), asked.get("ticked")
        if passage is None or row is None or must not in list(Must) or not isinstance(ticked, bool):
            abort(400, 'send {"passage": id, "row": row, "must": one of the five, "ticked": true or false}')
        return _carry_out(lane, (TickMust if ticked else UntickMust)(passage, row, Must(must)))

    @pages.post("/lanes/<lane>/aside")
    def set_aside(lane: str) -> ResponseReturnValue:
        asked = _asked(lane)
        passage, row = _number(asked, "passage"), _number(asked, "row")
        if passage is None or row is None:
            abort(400, 'send {"passage": id, "row": row}')
        return _carry_out(lane, SetAside(passage, row))

    @pages.post("/lanes/<lane>/name")
    def name(lane: str) -> ResponseReturnValue:
        """Told once, to the page that asks, and for the passage on the screen alone."""
        passage = _number(_asked(lane), "passage")
        if passage is None:
            abort(400, 'send {"passage": id}')
        told = services.name(lane, passage)
        if not told:
            return jsonify(refused=Refusal.NOT_FOUND.value), 409
        answer = jsonify(name=told)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _asked(lane: str) -> Mapping[str, Any]:
        if lane not in services.lanes:
            abort(404, f"there is no lane {lane!r}")
        asked = request.get_json()
        if not isinstance(asked, dict):
            abort(400, "send a JSON object")
        return asked

    def _carry_out(lane: str, command: Command) -> ResponseReturnValue:
        try:
            return jsonify(passage=services.command(lane, command))
        except Refused as refused:
            return jsonify(refused=refused.why.value), 409

    return pages


def _number(asked: Mapping[str, Any], name: str) -> int | None:
    value = asked.get(name)
    if value is not None and type(value) is not int:
        abort(400, f"{name} must be a whole number")
    return value
