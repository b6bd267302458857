"""Bounds that every request is held to before a page sees it, the same on every application.

A request beyond them is answered with 400 or 413, never with an error of a page: too long a body, too many fields, text
that no store can hold, JSON that is too deep, says no number or holds such text.
"""

import json
from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider

from station.domain.bounds import is_storable

MAX_FIELDS = 1000
MAX_JSON_DEPTH = 32
_UNSTORABLE = "the request holds characters that are no text: control characters or half a surrogate pair"


class BoundedJson(DefaultJSONProvider):
    """JSON as the standard has it (RFC 8259), not deeper than ``MAX_JSON_DEPTH``. What is beyond raises ValueError,
    which Flask answers with 400. What is answered keeps its characters and its order."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """:raises ValueError: it is no JSON, or beyond the bounds."""
        try:
            found = json.loads(s, parse_constant=_refuse_constant, **kwargs)
        except RecursionError:
            raise ValueError("the JSON is too deep") from None
        for text in _texts(found):
            if not is_storable(text):
                raise ValueError(_UNSTORABLE)
        return found


def bound_requests(app: Flask, max_bytes: int) -> None:
    """Hold every request to the bounds. Call it before anything else looks at a request.

    :param max_bytes: the longest body.
    """
    app.config.update(MAX_CONTENT_LENGTH=max_bytes, MAX_FORM_MEMORY_SIZE=max_bytes, MAX_FORM_PARTS=MAX_FIELDS)
    app.json = BoundedJson(app)

    @app.before_request
    def refuse_what_is_beyond() -> None:
        if max(len(request.args), len(request.form)) > MAX_FIELDS:
            abort(413, f"send at most {MAX_FIELDS} fields")
        if not all(map(is_storable, _request_texts())):
            abort(400, _UNSTORABLE)


def _request_texts() -> Iterator[str]:
    yield request.path
    for fields in (request.args, request.form):
        for name, values in fields.lists():
            yield name
            yield from values
    yield from (part.filename or "" for part in request.files.values())


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _texts(found: Any) -> Iterator[str]:
    """Every text of what JSON said, names included, without recursion.

    :raises ValueError: it is too deep.
    """
    waiting = [(found, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_JSON_DEPTH:
            raise ValueError("the JSON is too deep")
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value
            waiting += [(each, depth + 1) for each in value.values()]
        elif isinstance(value, list):
            waiting += [(each, depth + 1) for each in value]
