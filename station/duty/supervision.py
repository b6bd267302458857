"""Supervisors who look at the station over the network: their number and PIN, and who came and went.

Beside the shifts, and with nothing of theirs: a wrong PIN that comes over the network locks nobody out at a lane. Their
sessions are kept by the view's process (``station.supervisor``), which is believed no further than it has to be: how
often it may try, and have written down, is bounded here as well, above what its own limits let through.
"""

import hashlib
import json
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import astuple

from station.domain.details import BadgeRole
from station.domain.events import Event
from station.domain.events.supervision import SupervisorRefused, SupervisorSignedIn, SupervisorSignedOut
from station.domain.roster import Member, Roster
from station.domain.supervision import SignInRefusal, SignInRefused, Supervisor
from station.duty.roster_file import is_pin
from station.duty.writing import EventWriter
from station.ledger import LedgerUnwritable
from station.pacing import RateLimit

LEAST_PIN_DIGITS = 6
"""Four digits do at a lane, where somebody stands; over the network they are too soon tried out."""
MAX_ROWS, ROW_INTERVAL_S = 300, 10.0
"""At once, and then one every so often. The view lets 120 wrong PINs an hour through."""
MAX_WRONG_PINS, WRONG_PIN_INTERVAL_S = 200, 24 * 3600 / 200
"""Of one number. The view lets 60 a day through, and 20 of each browser that is known."""


class Supervision:
    """Any thread may call any of it. One PIN is checked at a time: a flood of them waits, and the lanes do not."""

    def __init__(self, writer: EventWriter, roster: Callable[[], Roster]) -> None:
        self._writer, self._roster = writer, roster
        self._lock = threading.Lock()
        self._rows = RateLimit(MAX_ROWS, ROW_INTERVAL_S)
        self._wrong: dict[str, RateLimit] = defaultdict(lambda: RateLimit(MAX_WRONG_PINS, WRONG_PIN_INTERVAL_S))
        """By number of the roster."""

    def sign_in(self, number: str, pin: str, address: str) -> Supervisor:
        """Every answer is written down before it is given. :raises SignInRefused: nobody was signed in."""
        with self._lock:
            member = self._checked(number, pin, address)
            self._write(SupervisorSignedIn(member.number, address), member.number)
        return Supervisor(member.number, member.label, _fingerprint(member))

    def sign_out(self, fingerprint: str) -> None:
        """Of an entry that the roster has no more nothing is written. :raises SignInRefused: it could not be."""
        with self._lock:
            for member in self._supervisors():
                if _fingerprint(member) == fingerprint:
                    self._write(SupervisorSignedOut(member.number), member.number)

    def fingerprints(self) -> tuple[str, ...]:
        """Of every entry of the roster as it is now that may be signed in with."""
        return tuple(map(_fingerprint, self._supervisors()))

    def _supervisors(self) -> list[Member]:
        return [member for member in self._roster().values() if member.role is BadgeRole.SUPERVISOR]

    def _checked(self, number: str, pin: str, address: str) -> Member:
        member = self._roster().get(number)
        known = "" if member is None else number
        if known and self._wrong[known].is_exhausted(self._now()):
            raise SignInRefused(SignInRefusal.BUSY)
        if len(pin) < LEAST_PIN_DIGITS:
            raise self._refused(SupervisorRefused(known, SignInRefusal.SHORT_PIN, address))
        fits = is_pin(pin, "" if member is None else member.pin)
        if member is None or not fits:
            if known:
                self._wrong[known].take(self._now())
            raise self._refused(SupervisorRefused(known, SignInRefusal.WRONG_PIN, address))
        if member.role is not BadgeRole.SUPERVISOR:
            raise self._refused(SupervisorRefused(known, SignInRefusal.NOT_SUPERVISOR, address))
        return member

    def _refused(self, event: SupervisorRefused) -> SignInRefused:
        self._write(event)
        told = SignInRefusal.WRONG_PIN if event.reason is SignInRefusal.NOT_SUPERVISOR else event.reason
        return SignInRefused(told)

    def _write(self, event: Event, number: str = "") -> None:
        if not self._rows.take(self._now()):
            raise SignInRefused(SignInRefusal.BUSY)
        try:
            self._writer.write(event, operator=number)
        except LedgerUnwritable:
            raise SignInRefused(SignInRefusal.BUSY) from None

    def _now(self) -> float:
        return self._writer.now().monotonic


def _fingerprint(member: Member) -> str:
    """The PIN's hash is in it with its salt, which nobody but the station has."""
    return hashlib.sha256(json.dumps(astuple(member)).encode()).hexdigest()
