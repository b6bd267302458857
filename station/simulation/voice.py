"""What a simulated station says to the hub and does with what the hub says, as a real one's outbox would."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from station.messages import (
    LIVE_EXPIRY,
    Live,
    Message,
    State,
    StationState,
    decode_ack,
    decode_sync,
    encode,
)
from station.pacing import Offering
from station.simulation.plan import Fault, Plan
from station.simulation.site import Site

IN_FLIGHT = 4
LONGEST_RESENDS = 6  # times the shortest
LIVE_AT_LEAST_EVERY = 60.0
SOFTWARE = "station simulate"


class Saying(NamedTuple):
    """A message on its way: ``name`` is the topic's last word."""

    name: str
    payload: bytes
    qos: int
    retain: bool
    expiry: int | None


class Voice:
    """``now`` is in seconds of the run, which its timeouts are counted in; the site's clock may be faster."""

    def __init__(self, plan: Plan, index: int) -> None:
        self._plan = plan
        self._shares = plan.on_the_way()
        self._chance: random.Random = plan.chance(index, "way")
        self.name = plan.station(index)
        self._levels = (plan.district, f"township-{index % 40:02}", self.name)
        self.site = Site(plan, index)
        self._offering = Offering(plan.resend_seconds, LONGEST_RESENDS * plan.resend_seconds, IN_FLIGHT)
        self._said: set[int] = set()
        self._late: Saying | None = None  # a segment that another one overtakes
        self._cut_at = self._live_at = float("-inf")
        self._live_seq = -1
        self.waits: list[float] = []  # from a segment's first sending to its acknowledgement

    def connect(self, now: float) -> Saying:
        """Count one more connection. :return: its will."""
        self.site.ledger.conn += 1
        self._offering.forget()
        self._live_seq = -1
        return self.state(StationState.LOST, now)

    def restart(self) -> None:
        """Everything that is in no ledger is gone."""
        self._forget()
        self._late = None
        self._cut_at = self._live_at = float("-inf")

    def state(self, state: StationState, now: float) -> Saying:
        site, at = self.site, now * self._plan.pace
        lanes = tuple(str(number + 1) for number in range(self._plan.lanes))
        said = State(
            state=state,
            epoch=site.ledger.epoch,
            conn=site.ledger.conn,
            boot=site.clock.boot,
            at=site.clock.text(at),
            clock="trusted" if site.clock.trusted else "untrusted",
            name=self.name,
            levels=self._levels,
            lanes=lanes,
            software=SOFTWARE,
        )
        return _saying("state", said, qos=1, retain=True, expiry=None)

    def say(self, now: float) -> Iterator[Saying]:
        """What is due: a live frame, and segments that are new or were not acknowledged in time."""
        yield from self._tell_live(now)
        yield from self.offer(now)

    def hear(self, name: str, payload: bytes, now: float) -> None:
        ledger = self.site.ledger
        match name:
            case "ack":
                ack = decode_ack(payload)
                if ack.epoch == ledger.epoch:
                    if ledger.acknowledge(ack.segment, ack.segments or ()):
                        self._forget()
                    self._note_waits(now)
            case "sync":
                sync = decode_sync(payload)
                if sync.epoch == ledger.epoch:
                    ledger.reopen(sync.segment)
                    self._forget(sync.segment)
            case _:
                return  # orders and lists are for real ones

    def _note_waits(self, now: float) -> None:
        ledger = self.site.ledger
        for number in [number for number in self._said if number <= ledger.acked or ledger.has_stored(number)]:
            self._said.discard(number)
            if (took := self._offering.answered(number, now)) is not None:
                self.waits.append(took)

    def _forget(self, since: int = 0) -> None:
        """Those from this number on are due, as if they had never been said."""
        self._said = {number for number in self._said if number < since}
        self._offering.forget(since)

    def _tell_live(self, now: float) -> Iterator[Saying]:
        since, ledger = now - self._live_at, self.site.ledger
        changed = ledger.seq != self._live_seq
        if (changed and since >= self._plan.live_seconds * 0.9) or since >= LIVE_AT_LEAST_EVERY:
            at, clock = now * self._plan.pace, self.site.clock
            self._live_at, self._live_seq, day = now, ledger.seq, clock.day(at)
            live = Live(ledger.epoch, ledger.seq, day, clock.text(at), self.site.live_lanes(day))
            yield _saying("live", live, qos=0, retain=True, expiry=LIVE_EXPIRY)

    def offer(self, now: float) -> Iterator[Saying]:
        """A small window in flight, as the station's own outbox keeps it; the ledger holds the rest."""
        ledger = self.site.ledger
        for number in range(ledger.acked + 1, ledger.acked + 1 + IN_FLIGHT):
            if number - ledger.acked > self._offering.width:
                return
            if ledger.has_stored(number) or not self._offering.due(number, now):
                continue
            if number > ledger.last and not self._cut(now):
                break
            self._offering.say(number, now)
            self._said.add(number)
            yield from self._on_the_way(_saying("segment", ledger.segment(number), qos=1, retain=False, expiry=None))

    def _cut(self, now: float) -> bool:
        behind = self.site.ledger.backlog
        if not behind and now - self._cut_at < self._plan.segment_seconds:
            return False
        cut = self.site.ledger.cut()
        if cut:
            self._cut_at = now
        return cut

    def _on_the_way(self, segment: Saying) -> Iterator[Saying]:
        """Lose it, say it twice or let the next one overtake it, as chance has it."""
        overtaken, self._late = self._late, None
        if not self._befalls(Fault.LOSE):
            if overtaken is None and self._befalls(Fault.REORDER):
                self._late = segment
                return
            yield segment
            if self._befalls(Fault.DUPLICATE):
                yield segment
        if overtaken is not None:
            yield overtaken

    def _befalls(self, fault: Fault) -> bool:
        return fault in self._shares and self._chance.random() < self._shares[fault]


def _saying(name: str, message: Message, *, qos: int, retain: bool, expiry: int | None) -> Saying:
    return Saying(name, encode(message), qos, retain, expiry)
