"""Disinfection rounds with their timer, goods kept at the gate, people handed to a waiting car."""

import threading
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from zoneinfo import ZoneInfo

from station.domain.commands import Refusal, Refused
from station.domain.event_rows import Recorded
from station.domain.events import Event
from station.domain.events.rounds import DeliveryCollected, DeliveryLeft, Disinfected, HandedToCar, Vulnerable
from station.domain.rounds import DeliveryView, RoundView, Waiting, after
from station.domain.times import utc_text
from station.duty.writing import EventWriter
from station.feed import Feed
from station.ledger import Events, LedgerUnwritable

TOPIC = "rounds"
MOST_WAITING = 1000
KEPT = timedelta(hours=36)


class Rounds:
    """From any thread. ``every`` is the time between two disinfection rounds; None asks for none."""

    def __init__(
        self, writer: EventWriter, events: Events, every: timedelta | None, zone: ZoneInfo, feed: Feed
    ) -> None:
        self._writer, self._every, self._zone, self._feed = writer, every, zone, feed
        self._lock = threading.Lock()
        self._rounds: list[Recorded] = []
        self._handed: list[Recorded] = []
        self._waiting: Waiting = {}
        for row in events.of((Disinfected, DeliveryLeft, DeliveryCollected, HandedToCar)):
            self._hold(row)
        self._show()

    # Disinfection

    def disinfected(self, round_id: str, lanes: Sequence[str], operator: str) -> None:
        """:raises Refused: it could not be written down."""
        with self._lock:
            if not any(_names(row, round_id) for row in self._rounds):
                self._write(Disinfected(round_id, tuple(lanes)), operator)
        self._show()

    @property
    def round(self) -> RoundView:
        today = sum(self._is_today(row) for row in self._rounds)
        if not self._rounds:
            return RoundView("", "", today)
        last = self._rounds[-1].at
        due = "" if self._every is None else utc_text(last.utc + self._every, "seconds")
        return RoundView(last.text, due, today)

    def rounds_since(self, after: str) -> int:
        """How many rounds were done since a time (RFC 3339 UTC)."""
        return sum(row.at.text >= after for row in self._rounds) if after else 0

    # Goods at the gate

    def listed(self) -> list[DeliveryView]:
        """What waits, longest first."""
        return list(self._waiting.values())

    def leave(self, delivery: str, shelf: str, whose: str, what: str, operator: str) -> None:
        """:raises Refused: there is no room for more, or it could not be written down."""
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                raise Refused(Refusal.BUSY)
            if delivery not in self._waiting:
                self._write(DeliveryLeft(delivery, shelf, whose, what), operator)
        self._show()

    def collect(self, delivery: str, by: str, operator: str) -> None:
        """:raises Refused: it is not there (any more), or it could not be written down."""
        with self._lock:
            if delivery not in self._waiting:
                raise Refused(Refusal.NOT_FOUND)
            self._write(DeliveryCollected(delivery, by), operator)
        self._show()

    # People

    def hand_to_car(self, handing: str, group: Vulnerable, persons: int, car: str, operator: str) -> None:
        """:raises Refused: it could not be written down."""
        with self._lock:
            if not any(_names(row, handing) for row in self._handed):
                self._write(HandedToCar(handing, group, persons, car), operator)
        self._show()

    @property
    def handed(self) -> dict[str, int]:
        """How many persons of each group the local day has seen handed on."""
        found = dict.fromkeys((group.value for group in Vulnerable), 0)
        for row in self._handed:
            if isinstance(row.event, HandedToCar) and self._is_today(row):
                found[row.event.group.value] += row.event.persons
        return found

    def _write(self, event: Event, operator: str) -> None:
        try:
            self._hold(self._writer.record(event, operator=operator))
        except LedgerUnwritable:
            raise Refused(Refusal.BUSY) from None

    def _hold(self, row: Recorded) -> None:
        match row.event:
            case Disinfected():
                self._rounds = [*self._recent(self._rounds), row]
            case HandedToCar():
                self._handed = [*self._recent(self._handed), row]
            case _:
                self._waiting = after(self._waiting, row)

    def _recent(self, rows: Sequence[Recorded]) -> list[Recorded]:
        """Those that a figure of today may be about; with a shift over midnight, of yesterday."""
        begin = self._writer.now().utc - KEPT
        return [row for row in rows if row.at.utc >= begin]

    def _is_today(self, row: Recorded) -> bool:
        return row.at.utc.astimezone(self._zone).date() == self._writer.now().utc.astimezone(self._zone).date()

    def _show(self) -> None:
        self._feed.publish(TOPIC, {**asdict(self.round), "waiting": len(self._waiting)})


def _names(row: Recorded, round_id: str) -> bool:
    """Whether a row is of the form that drew this id."""
    match row.event:
        case Disinfected(known) | HandedToCar(known):
            return known == round_id
        case _:
            return False
