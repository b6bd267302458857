"""/events: what the page that asks shows, first as it is, then as it changes. A page watches the nodes on its screen
and no others, and is told at most once a second: the cost is the screen's, however many stations there are."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from flask import Blueprint, Response, request, session
from flask.typing import ResponseReturnValue

from web_ui.district.access import LOGIN, by, visitor
from web_ui.district.errors import problem
from web_ui.district.services import DistrictServices, View
from web_ui.streams import EVENT_STREAM, Pause, Streams, Ticket

MOST_STREAMS = 192
MOST_OF_ONE_ACCOUNT = 6  # as many as a browser opens to one server
MOST_OF_ONE_ADDRESS = 24  # where nobody logs in
MOST_WATCHED = 200
MOST_IN_NEED = 20
BEAT_SECONDS = 10.0
LOOK_SECONDS = 0.8  # between two looks
LEVEL, STATION, ATTENTION, CLOCK, ENDED = "level", "station", "attention", "clock", "ended"


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("events", __name__)
    streams = Streams(MOST_STREAMS, MOST_OF_ONE_ACCOUNT)

    @pages.get("/events")
    def events() -> ResponseReturnValue:
        asked = request.args.getlist("watch")
        if len(asked) > MOST_WATCHED:
            return problem(400, f"watch at most {MOST_WATCHED} nodes", "watch")
        topics = [topic for topic in asked if _may_see(topic)]
        ticket = _entered()
        if ticket is None:
            return _refused()
        response = Response(_told(services, topics, _alive()), mimetype=EVENT_STREAM)
        response.call_on_close(lambda: streams.leave(ticket))
        return response

    def _entered() -> Ticket | None:
        """The newest is refused and comes again: were the oldest to give way, seven open pages would take turns."""
        if visitor().name:
            return streams.enter_if_room(f"account {visitor().name}")
        return streams.enter_if_room(f"address {by().address}", MOST_OF_ONE_ADDRESS)

    def _refused() -> ResponseReturnValue:
        if streams.has_room:
            return problem(429, "您打开的页面过多，请关闭一些 / you have too many pages open; close some")
        return problem(503, "打开的页面过多，请稍后再试 / too many pages are open; try again later")

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


def _told(services: DistrictServices, topics: Sequence[str], alive: Callable[[], bool]) -> Iterator[bytes]:
    """Looks, and pauses. A beat finds a browser that has gone."""
    watch, spoke = _Watch(services, topics), time.monotonic()
    yield b"retry: 1000\n\n"
    while not services.closed():
        yield b"".join(_event(topic, view) for topic, view in watch.news().items())
        if time.monotonic() - spoke > BEAT_SECONDS:
            spoke = time.monotonic()
            if not alive():
                yield _event(ENDED, {})
                return
            yield b": beat\n\n"
        yield Pause.of(LOOK_SECONDS)


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


def _event(topic: str, view: View) -> bytes:
    return f"data: {json.dumps({'topic': topic, 'view': view}, ensure_ascii=False)}\n\n".encode()
