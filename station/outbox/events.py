"""Incidents and receipts to the hub: one message each, said again until the hub's own acknowledgement names it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from station.domain.event_rows import Recorded
from station.ledger import Events
from station.messages import EventNotice

WINDOW = 8
FIRST_RESEND = 10.0
LONGEST_RESEND = 300.0
LOOK_EVERY = 1.0


@dataclass(slots=True)
class _Sent:
    due: float
    wait: float = FIRST_RESEND


class EventWindow:
    """A small window over the ledger's events. Which of them the hub has beyond the first that it lacks is in memory
    only: after a restart those few are said once more, and the hub knows them by their ids."""

    def __init__(self, events: Events, epoch_of: Callable[[int], int]) -> None:
        """:param epoch_of: the epoch that a row counts in."""
        self._events, self._epoch_of = events, epoch_of
        self._stored: set[str] = set()
        self._sent: dict[str, _Sent] = {}
        self._looked = float("-inf")

    @property
    def acked(self) -> int:
        return self._events.acked

    def acked_through(self, row: int) -> int:
        """The row of the last event up to ``row`` that the hub has acknowledged with all before it."""
        return self._events.acked_through(row)

    def begin(self) -> None:
        """A new connection: whatever was under way on the old one is due now."""
        self._sent.clear()
        self._looked = float("-inf")

    def offer(self, now: float, publish: Callable[[str, EventNotice], None]) -> None:
        """Say what is due; ``publish`` takes the topic's last word and the message."""
        if now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        for recorded in self._events.waiting(WINDOW):
            sent = self._sent.get(recorded.id)
            if recorded.id in self._stored or (sent is not None and now < sent.due):
                continue
            wait = FIRST_RESEND if sent is None else min(2 * sent.wait, LONGEST_RESEND)
            self._sent[recorded.id] = _Sent(now + wait, wait)
            assert recorded.event.TOPIC is not None  # ``waiting`` gives no others
            publish(recorded.event.TOPIC.value, self._notice(recorded))

    def _notice(self, recorded: Recorded) -> EventNotice:
        at = recorded.at
        return EventNotice(
            epoch=self._epoch_of(recorded.seq),
            id=recorded.id,
            row=recorded.seq,
            at=at.text,
            clock="trusted" if at.trusted else "untrusted",
            lane=recorded.lane,
            event=recorded.event.KIND,
            said=recorded.told(),
        )

    def acknowledged(self, ids: Collection[str]) -> None:
        """The hub has stored these. :raises LedgerUnwritable: not noted; they are offered again."""
        if not ids:
            return
        self._stored.update(ids)
        through = 0
        waiting = self._events.waiting(WINDOW)
        for recorded in waiting:
            if recorded.id not in self._stored:
                break
            through = recorded.seq
        if through:
            self._events.acknowledge(through)
        left = {recorded.id for recorded in waiting if recorded.seq > through}
        self._stored &= left
        self._sent = {event: sent for event, sent in self._sent.items() if event in left}
        self._looked = float("-inf")

    def reopen(self, row: int) -> None:
        """The hub has nothing behind ``row``. :raises LedgerUnwritable: not noted; it asks again."""
        self._events.reopen(row, WINDOW)
        self._stored.clear()
        self.begin()
