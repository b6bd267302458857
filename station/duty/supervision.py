"""Supervisors who look at the station over the network: signing in with number and PIN, and sessions that end.

Beside the shifts, and with nothing of theirs: a wrong PIN that comes over the network locks nobody out at a lane.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from station.domain.details import BadgeRole
from station.domain.events import Event
from station.domain.events.supervision import SupervisorRefused, SupervisorSignedIn, SupervisorSignedOut
from station.domain.roster import Member, Roster
from station.domain.supervision import SignInRefusal, SignInRefused, Supervisor
from station.duty.roster_file import is_pin
from station.duty.writing import EventWriter
from station.ledger import LedgerUnwritable

LEAST_PIN_DIGITS = 6
"""Four digits do at a lane, where somebody stands; over the network they are too soon tried out."""
MOST_SESSIONS = 16


@dataclass(slots=True)
class _Session:
    member: Member
    began: float
    seen: float


class Supervision:
    """Any thread may call any of it. One PIN is checked at a time: a flood of them waits, and the lanes do not."""

    def __init__(self, writer: EventWriter, roster: Callable[[], Roster], idle: timedelta, longest: timedelta) -> None:
        """:param idle: a session ends so long after its last request, and after ``longest`` anyhow."""
        self._writer, self._roster = writer, roster
        self._idle, self._longest = idle.total_seconds(), longest.total_seconds()
        self._checking, self._lock = threading.Lock(), threading.Lock()
        self._sessions: dict[str, _Session] = {}

    def sign_in(self, number: str, pin: str, address: str) -> str:
        """Every answer is written down before it is given.

        :return: the secret of a new session.
        :raises SignInRefused: nobody was signed in.
        """
        with self._checking:
            member = self._checked(number, pin, address)
        self._write(SupervisorSignedIn(member.number, address), member.number)
        secret, now = secrets.token_urlsafe(32), self._now()
        with self._lock:
            kept = [(known, one) for known, one in self._sessions.items() if self._is_open(one, now)]
            self._sessions = dict(kept[-MOST_SESSIONS + 1 :]) | {secret: _Session(member, now, now)}
        return secret

    def supervisor(self, secret: str) -> Supervisor | None:
        """Whose session it is, which this prolongs; None once it has ended."""
        return self._whose(secret, self._now())

    def look(self, secret: str) -> Supervisor | None:
        """Whose session it is, and nothing is prolonged."""
        return self._whose(secret)

    def sign_out(self, secret: str) -> None:
        """:raises SignInRefused: the session has ended, and that could not be written down."""
        with self._lock:
            ended = self._sessions.pop(secret, None)
        if ended is not None:
            self._write(SupervisorSignedOut(ended.member.number), ended.member.number)

    def _checked(self, number: str, pin: str, address: str) -> Member:
        member = self._roster().get(number)
        known = "" if member is None else number
        if len(pin) < LEAST_PIN_DIGITS:
            raise self._refused(SupervisorRefused(known, SignInRefusal.SHORT_PIN, address))
        fits = is_pin(pin, "" if member is None else member.pin)
        if member is None or not fits:
            raise self._refused(SupervisorRefused(known, SignInRefusal.WRONG_PIN, address))
        if member.role is not BadgeRole.SUPERVISOR:
            raise self._refused(SupervisorRefused(known, SignInRefusal.NOT_SUPERVISOR, address))
        return member

    def _refused(self, event: SupervisorRefused) -> SignInRefused:
        self._write(event)
        told = SignInRefusal.WRONG_PIN if event.reason is SignInRefusal.NOT_SUPERVISOR else event.reason
        return SignInRefused(told)

    def _whose(self, secret: str, seen: float | None = None) -> Supervisor | None:
        with self._lock:
            session = self._sessions.get(secret)
            if session is None or not self._is_open(session, self._now()):
                self._sessions.pop(secret, None)
                return None
            session.seen = session.seen if seen is None else seen
            return Supervisor(session.member.number, session.member.label)

    def _is_open(self, session: _Session, now: float) -> bool:
        """A member who is no longer the one that signed in, by role or by PIN, is out at once."""
        in_time = now - session.seen <= self._idle and now - session.began <= self._longest
        return in_time and self._roster().get(session.member.number) == session.member

    def _write(self, event: Event, number: str = "") -> None:
        try:
            self._writer.write(event, operator=number)
        except LedgerUnwritable:
            raise SignInRefused(SignInRefusal.BUSY) from None

    def _now(self) -> float:
        return self._writer.now().monotonic
