"""/api/v1/openapi.json: what the API takes and answers, for programs that read such things."""

from importlib.metadata import version
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from web_ui.district import openapi_duty
from web_ui.district.api import LEVELS_A_PAGE
from web_ui.district.downloads import FORMS
from web_ui.district.openapi_parts import NEXT, NUMBER, TIME, WORD, an_object, get, in_path, in_query, list_of, pages
from web_ui.district.services import DistrictServices
from web_ui.text import LANGUAGES

_COUNTED = ("passages", "vehicles", "persons", "granted", "held", "denied")
_KEYS = ("station", "lane", "hour", "day", "origin", "kind")


def blueprint(services: DistrictServices) -> Blueprint:
    document = Blueprint("openapi", __name__)

    @document.get("/api/v1/openapi.json")
    def openapi() -> ResponseReturnValue:
        return jsonify(_document(services.groupings))

    return document


def _document(groupings: tuple[str, ...]) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Checkpoint hub", "version": version("checkpoint-station")},
        "paths": {
            "/api/v1/stations": {
                "get": get("Every station with its state and backlog", "Stations", pages("everything"), ["400"])
            },
            "/api/v1/levels": {
                "get": get("Every level with its counts of the local day", "Levels", pages(LEVELS_A_PAGE), ["400"])
            },
            "/api/v1/boards": {"get": get("Every board with its counts of the local day", "Boards", [], [])},
            "/api/v1/levels/{path}/daily": {
                "get": get("A level's tables of a day", "Daily", _daily_takes(), ["400", "404"])
            },
            "/api/v1/levels/{path}/counts": {
                "get": get("Totals of every station under a level", "Counts", _parameters(groupings), ["400", "404"])
            },
            **openapi_duty.paths(),
        },
        "components": {
            "schemas": {
                "Stations": _stations(),
                "Levels": _levels(),
                "Boards": _boards(),
                "Counts": _counts(),
                "Daily": _daily(),
                **openapi_duty.schemas(),
                "Error": _error(),
            }
        },
    }


def _parameters(groupings: tuple[str, ...]) -> list[dict[str, Any]]:
    when = "A date (its local midnight) or a time with its offset"
    return [
        in_path("path", "Level names from the district down, joined by /"),
        in_query("from", f"{when}; today unless given", WORD),
        in_query("to", f"{when}, not included; the day after from unless given", WORD),
        in_query("by", "What the rows are", {"enum": list(groupings), "default": groupings[0]}),
    ]


def _daily_takes() -> list[dict[str, Any]]:
    forms = {"enum": list(FORMS), "default": "json"}
    languages = {"enum": list(LANGUAGES), "default": "zh"}
    return [
        in_path("path", "Level names from the district down, joined by /"),
        in_query("day", "A local day like 2026-03-01; today unless given", WORD),
        in_query("form", "What is answered: JSON, or a file", forms),
        in_query("language", "In which the tables are written", languages),
    ]


def _daily() -> dict[str, Any]:
    cells = list_of({"type": ["string", "integer"]})
    table = {
        "title": WORD,
        "columns": list_of(WORD),
        "rows": list_of(cells),
        "total": {"type": "boolean", "description": "The last row sums up the others"},
    }
    tables = list_of(an_object(table))
    return an_object({"title": WORD, "lines": list_of(WORD), "tables": tables})


def _stations() -> dict[str, Any]:
    words = list_of(WORD)
    station = {
        "id": WORD,
        "name": WORD,
        "levels": words,
        "lanes": words,
        "state": {"enum": ["online", "offline", "lost", "stale", "unknown"]},
        "last_seen": {"type": ["string", "null"], "format": "date-time"},
        "backlog": {**NUMBER, "description": "Rows of the station's ledger that the hub knows of and lacks"},
        "clock": WORD,
        "software": WORD,
        "lists": {
            "type": "object",
            "additionalProperties": NUMBER,
            "description": "Which version of each signed list the station holds",
        },
        "shared": {"type": "boolean", "description": "Two machines use the station's name at a time"},
        "moved_at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "Since when the station is on another machine than before",
        },
        "regressed": {"type": "boolean", "description": "An old card was put back into the station"},
        "stated_levels": {**words, "description": "Where the station says itself that it stands"},
        "misplaced": {
            "type": "boolean",
            "description": "The registry says otherwise; levels is what the registry says",
        },
        "implausible": {"type": "boolean", "description": "Numbers are stored that no ledger can have"},
        "set_aside": {
            "type": "array",
            "description": "Messages that could not be stored, by topic and reason",
            "items": an_object({"topic": WORD, "messages": NUMBER, "reason": WORD, "first_at": TIME, "last_at": TIME}),
        },
        "faults": {**words, "description": "What the station says is wrong with it, such as ledger_set_aside"},
        "updates": {
            "type": "array",
            "description": "What became of the last releases it was given, the newest last",
            "items": an_object({"file": WORD, "outcome": WORD, "reason": WORD, "at": TIME}),
        },
        "bad_messages": NUMBER,
        "bad": {
            "type": "array",
            "items": an_object({"topic": WORD, "messages": NUMBER, "last_error": WORD, "last_at": TIME}),
        },
    }
    return an_object({"stations": list_of(an_object(station)), "next": NEXT})


def _levels() -> dict[str, Any]:
    by_word = {"type": "object", "additionalProperties": NUMBER}
    level = {
        "path": {**WORD, "description": "Names from the district down, joined by /"},
        "zh": {**WORD, "description": "Title in Chinese; empty where the registry has none"},
        "en": {**WORD, "description": "Title in English"},
        "levels": {**NUMBER, "description": "How many levels are right beneath"},
        "stations": {**NUMBER, "description": "How many stations are anywhere beneath"},
        "states": {**by_word, "description": "These stations by state"},
        **dict.fromkeys((*_COUNTED, "crossings", "unmatched", "backlog"), NUMBER),
        "at": TIME,
        "attention": {**by_word, "description": "Stations that need attention, by reason"},
    }
    return an_object({"levels": list_of(an_object(level)), "next": NEXT})


def _boards() -> dict[str, Any]:
    board = {
        "number": WORD,
        "kind": {"enum": ["road", "bus"]},
        "station": WORD,
        "lane": WORD,
        "position": WORD,
        "scans": {**NUMBER, "description": "How often its code was opened today"},
        "declarations": {**NUMBER, "description": "How often somebody declared with it today"},
    }
    return an_object({"boards": list_of(an_object(board))})


def _counts() -> dict[str, Any]:
    sums = dict.fromkeys(_COUNTED, NUMBER)
    row = {"type": "object", "properties": {**dict.fromkeys(_KEYS, WORD), **sums}, "required": list(_COUNTED)}
    rows = list_of(row)
    return an_object({"level": WORD, "from": TIME, "to": TIME, "rows": rows, "unknown_time": an_object(sums)})


def _error() -> dict[str, Any]:
    return {"type": "object", "properties": {"error": WORD, "parameter": WORD}, "required": ["error"]}
