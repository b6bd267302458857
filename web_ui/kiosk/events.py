"""/events: first everything, then what changes, to every open page."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from web_ui import guard
from web_ui.kiosk.services import KioskServices, View

MOST_STREAMS = 8
BEAT_SECONDS = 2.0
SLICE_SECONDS = 0.4  # the longest wait before a stream notices that it was evicted or that the server stops


class Source(Protocol):
    """What a stream is fed from: ``changes`` has the semantics of ``station.feed.Feed``."""

    @property
    def changes(self) -> Callable[[int, float], tuple[int, Mapping[str, View]]]: ...

    @property
    def closed(self) -> Callable[[], bool]: ...

    @property
    def now(self) -> Callable[[], datetime]: ...


class Streams:
    """The open streams. A new one evicts the oldest when there are too many, so a reload never locks a page out."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self._open: deque[object] = deque(maxlen=most)
        self._lock = threading.Lock()

    def enter(self) -> object:
        ticket = object()
        with self._lock:
            self._open.append(ticket)
        return ticket

    def leave(self, ticket: object) -> None:
        with self._lock:
            if ticket in self._open:
                self._open.remove(ticket)

    def holds(self, ticket: object) -> bool:
        with self._lock:
            return ticket in self._open


def blueprint(services: KioskServices, version: str) -> Blueprint:
    pages = Blueprint("events", __name__)
    streams = Streams()

    @pages.get("/events")
    def events() -> ResponseReturnValue:
        page = {"token": guard.token(), "version": version, "evicted": False}
        return answer(stream(services, streams, page))

    return pages


def answer(events: Iterator[str]) -> Response:
    response = Response(events, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    return response


def stream(source: Source, streams: Streams, page: Mapping[str, Any]) -> Iterator[str]:
    """The topic "page" is for the page itself: its token, so that it survives a restart of the station, and its end."""
    ticket = streams.enter()
    try:
        yield "retry: 1000\n\n" + page_event(page, source.now())
        yield from _changes(source, streams, ticket)
        if not source.closed():
            yield page_event({**page, "evicted": True}, source.now())
    finally:
        streams.leave(ticket)


def page_event(page: Mapping[str, Any], now: datetime) -> str:
    return _event("page", {**page, "at": now.isoformat()})


def _changes(source: Source, streams: Streams, ticket: object) -> Iterator[str]:
    """Yields at least every slice, be it nothing. A beat finds a dead browser, and tells a live one that we live."""
    revision, spoke = 0, time.monotonic()
    while not source.closed() and streams.holds(ticket):
        revision, fresh = source.changes(revision, SLICE_SECONDS)
        if fresh:
            yield "".join(_event(topic, view, revision) for topic, view in fresh.items())
        elif time.monotonic() - spoke > BEAT_SECONDS - SLICE_SECONDS:
            yield ": beat\n" + _event("beat", {"at": source.now().isoformat()})
        else:
            yield ""
            continue
        spoke = time.monotonic()


def _event(topic: str, view: Mapping[str, Any], revision: int | None = None) -> str:
    number = "" if revision is None else f"id: {revision}\n"
    return f"{number}data: {json.dumps({'topic': topic, 'view': view}, ensure_ascii=False)}\n\n"
