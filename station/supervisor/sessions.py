"""The sessions of supervisors who look over the network, and when they end."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from station.domain.supervision import SignInRefusal, SignInRefused, StationUnavailable, Supervisor

MAX_SESSIONS = 16


class SignInService(Protocol):
    """The station, which checks PINs and writes down who comes and goes. Both raise ``SignInRefused`` and
    ``StationUnavailable``."""

    def sign_in(self, number: str, pin: str, address: str) -> Supervisor: ...

    def sign_out(self, fingerprint: str) -> None: ...


@dataclass(slots=True)
class _Session:
    supervisor: Supervisor
    began: float
    seen: float


class Sessions:
    """Any thread may call any of it."""

    def __init__(
        self,
        service: SignInService,
        is_member: Callable[[str, float], bool],
        idle: timedelta,
        longest: timedelta,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        :param is_member: whether the roster has an entry with this fingerprint; of what was read of it before that
            time of ``clock`` nothing counts.
        :param idle: a session ends so long after its last request, and after ``longest`` anyhow.
        """
        self._service, self._is_member, self._clock = service, is_member, clock
        self._idle, self._longest = idle.total_seconds(), longest.total_seconds()
        self._lock = threading.Lock()
        self._sessions: dict[str, _Session] = {}

    def sign_in(self, number: str, pin: str, address: str) -> str:
        """Every answer is in the ledger before it is given.

        :return: the secret of a new session.
        :raises SignInRefused: nobody was signed in.
        """
        try:
            supervisor = self._service.sign_in(number, pin, address)
        except StationUnavailable:
            raise SignInRefused(SignInRefusal.UNAVAILABLE) from None
        secret, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            kept = [(known, one) for known, one in self._sessions.items() if self._is_open(one, now)]
            self._sessions = dict(kept[-MAX_SESSIONS + 1 :]) | {secret: _Session(supervisor, now, now)}
        return secret

    def supervisor(self, secret: str) -> Supervisor | None:
        """Whose session it is, which this prolongs; None once it has ended."""
        return self._whose(secret, prolong=True)

    def look(self, secret: str) -> Supervisor | None:
        """Whose session it is, and nothing is prolonged."""
        return self._whose(secret, prolong=False)

    def sign_out(self, secret: str) -> None:
        """:raises SignInRefused: the session has ended, and that could not be written down."""
        with self._lock:
            ended = self._sessions.pop(secret, None)
        if ended is None:
            return
        try:
            self._service.sign_out(ended.supervisor.fingerprint)
        except StationUnavailable:
            raise SignInRefused(SignInRefusal.UNAVAILABLE) from None

    def _whose(self, secret: str, *, prolong: bool) -> Supervisor | None:
        now = self._clock()
        with self._lock:
            session = self._sessions.get(secret)
            if session is None or not self._is_open(session, now):
                self._sessions.pop(secret, None)
                return None
            if prolong:
                session.seen = now
            return session.supervisor

    def _is_open(self, session: _Session, now: float) -> bool:
        """A member who is no longer the one that signed in, by role or by PIN, is out at once."""
        in_time = now - session.seen <= self._idle and now - session.began <= self._longest
        return in_time and self._is_member(session.supervisor.fingerprint, session.began)
