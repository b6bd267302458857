"""Totals to the hub: a small window over the ledger's segments, each said again until the hub has stored it."""

from collections.abc import Callable
from dataclasses import asdict, astuple

from station.domain.passage import Tally
from station.ledger import MustHour, Segments, Stretch
from station.messages import (
    LARGEST_SEGMENT,
    Ack,
    AmendedMusts,
    AmendedTally,
    Segment,
    SegmentMusts,
    SegmentTally,
    encode,
)
from station.pacing import Offering

IN_FLIGHT = 4
RESEND_AFTER = 10.0
LONGEST_RESEND = 60.0
MANY_ROWS = 1000  # are not gathered any longer
EPOCH_SHARED = (
    "the hub has segments of this ledger that this station never sent: an old card was put back, or another machine "
    "has a copy; new rows are counted apart"
)


class SegmentWindow:
    """The ledger holds what waits. Which segments the hub has beyond the first that it lacks is in memory only: after
    a restart those few are said once more. ``gather`` is for how many seconds rows come into one segment."""

    def __init__(self, segments: Segments, gather: float) -> None:
        self._segments, self._gather = segments, gather
        self._offering = Offering(RESEND_AFTER, LONGEST_RESEND, IN_FLIGHT)
        self._sent: dict[int, tuple[int, str]] = {}  # epoch and id of what was sent, by the ledger's number
        self._stored: set[int] = set()
        self._stated = 0  # the newest row that a total said to the hub counts
        self._cut_at = float("-inf")

    def begin(self) -> None:
        """A new connection: whatever was under way on the old one is due now."""
        self._offering.forget()

    def offer(self, now: float, publish: Callable[[Segment], None]) -> None:
        """Say what is due. :raises LedgerUnwritable: the next segment's number could not be written down."""
        acked = self._segments.acked
        for number in range(acked + 1, acked + 1 + IN_FLIGHT):
            if number - acked > self._offering.width:
                return
            if number in self._stored or not self._offering.due(number, now):
                continue
            numbered = self._segments.stretch(number)
            segment = self._segment(numbered) if numbered else self._cut(now)
            if segment is None:
                return
            self._stated = max(self._stated, *(tally.version for tally in segment.tallies), 0)
            publish(segment)
            self._offering.say(number, now)
            self._sent[number] = (segment.epoch, segment.id)

    def acknowledged(self, ack: Ack, now: float) -> str:
        """The hub has stored what it names, as far as it was sent from here; or, if it is a hub that names nothing,
        everything of that epoch up to its number.

        :return: what is wrong with this ledger, if it shows.
        :raises LedgerUnwritable: not noted; it is offered again.
        """
        through = self._segments.acked
        stored = self._stored
        if ack.segments is None:
            through = self._by_number(ack, through)
        else:
            stored = stored | {number for number, sent in self._sent.items() if sent in _named(ack)}
        while through + 1 in stored:
            through += 1
        self._segments.acknowledge(through)
        self._stored = {number for number in stored if number > through}
        for number in [number for number in self._sent if number <= through or number in stored]:
            self._offering.answered(number, now)
            del self._sent[number]
        return self._begin_epoch() if self._is_shared(ack) else ""

    def reopen(self, epoch: int, number: int) -> None:
        """The hub asks again from this segment of an epoch on. :raises LedgerUnwritable: not noted; it asks again."""
        first = self._segments.numbered(epoch, number)
        if first is None:
            return
        self._segments.reopen(first)
        self._stored = {other for other in self._stored if other < first}
        self._sent = {other: sent for other, sent in self._sent.items() if other < first}
        self._offering.forget(first)

    def _by_number(self, ack: Ack, acked: int) -> int:
        """It says nothing of earlier epochs: what of those it lacks is offered first."""
        last = self._segments.numbered(ack.epoch, ack.segment)
        if last is None:
            return acked
        base = last - ack.segment
        return max(acked, last) if base <= acked else acked

    def _is_shared(self, ack: Ack) -> bool:
        """Whether another copy of this ledger counts in its epoch: the hub says so, or has segments that it never
        numbered or that hold other rows."""
        if ack.epoch != self._segments.epoch or not self._segments.known:
            return False
        if ack.epoch_shared or (ack.segment and self._segments.numbered(ack.epoch, ack.segment) is None):
            return True
        return any(self._is_strange(ack.epoch, segment) for segment in ack.segments or ())

    def _is_strange(self, epoch: int, segment_id: str) -> bool:
        """Whether the id is of another segment than ours of that number."""
        number, _, rest = segment_id.partition("-")
        if not rest or not number.isdecimal():
            return False
        ours = self._segments.numbered(epoch, int(number))
        stretch = self._segments.stretch(ours) if ours is not None else None
        return stretch is None or self._segments.id_of(stretch) != segment_id

    def _begin_epoch(self) -> str:
        self._segments.begin_epoch(self._stated)
        return EPOCH_SHARED

    def _cut(self, now: float) -> Segment | None:
        if now - self._cut_at < self._gather and self._segments.unsegmented_rows() < MANY_ROWS:
            return None
        segment = self._segments.cut(self._segment, lambda drafted: len(encode(drafted)) <= LARGEST_SEGMENT)
        if segment is not None:
            self._cut_at = now
        return segment

    def _segment(self, stretch: Stretch) -> Segment:
        epoch, number = self._segments.place(stretch)
        tallies = self._segments.tallies(stretch)
        amended = self._segments.amended(stretch)
        musts = self._segments.musts(tallies, stretch)
        amended_musts = self._segments.amended_musts(tallies, stretch)
        return Segment(
            epoch,
            number,
            stretch.from_seq,
            stretch.through_seq,
            tuple(map(_segment_tally, tallies)),
            self._segments.id_of(stretch),
            tuple(map(_segment_musts, musts)),
            tuple(map(_amended_tally, amended)),
            tuple(AmendedMusts(hour.lane, hour.hour, *astuple(hour.sums)) for hour in amended_musts),
        )


def _named(ack: Ack) -> set[tuple[int, str]]:
    return {(ack.epoch, segment) for segment in ack.segments or ()}


def _amended_tally(tally: Tally) -> AmendedTally:
    key = tally.key
    return AmendedTally(
        key.lane,
        key.minute,
        key.kind.value,
        key.origin,
        key.outcome.value,
        tally.passages,
        tally.vehicles,
        tally.persons,
    )


def _segment_musts(hour: MustHour) -> SegmentMusts:
    return SegmentMusts(lane=hour.lane, hour=hour.hour, version=hour.version, **asdict(hour.sums))


def _segment_tally(tally: Tally) -> SegmentTally:
    key = tally.key
    return SegmentTally(
        lane=key.lane,
        minute=key.minute,
        kind=key.kind.value,
        origin=key.origin,
        outcome=key.outcome.value,
        passages=tally.passages,
        vehicles=tally.vehicles,
        persons=tally.persons,
        version=tally.version,
    )
