"""/events: first everything, then what changes, to every open page."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from web_ui.district.errors import problem
from web_ui.district.services import DistrictServices

MOST_STREAMS = 16  # each takes a thread of the server
BEAT_SECONDS = 10.0
SLICE_SECONDS = 0.4  # the longest wait before a stream notices that the server stops


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("events", __name__)
    places = threading.BoundedSemaphore(MOST_STREAMS)

    @pages.get("/events")
    def events() -> ResponseReturnValue:
        if not places.acquire(blocking=False):
            return problem(503, f"{MOST_STREAMS} pages are open already; close one")
        response = Response(_changes(services), mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-store"
        response.call_on_close(places.release)
        return response

    return pages


def _changes(services: DistrictServices) -> Iterator[str]:
    """Yields at least every slice, be it nothing. A beat finds a browser that has gone."""
    revision, spoke = 0, time.monotonic()
    yield "retry: 1000\n\n"
    while not services.closed():
        revision, fresh = services.changes(revision, SLICE_SECONDS)
        if fresh:
            yield "".join(_event(topic, view, revision) for topic, view in fresh.items())
        elif time.monotonic() - spoke > BEAT_SECONDS:
            yield ": beat\n\n"
        else:
            yield ""
            continue
        spoke = time.monotonic()


def _event(topic: str, view: Mapping[str, Any], revision: int) -> str:
    return f"id: {revision}\ndata: {json.dumps({'topic': topic, 'view': view}, ensure_ascii=False)}\n\n"
