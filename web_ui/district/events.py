"""/events: what the page that asks shows, first as it is, then as it changes. A page watches the nodes on its screen
and no others, and is told at most once a second: the cost is the screen's, however many stations there are."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from flask import Blueprint, Response, request, session
from flask.typing import ResponseReturnValue

from web_ui.district.access import LOGIN, visitor
from web_ui.district.errors import problem
from web_ui.district.services import DistrictServices, View

MOST_STREAMS = 24
MOST_WATCHED = 200
MOST_IN_NEED = 20
BEAT_SECONDS = 10.0
SLICE_SECONDS = 0.4  # the longest wait before a stream notices that the server stops
SLICES = 2  # between two looks
LEVEL, STATION, ATTENTION, CLOCK, ENDED = "level", "station", "attention", "clock", "ended"


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("events", __name__)
    places = threading.BoundedSemaphore(MOST_STREAMS)

    @pages.get("/events")
    def events() -> ResponseReturnValue:
        asked = request.args.getlist("watch")
        if len(asked) > MOST_WATCHED:
            return problem(400, f"watch at most {MOST_WATCHED} nodes", "watch")
        topics = [topic for topic in asked if _may_see(topic)]
        if not places.acquire(blocking=False):
            return problem(503, f"{MOST_STREAMS} pages are open already; close one")
        response = Response(_told(services, topics, _alive()), mimetype="text/event-stream")
        response.call_on_close(places.release)
        return response

    def _may_see(topic: str) -> bool:
        kind, _, name = topic.partition("/")
        if kind == STATION:
            return visitor().sees(services.placed(name))
        return kind == CLOCK or (kind in (LEVEL, ATTENTION) and visitor().sees(name.split("/")))

    def _alive() -> Callable[[], bool]:
        """Whether the visitor's session goes on. A wall view is there to be looked at and not to be clicked, so it
        prolongs its session by being open; any other page that is left open does not."""
        secret = session.get(LOGIN, "")
        ask = services.sessions.visitor if "wall" in request.args else services.sessions.look
        return lambda: not secret or ask(secret) is not None

    return pages


def _told(services: DistrictServices, topics: Sequence[str], alive: Callable[[], bool]) -> Iterator[str]:
    """Yields at least every slice, be it nothing. A beat finds a browser that has gone."""
    watch, pause, spoke = _Watch(services, topics), threading.Event(), time.monotonic()
    yield "retry: 1000\n\n"
    while not services.closed():
        yield "".join(_event(topic, view) for topic, view in watch.news().items())
        if time.monotonic() - spoke > BEAT_SECONDS:
            spoke = time.monotonic()
            if not alive():
                yield _event(ENDED, {})
                return
            yield ": beat\n\n"
        for _ in range(SLICES):
            pause.wait(SLICE_SECONDS)
            yield ""


class _Watch:
    """What one page has been told of the nodes on its screen."""

    def __init__(self, services: DistrictServices, topics: Sequence[str]) -> None:
        self._services = services
        self._topics = topics
        self._in_need = [topic for topic in topics if topic.startswith(f"{ATTENTION}/")]
        self._revision = 0
        self._told: dict[str, View] = {}

    def news(self) -> Mapping[str, View]:
        self._revision, fresh = self._services.tree.changes(self._topics, self._revision)
        news = dict(fresh)
        for topic in self._in_need:
            view = self._services.tree.attention(topic.partition("/")[2], MOST_IN_NEED)
            if self._told.get(topic) != view:
                self._told[topic] = news[topic] = view
        if CLOCK in self._topics:
            now = self._services.now().astimezone(self._services.zone)
            news[CLOCK] = {"at": now.isoformat(timespec="seconds")}
        return news


def _event(topic: str, view: View) -> str:
    return f"data: {json.dumps({'topic': topic, 'view': view}, ensure_ascii=False)}\n\n"
