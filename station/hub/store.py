"""What stations say, on disk: stored a batch at a time, answered from what is stored."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import assert_never
from zoneinfo import ZoneInfo

from station.domain.times import utc_text
from station.hub.database import Connection, Database, StoreUnwritable
from station.hub.event_store import Told, events_lost, store_events
from station.hub.local_hours import LocalHours
from station.hub.machines import Machines, is_birth
from station.hub.must_hours import MUST_HOURS, must_rows
from station.hub.plausibility import refusal
from station.hub.received import Received, Reply, Unreadable
from station.hub.refusals import Refusals
from station.hub.segments import TALLIES, apply_segment, is_answered, parted, reply_to, tally_rows, unknown_epochs
from station.hub.standings import Standing, Standings
from station.hub.stations import Presence
from station.hub.summaries import mark_stale
from station.messages import EventNotice, Live, Segment, State

SYNC_SECONDS = 5.0
PULSE_SECONDS = 10.0
_BEAT = "insert into pulse (id, at) values (1, :at) on conflict (id) do update set at = excluded.at"


@dataclass(slots=True)
class _Answered:
    """Ledgers that have an answer, and what is asked of epochs that are not known here."""

    standings: dict[int, Standing] = field(default_factory=dict)
    unknown: list[Reply] = field(default_factory=list)


class Store:
    """Where messages are kept. Any hub of a district may apply any message; replies come from what is stored."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        monotonic: Callable[[], float] = time.monotonic,
        refusals: Refusals | None = None,
    ) -> None:
        """:param zone: in which the days of summaries begin and end. :param refusals: told of what is not taken."""
        self._refusals = refusals or Refusals()
        self._database = database
        self._hours = LocalHours(zone)
        self._monotonic = monotonic
        self._synced: dict[tuple[str, int], float] = {}
        self._pulse = -PULSE_SECONDS

    def apply(self, batch: Sequence[Received]) -> list[Reply]:
        """Store a batch for good, whole or not at all.

        :return: what to publish now that it is stored.
        :raises StoreUnwritable: nothing of it is stored.
        """
        refused: list[tuple[Received, str]] = []
        with self._felt(), self._database.transaction() as connection:
            answered = self._apply(connection, batch, refused)
        for received, why in refused:
            self._refusals.note(received.station, received.name, why)
        replies = [reply for standing in answered.standings.values() for reply in self._replies(standing)]
        return replies + [reply for reply in answered.unknown if self._may_sync(reply)]

    def _apply(
        self, connection: Connection, batch: Sequence[Received], refused: list[tuple[Received, str]]
    ) -> "_Answered":
        """Each message in the order it came; what it comes to is written at the end.

        :param refused: is told which are not taken, and why.
        :return: what has an answer.
        """
        standings, presence = Standings(connection, batch), Presence()
        births = {standings.stations[received.station].id for received in batch if is_birth(received)}
        machines = Machines(connection, births)
        segments: list[tuple[int, Segment]] = []
        told: list[Told] = []
        answered = _Answered()

        def refuse(received: Received, why: str) -> None:
            presence.count_unreadable(standings.stations[received.station], received, why)
            refused.append((received, why))

        for received in batch:
            name, message = received.station, received.message
            presence.hear(standings.stations[name], received)
            if isinstance(message, Unreadable):
                refuse(received, message.error)
                continue
            standing = standings.of(name, message.epoch)
            if why := refusal(standing, message, received.at):
                refuse(received, why)
                continue
            assert standing is not None
            match message:
                case Live() as live:
                    presence.apply_live(standing, received, live)
                case Segment() as segment:
                    answered.standings[standing.id] = standing
                    apply_segment(standing, segment)
                    segments.append((standing.id, segment))
                case EventNotice() as notice:
                    answered.standings[standing.id] = standing
                    standing.stored.append(notice.id)
                    told.append((standing, notice, received.at))
                case State() as state:
                    presence.apply_state(standing, received, state)
                    if is_answered(state):
                        answered.standings[standing.id] = standing
                        standing.events_here = events_lost(connection, standing.id, state.events)
                        _look_at_earlier(connection, standings, name, state, answered)
                    if is_birth(received):
                        machines.hear(standing, received, state)
                        standing.is_greeted = state.machine != ""  # older ones expect no answer
                case _:
                    assert_never(message)
        standings.write(connection)
        presence.write(connection)
        machines.write(connection)
        store_events(connection, told)
        self._store_tallies(connection, segments)
        return answered

    def _store_tallies(self, connection: Connection, segments: Sequence[tuple[int, Segment]]) -> None:
        """A segment at a time: of a backlog's rows no list is made."""
        if segments:
            rows = (tally_rows(epoch, segment) for epoch, segment in segments)
            connection.merge(TALLIES, chain.from_iterable(rows))
            mark_stale(connection, segments, self._hours)
            if musts := [row for epoch, segment in segments if segment.musts for row in must_rows(epoch, segment)]:
                connection.merge(MUST_HOURS, musts)

    def _replies(self, standing: Standing) -> Iterator[Reply]:
        ack, sync = reply_to(standing)
        if ack is not None:
            for part in parted(ack):
                yield Reply(standing.station.station, part)
        if sync is not None and self._may_sync(reply := Reply(standing.station.station, sync)):
            yield reply

    def fault(self, now: datetime) -> str:
        """Why nothing can be stored; empty when all is well."""
        if self._monotonic() - self._pulse < PULSE_SECONDS:
            return ""
        try:
            with self._felt(), self._database.transaction() as connection:
                connection.execute(_BEAT, {"at": utc_text(now)})
        except StoreUnwritable as error:
            return str(error)
        return ""

    def _may_sync(self, reply: Reply) -> bool:
        """The station offers again by itself too; asking for it at every early segment would drown it."""
        now = self._monotonic()
        asked = reply.station, reply.message.epoch
        if now - self._synced.get(asked, -SYNC_SECONDS) < SYNC_SECONDS:
            return False
        self._synced[asked] = now
        return True

    @contextmanager
    def _felt(self) -> Iterator[None]:
        """Remember whether the last transaction went well, so that the disk is tried for health only now and then."""
        try:
            yield
        except StoreUnwritable:
            self._pulse = -PULSE_SECONDS
            raise
        self._pulse = self._monotonic()


def _look_at_earlier(
    connection: Connection, standings: Standings, station: str, state: State, answered: _Answered
) -> None:
    """What the station's ledger has had before: ask again for what is lost here, and see whether a copy of it went on
    where this one ended."""
    answered.unknown += [Reply(station, sync) for sync in unknown_epochs(standings, station, state)]
    for one in state.earlier:
        standing = standings.known(station, one.epoch)
        if standing is None:
            continue
        if standing.highest_seq > one.through_seq and not standing.regressed:
            standing.regressed, standing.changed = 1, True
        standing.events_here = events_lost(connection, standing.id, one.events)
        standing.lost_through = one.segment
        if standing.lost_through > standing.progress or standing.events_here is not None:
            answered.standings[standing.id] = standing
