"""What the operator taps: decide, undo, tick a must, set aside, ask for a name. Refused ones answer 409 and why."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from station.domain.bounds import MAX_ROW, is_row_number
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


def _decide(asked: Mapping[str, Any]) -> Command:
    passage, row = _number(asked, "passage"), _number(asked, "row")
    if asked.get("outcome") not in list(Outcome) or (passage is None) != (row is None):
        abort(400, 'send {"outcome": "granted", "held" or "denied", "passage": id, "row": row}')
    outcome = Outcome(asked["outcome"])
    return Register(outcome) if passage is None else Decide(outcome, passage, row)


def _undo(asked: Mapping[str, Any]) -> Command:
    return Undo(*_row(asked))


def _tick(asked: Mapping[str, Any]) -> Command:
    must, ticked = asked.get("must"), asked.get("ticked")
    if must not in list(Must) or not isinstance(ticked, bool):
        abort(400, 'send {"passage": id, "row": row, "must": one of the five, "ticked": true or false}')
    return (TickMust if ticked else UntickMust)(*_row(asked), Must(must))


def _set_aside(asked: Mapping[str, Any]) -> Command:
    return SetAside(*_row(asked))


_MEANT: Final[Mapping[str, Callable[[Mapping[str, Any]], Command]]] = {
    "decide": _decide,
    "undo": _undo,
    "tick": _tick,
    "aside": _set_aside,
}
"""What is tapped, by the last word of its address."""


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("commands", __name__)

    @pages.before_request
    def only_from_our_page() -> None:
        guard.require_own_page()

    @pages.post(f"/lanes/<lane>/<any({', '.join(_MEANT)}):what>")
    def tapped(lane: str, what: str) -> ResponseReturnValue:
        command = _MEANT[what](_asked(lane))
        try:
            return jsonify(passage=services.command(lane, command))
        except Refused as refused:
            return jsonify(refused=refused.why.value), 409

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

    return pages


def _row(asked: Mapping[str, Any]) -> tuple[int, int]:
    """The passage, and which of its rows stood on the screen."""
    passage, row = _number(asked, "passage"), _number(asked, "row")
    if passage is None or row is None:
        abort(400, 'send {"passage": id, "row": row}')
    return passage, row


def _number(asked: Mapping[str, Any], name: str) -> int | None:
    value = asked.get(name)
    if value is None:
        return None
    if type(value) is not int or not is_row_number(value):
        abort(400, f"{name} must be a whole number of at most {MAX_ROW}")
    return value
