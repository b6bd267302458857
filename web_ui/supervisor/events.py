"""/events: the kiosk's stream as supervisors may hear it, until their session ends."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, session
from flask.typing import ResponseReturnValue

from web_ui.kiosk.events import answer, page_event, stream
from web_ui.kiosk.services import View
from web_ui.streams import Streams
from web_ui.supervisor.access import SIGN_IN
from web_ui.supervisor.services import SupervisorServices

MOST_STREAMS = 16
MOST_OF_ONE_SUPERVISOR = 4


@dataclass(frozen=True, slots=True)
class _Watched:
    changes: Callable[[int, float], tuple[int, Mapping[str, View]]]
    closed: Callable[[], bool]
    now: Callable[[], datetime]


def blueprint(services: SupervisorServices) -> Blueprint:
    pages = Blueprint("events", __name__)
    streams = Streams(MOST_STREAMS, MOST_OF_ONE_SUPERVISOR)

    @pages.get("/events")
    def events() -> ResponseReturnValue:
        """Without a session nothing but that it has ended: a page that is open hears it and asks to sign in."""
        return answer(_watched(services, streams, session.get(SIGN_IN, "")))

    def _watched(services: SupervisorServices, streams: Streams, secret: str) -> Iterator[str]:
        def signed_in() -> bool:
            return services.door.look(secret) is not None

        supervisor = services.door.look(secret)
        if supervisor is not None:
            source = _Watched(services.changes, lambda: services.closed() or not signed_in(), services.now)
            yield from stream(source, streams, supervisor.number, {"evicted": False, "ended": False})
        if not services.closed() and not signed_in():
            yield page_event({"evicted": False, "ended": True}, services.now())

    return pages
