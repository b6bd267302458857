"""Totals to the hub: a small window over the ledger's segments, each said again until the hub has stored it."""

from collections.abc import Callable, Collection
from dataclasses import asdict

from station.domain.passage import Tally
from station.ledger import MustHour, Segments, Stretch
from station.messages import LARGEST_SEGMENT, Ack, Segment, SegmentMusts, SegmentTally, encode
from station.pacing import Offering

IN_FLIGHT = 4
RESEND_AFTER = 10.0
LONGEST_RESEND = 60.0
MANY_ROWS = 1000  # are not gathered any longer
MAX_LEAP = 1_000_000
"""Segments that the hub may have and this ledger never sent: half a year's at one every ten or twenty seconds. For each
the ledger writes a row down, so no more are believed."""


class SegmentWindow:
    """The ledger holds what waits. Which segments the hub has beyond the first that it lacks is in memory only: after
    a restart those few are said once more. ``gather`` is for how many seconds rows come into one segment."""

    def __init__(self, segments: Segments, gather: float) -> None:
        self._segments, self._gather = segments, gather
        self._offering = Offering(RESEND_AFTER, LONGEST_RESEND, IN_FLIGHT)
        self._ids: dict[int, str] = {}
        self._stored: set[int] = set()
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
            publish(segment)
            self._offering.say(number, now)
            self._ids[number] = segment.id

    def acknowledged(self, ack: Ack, now: float) -> str:
        """The hub has stored what it names; or, if it is one that names none, everything up to its number.

        :return: what is wrong with this ledger, if it shows.
        :raises LedgerUnwritable: not noted; it is offered again.
        """
        last = self._segments.last()
        known = ack.segment <= (last.segment if last else 0)
        stored = self._stored if ack.segments is None else self._stored | self._named(ack.segments)
        through = self._segments.acked
        while through + 1 in stored:
            through += 1
        if ack.segments is None and known:
            through = max(through, ack.segment)
        self._segments.acknowledge(through)
        self._stored = {number for number in stored if number > through}
        for number in [number for number in self._ids if number <= through or number in stored]:
            self._offering.answered(number, now)
            del self._ids[number]
        return "" if known else self._continue_after(ack.segment)

    def reopen(self, number: int) -> None:
        """The hub asks again from ``number`` on. :raises LedgerUnwritable: not noted; it asks again."""
        self._segments.reopen(number)
        self._stored = {other for other in self._stored if other < number}
        self._ids = {other: said for other, said in self._ids.items() if other < number}
        self._offering.forget(number)

    def _named(self, ids: Collection[str]) -> set[int]:
        return {number for number, said in self._ids.items() if said in ids}

    def _continue_after(self, number: int) -> str:
        last = self._segments.last()
        if number - (last.segment if last else 0) > MAX_LEAP:
            return (
                f"the hub says it has segment {number}, which no card of this station can have sent; "
                "correct its ledger there: station hub correct"
            )
        self._segments.continue_after(number)
        self._stored.clear()
        self._ids.clear()
        self._offering.forget()
        return f"the hub has segment {number}, which this card never sent; an old card was put back"

    def _cut(self, now: float) -> Segment | None:
        if now - self._cut_at < self._gather and self._segments.unsegmented_rows() < MANY_ROWS:
            return None
        segment = self._segments.cut(self._segment, lambda drafted: len(encode(drafted)) <= LARGEST_SEGMENT)
        if segment is not None:
            self._cut_at = now
        return segment

    def _segment(self, stretch: Stretch) -> Segment:
        tallies = self._segments.tallies(stretch)
        return Segment(
            self._segments.epoch,
            stretch.segment,
            stretch.from_seq,
            stretch.through_seq,
            tuple(map(_segment_tally, tallies)),
            self._segments.id_of(stretch),
            tuple(map(_segment_musts, self._segments.musts(tallies))),
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
