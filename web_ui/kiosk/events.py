"""/events: first everything, then what changes, to every open page."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from web_ui import guard
from web_ui.kiosk.services import KioskServices, View
from web_ui.streams import EVENT_STREAM, Streams, Ticket

MOST_STREAMS = 8
MOST_OF_ONE_SESSION = 4
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


def blueprint(services: KioskServices, version: str) -> Blueprint:
    pages = Blueprint("events", __name__)
    streams = Streams(MOST_STREAMS, MOST_OF_ONE_SESSION)

    @pages.get("/events")
    def events() -> ResponseReturnValue:
        session_before = guard.session_id()
        page = {"token": guard.token(), "version": version, "evicted": False}
        return answer(stream(services, streams, session_before, page))

    return pages


def answer(events: Iterator[str]) -> Response:
    response = Response(events, mimetype=EVENT_STREAM)
    response.headers["Cache-Control"] = "no-store"
    return response


def stream(source: Source, streams: Streams, viewer: str, page: Mapping[str, Any]) -> Iterator[str]:
    """The topic "page" is for the page itself: its token, so that it survives a restart of the station, and its end."""
    ticket = streams.enter(viewer)
    try:
        yield "retry: 1000\n\n" + page_event(page, source.now())
        yield from _changes(source, streams, ticket)
        if not source.closed():
            yield page_event({**page, "evicted": True}, source.now())
    finally:
        streams.leave(ticket)


def page_event(page: Mapping[str, Any], now: datetime) -> str:
    return _event("page", {**page, "at": now.isoformat()})


def _changes(source: Source, streams: Streams, ticket: Ticket) -> Iterator[str]:
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
