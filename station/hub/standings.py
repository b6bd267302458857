"""What is known of a batch's stations and of their ledgers: read with a few questions, changed by the rules about
states, live frames and segments, and written with a few statements at the end."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from station.hub.database import Change, Connection
from station.hub.places import settle
from station.hub.received import Received, Unreadable
from station.messages import State

_STATIONS = """
select id, station, epoch_id, conn, clock, state_at, levels, last_seen from stations where {these} order by station
"""
_MAKE_STATION = "insert into stations (station) values (:station) on conflict (station) do nothing"
_LEDGERS = """
select station_id, epoch, id, conn, progress, through_seq, highest_seq, regressed, head, head_at
from epochs where {these}
"""
_MAKE_LEDGER = "insert into epochs (station_id, epoch) values (:station, :epoch)"
_EARLY = "select epoch_id, segment, through_seq from ahead where {these} order by epoch_id, segment"
_HOLD_LEDGER = Change("epochs", ("conn", "progress", "through_seq", "highest_seq", "regressed", "head", "head_at"))
_HOLD_EARLY = """
insert into ahead (epoch_id, segment, through_seq) values (:id, :segment, :through_seq)
on conflict (epoch_id, segment) do nothing
"""
_FORGET_EARLY = "delete from ahead where epoch_id = :id and segment <= :progress"
MAX_LEDGERS = 100
"""Of one station: each is a new card. A station whose ledgers are no cards would fill the store with them."""
LedgerKey = tuple[int, str]
_held_of = attrgetter(*_HOLD_LEDGER.columns)


@dataclass(slots=True)
class KnownStation:
    """``epoch_id`` is the ledger it has now; the rest is what its last heeded state said, and when it was heard."""

    id: int
    station: str
    epoch_id: int | None
    conn: int
    clock: str
    state_at: str
    levels: str
    last_seen: str


@dataclass(slots=True)
class Standing:
    """A ledger of a station, and how far its segments are here: up to ``progress`` without a gap, and ``early`` ones
    beyond that with the last row of each. ``stored`` and ``segments`` are the ids of its events and segments in this
    batch; ``events_here`` is its last event here, where it tells of later ones that are not. ``head`` is the last row
    it is known to have, since ``head_at``: see ``plausibility``. ``is_greeted``: a birth has just come and hears how
    far it is here, and whether its name or its epoch is shared. ``lost_through``: the last segment that its station was
    told is here, where it is not."""

    station: KnownStation
    epoch: int
    id: int
    conn: int
    progress: int
    through_seq: int
    highest_seq: int
    regressed: int
    head: int
    head_at: str
    early: dict[int, int] = field(default_factory=dict)
    changed: bool = False
    came_early: list[int] = field(default_factory=list)
    taken_up: bool = False
    stored: list[str] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    events_here: int | None = None
    name_shared: bool = False
    epoch_shared: bool = False
    is_greeted: bool = False
    lost_through: int = 0


class Standings:
    """Of every station and ledger that a batch speaks of. Whoever reads them holds them: other hubs wait."""

    def __init__(self, connection: Connection, batch: Collection[Received]) -> None:
        self.stations = _stations(connection, {received.station for received in batch})
        ledgers = {
            (received.station, received.message.epoch): None
            for received in batch
            if not isinstance(received.message, Unreadable)
        }
        earlier = {
            (received.station, one.epoch): None
            for received in batch
            if isinstance(received.message, State)
            for one in received.message.earlier
        }
        self._ledgers = self._read(connection, ledgers, earlier)

    def of(self, station: str, epoch: int) -> Standing | None:
        """None for a ledger of a station that has had too many."""
        return self._ledgers.get((station, epoch))

    def known(self, station: str, epoch: int) -> Standing | None:
        """Of an epoch that a batch's state names as an earlier one; None if nothing of it was ever here."""
        return self._ledgers.get((station, epoch))

    def write(self, connection: Connection) -> None:
        """What changed of the ledgers."""
        changed = [standing for standing in self._ledgers.values() if standing.changed]
        connection.change(_HOLD_LEDGER, [_held_of(standing) for standing in changed])
        forget = [{"id": one.id, "progress": one.progress} for one in changed if one.taken_up]
        if forget:
            connection.executemany(_FORGET_EARLY, forget)
        if early := [row for standing in changed if standing.came_early for row in _early_rows(standing)]:
            connection.executemany(_HOLD_EARLY, early)

    def _read(
        self, connection: Connection, wanted: Iterable[tuple[str, int]], earlier: Iterable[tuple[str, int]]
    ) -> dict[tuple[str, int], Standing]:
        ids = [station.id for station in self.stations.values()]
        known = _known_ledgers(connection, ids)
        keys = {(name, epoch): (self.stations[name].id, str(epoch)) for name, epoch in wanted}
        if missing := [key for key in keys.values() if key not in known]:
            makeable = [{"station": station, "epoch": epoch} for station, epoch in _makeable(missing, known)]
            connection.executemany(_MAKE_LEDGER, makeable)
            known = _known_ledgers(connection, ids)
        keys |= {(name, epoch): (self.stations[name].id, str(epoch)) for name, epoch in earlier}
        found = {
            (name, epoch): Standing(self.stations[name], epoch, *row[2:])
            for (name, epoch), key in keys.items()
            if (row := known.get(key))
        }
        _read_early(connection, {standing.id: standing for standing in found.values()})
        return found


def _makeable(missing: Iterable[LedgerKey], known: Collection[LedgerKey]) -> list[LedgerKey]:
    """New ledgers, as far as their stations may have more."""
    had = Counter(station for station, _ in known)
    made = []
    for key in missing:
        had[key[0]] += 1
        if had[key[0]] <= MAX_LEDGERS:
            made.append(key)
    return made


def make_stations(connection: Connection, names: Collection[str]) -> dict[str, KnownStation]:
    """Rows for stations at first contact; of one that is known nothing changes. Held before they are settled: another
    hub may have heard of them at the same moment."""
    connection.executemany(_MAKE_STATION, [{"station": name} for name in sorted(names)])
    made = _held(connection, names)
    settle(connection, names)
    return made


def _stations(connection: Connection, names: Collection[str]) -> dict[str, KnownStation]:
    """In the order of their names, so that no two hubs wait for each other."""
    found = _held(connection, names)
    if missing := names - found.keys():
        found |= make_stations(connection, missing)
    return found


def _held(connection: Connection, names: Collection[str]) -> dict[str, KnownStation]:
    these = {"names": connection.array(list(names))}
    question = _STATIONS.format(these=connection.among("station", "names"))
    rows = connection.tuples(f"{question} {connection.for_update}", these)
    return {row[1]: KnownStation(*row) for row in rows}


def _known_ledgers(connection: Connection, stations: Collection[int]) -> dict[LedgerKey, tuple[Any, ...]]:
    """Every ledger these stations have had."""
    question = _LEDGERS.format(these=connection.among("station_id", "ids"))
    return {row[:2]: row for row in connection.tuples(question, {"ids": connection.array(stations)})}


def _read_early(connection: Connection, ledgers: dict[int, Standing]) -> None:
    these = {"ids": connection.array(list(ledgers))}
    for ledger, segment, through_seq in connection.tuples(
        _EARLY.format(these=connection.among("epoch_id", "ids")), these
    ):
        ledgers[ledger].early[segment] = through_seq


def _early_rows(standing: Standing) -> Iterator[dict[str, int]]:
    for segment in standing.came_early:
        if segment in standing.early:
            yield {"id": standing.id, "segment": segment, "through_seq": standing.early[segment]}
