"""/api/v1/openapi.json: what the API takes and answers, for programs that read such things."""

from importlib.metadata import version
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from web_ui.district import paging
from web_ui.district.api import LEVELS_A_PAGE
from web_ui.district.downloads import FORMS
from web_ui.district.services import DistrictServices
from web_ui.text import LANGUAGES

_COUNTED = ("passages", "vehicles", "persons", "granted", "held", "denied")
_KEYS = ("station", "lane", "hour", "day", "origin", "kind")
_WORD = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_NUMBER = {"type": "integer", "minimum": 0}
_NEXT = {"type": ["string", "null"], "description": "The cursor of the following page; null on the last"}


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("openapi", __name__)

    @pages.get("/api/v1/openapi.json")
    def openapi() -> ResponseReturnValue:
        return jsonify(_document(services.groupings))

    return pages


def _document(groupings: tuple[str, ...]) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Checkpoint hub", "version": version("checkpoint-station")},
        "paths": {
            "/api/v1/stations": {
                "get": _get("Every station with its state and backlog", "Stations", _pages("everything"), ["400"])
            },
            "/api/v1/levels": {
                "get": _get("Every level with its counts of the local day", "Levels", _pages(LEVELS_A_PAGE), ["400"])
            },
            "/api/v1/boards": {"get": _get("Every board with its counts of the local day", "Boards", [], [])},
            "/api/v1/levels/{path}/daily": {
                "get": _get("A level's tables of a day", "Daily", _daily_takes(), ["400", "404"])
            },
            "/api/v1/levels/{path}/counts": {
                "get": _get("Totals of every station under a level", "Counts", _parameters(groupings), ["400", "404"])
            },
        },
        "components": {
            "schemas": {
                "Stations": _stations(),
                "Levels": _levels(),
                "Boards": _boards(),
                "Counts": _counts(),
                "Daily": _daily(),
                "Error": _error(),
            }
        },
    }


def _get(summary: str, schema: str, parameters: list[dict[str, Any]], errors: list[str]) -> dict[str, Any]:
    responses = {code: _response("Error", "What is wrong and what to do") for code in ("403", *errors)}
    return {
        "summary": summary,
        "operationId": schema.lower(),
        "parameters": parameters,
        "responses": {"200": _response(schema, summary), **dict(sorted(responses.items()))},
    }


def _response(schema: str, description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _parameters(groupings: tuple[str, ...]) -> list[dict[str, Any]]:
    when = "A date (its local midnight) or a time with its offset"
    return [
        _parameter("path", "path", "Level names from the district down, joined by /", _WORD, required=True),
        _parameter("from", "query", f"{when}; today unless given", _WORD),
        _parameter("to", "query", f"{when}, not included; the day after from unless given", _WORD),
        _parameter("by", "query", "What the rows are", {"enum": list(groupings), "default": groupings[0]}),
    ]


def _pages(unless: object) -> list[dict[str, Any]]:
    number = {"type": "integer", "minimum": 1, "maximum": paging.MOST}
    return [
        _parameter("limit", "query", f"At most so many; unless given, {unless}", number),
        _parameter("cursor", "query", "next of the page before: what follows it, whatever came or went", _WORD),
    ]


def _parameter(
    name: str, where: str, description: str, schema: dict[str, Any], required: bool = False
) -> dict[str, Any]:
    return {"name": name, "in": where, "description": description, "required": required, "schema": schema}


def _daily_takes() -> list[dict[str, Any]]:
    forms = {"enum": list(FORMS), "default": "json"}
    languages = {"enum": list(LANGUAGES), "default": "zh"}
    return [
        _parameter("path", "path", "Level names from the district down, joined by /", _WORD, required=True),
        _parameter("day", "query", "A local day like 2026-03-01; today unless given", _WORD),
        _parameter("form", "query", "What is answered: JSON, or a file", forms),
        _parameter("language", "query", "In which the tables are written", languages),
    ]


def _daily() -> dict[str, Any]:
    cells = {"type": "array", "items": {"type": ["string", "integer"]}}
    table = {
        "title": _WORD,
        "columns": {"type": "array", "items": _WORD},
        "rows": {"type": "array", "items": cells},
        "total": {"type": "boolean", "description": "The last row sums up the others"},
    }
    tables = {"type": "array", "items": _object(table)}
    return _object({"title": _WORD, "lines": {"type": "array", "items": _WORD}, "tables": tables})


def _stations() -> dict[str, Any]:
    words = {"type": "array", "items": _WORD}
    station = {
        "id": _WORD,
        "name": _WORD,
        "levels": words,
        "lanes": words,
        "state": {"enum": ["online", "offline", "lost", "stale", "unknown"]},
        "last_seen": {"type": ["string", "null"], "format": "date-time"},
        "backlog": {**_NUMBER, "description": "Rows of the station's ledger that the hub knows of and lacks"},
        "clock": _WORD,
        "software": _WORD,
        "lists": {
            "type": "object",
            "additionalProperties": _NUMBER,
            "description": "Which version of each signed list the station holds",
        },
        "regressed": {"type": "boolean", "description": "An old card was put back into the station"},
        "bad_messages": _NUMBER,
        "bad": {
            "type": "array",
            "items": _object({"topic": _WORD, "messages": _NUMBER, "last_error": _WORD, "last_at": _TIME}),
        },
    }
    return _object({"stations": {"type": "array", "items": _object(station)}, "next": _NEXT})


def _levels() -> dict[str, Any]:
    by_word = {"type": "object", "additionalProperties": _NUMBER}
    level = {
        "path": {**_WORD, "description": "Names from the district down, joined by /"},
        "zh": {**_WORD, "description": "Title in Chinese; empty where the registry has none"},
        "en": {**_WORD, "description": "Title in English"},
        "levels": {**_NUMBER, "description": "How many levels are right beneath"},
        "stations": {**_NUMBER, "description": "How many stations are anywhere beneath"},
        "states": {**by_word, "description": "These stations by state"},
        **dict.fromkeys((*_COUNTED, "crossings", "unmatched", "backlog"), _NUMBER),
        "at": _TIME,
        "attention": {**by_word, "description": "Stations that need attention, by reason"},
    }
    return _object({"levels": {"type": "array", "items": _object(level)}, "next": _NEXT})


def _boards() -> dict[str, Any]:
    board = {
        "number": _WORD,
        "kind": {"enum": ["road", "bus"]},
        "station": _WORD,
        "lane": _WORD,
        "position": _WORD,
        "scans": {**_NUMBER, "description": "How often its code was opened today"},
        "declarations": {**_NUMBER, "description": "How often somebody declared with it today"},
    }
    return _object({"boards": {"type": "array", "items": _object(board)}})


def _counts() -> dict[str, Any]:
    sums = dict.fromkeys(_COUNTED, _NUMBER)
    row = {"type": "object", "properties": {**dict.fromkeys(_KEYS, _WORD), **sums}, "required": list(_COUNTED)}
    rows = {"type": "array", "items": row}
    return _object({"level": _WORD, "from": _TIME, "to": _TIME, "rows": rows, "unknown_time": _object(sums)})


def _error() -> dict[str, Any]:
    return {"type": "object", "properties": {"error": _WORD, "parameter": _WORD}, "required": ["error"]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}
