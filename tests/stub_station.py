"""A station's socket for supervisors, over answers that a test gives, on a thread that a test may stop and start."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from waiting import until

from station.domain.condition import Condition, Part, PartView
from station.domain.details import BadgeRole
from station.domain.incidents import IncidentView
from station.domain.roster import TeamView
from station.domain.rounds import HourCounts
from station.domain.shift_figures import LaneFigures
from station.domain.shifts import OnDuty
from station.domain.supervision import HandOverView, SignInRefusal, SignInRefused, StationUnavailable, Supervisor
from station.supervisor.client import StationClient
from station.supervisor.protocol import Reply, Request
from station.supervisor.request_handler import RequestHandler
from station.supervisor.socket_server import SocketServer

AT = "2026-03-02T04:00:00.000Z"
ON_DUTY = OnDuty("0107", "王**", "B", BadgeRole.OPERATOR, AT, 1, ("1", "2"))
TEAM = TeamView("B", 4, 2, enough=False)
HAND_OVER = HandOverView(AT, "0107", "0108", "", (LaneFigures("1", 120), LaneFigures("2")))
INCIDENT = IncidentView("incident1", "fever", "serious", "1", AT, AT, "38.4")
HOUR = HourCounts("1", 8, 70, 2, 1)
PART = PartView(Part.KEYS, False, Condition.KEYS_EXPIRED, {"count": 2, "expired": 1})
NUMBER, PIN, FINGERPRINT = "0501", "258036", "f" * 64
SUPERVISOR = Supervisor(NUMBER, "李**", FINGERPRINT)


class StubStation:
    """Knows one supervisor. ``signed`` is what it was asked to write down."""

    def __init__(self, path: Path) -> None:
        self.path, self.client = path, StationClient(path)
        self.topics: dict[str, dict[str, Any]] = {"rounds": {"due_at": AT}}
        self.supervisors = [FINGERPRINT]
        self.signed: list[tuple[str, ...]] = []
        self.handler = RequestHandler(
            topics=lambda: self.topics,
            supervisors=lambda: self.supervisors,
            on_duty=lambda: [ON_DUTY],
            teams=lambda: [TEAM],
            hand_overs=lambda: [HAND_OVER],
            incidents=lambda: [INCIDENT],
            hours=lambda: [HOUR],
            parts=lambda: [PART],
            sign_in=self._sign_in,
            sign_out=lambda fingerprint: self.signed.append(("out", fingerprint)),
        )
        self._ended = threading.Event()

    def give(self, **answers: Callable[..., Any]) -> None:
        self.handler = replace(self.handler, **answers)

    def start(self) -> None:
        """Serve until ``stop``."""
        self._ended.clear()
        self.server = SocketServer(self.path, lambda request: self._answer(request), self._ended.wait)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        until(self._is_answering)

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(10)
        assert not self._thread.is_alive()
        self.server.close()

    def _is_answering(self) -> bool:
        try:
            self.client.live()
        except StationUnavailable:
            return False
        return True

    def _answer(self, request: Request) -> Reply:
        return self.handler(request)

    def _serve(self) -> None:
        while not self._ended.is_set():
            self.server.step()

    def _sign_in(self, number: str, pin: str, address: str) -> Supervisor:
        self.signed.append(("in", number, address))
        if (number, pin) != (NUMBER, PIN):
            raise SignInRefused(SignInRefusal.WRONG_PIN)
        return SUPERVISOR
