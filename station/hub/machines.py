"""Which machines connect under each station's name: where a station has moved to another machine, and where two of them
use one name at a time.

A birth says the machine, its boot and the ledger's epoch. Who comes back after another one came was switched on all the
while, because a boot happens once: two machines use the name. A machine that is replaced does not come back.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from station.domain.times import utc_text
from station.hub.database import Connection
from station.hub.received import Received
from station.hub.standings import Standing
from station.messages import State, StationState

log = logging.getLogger(__name__)

SHARED_PERIOD = timedelta(hours=2)  # for so long two machines under one name are told; they change places more often
MAX_MACHINES = 8  # of a station are remembered
NAMED_BY_BOOT = "boot-"  # a machine of which nothing lasting is known

_STATIONS = "select id, machine, moved_at, shared_at from stations where {these}"
_MACHINES = """
select station_id, machine, boot, epoch, conn, first_turn, last_turn from station_machines where {these}
order by last_turn
"""
_HOLD = """
insert into station_machines (station_id, machine, boot, epoch, conn, first_turn, last_turn)
values (:station, :machine, :boot, :epoch, :conn, :first, :last)
on conflict (station_id, machine, boot, epoch) do update set conn = excluded.conn, last_turn = excluded.last_turn
"""
_FORGET = "delete from station_machines where station_id = :station and last_turn < :turn"
_HOLD_STATION = """
update stations set machine = :machine, moved_at = :moved_at, shared_at = :shared_at where id = :station
"""


class Identity(NamedTuple):
    machine: str
    boot: str
    epoch: str


@dataclass(slots=True)
class Turns:
    """Births are counted in turns: when an identity was there first, and last. ``conn``: its highest connection."""

    conn: int
    first: int
    last: int


@dataclass(slots=True)
class _Known:
    machine: str
    moved_at: str
    shared_at: str
    turns: dict[Identity, Turns] = field(default_factory=dict)
    changed: set[Identity] = field(default_factory=set)


class Machines:
    """Of every station that a batch has a birth of."""

    def __init__(self, connection: Connection, births: Collection[int]) -> None:
        """:param births: ids of these stations, which are held."""
        self._known: dict[int, _Known] = {}
        self._changed: set[int] = set()
        if births:
            self._read(connection, births)

    def hear(self, standing: Standing, received: Received, state: State) -> None:
        """A birth. What it shows is noted in the standing, for the answer. One whose connection is known was stored by
        another hub already and shows no order."""
        known = self._known[standing.station.id]
        now = Identity(state.machine, state.boot, str(state.epoch))
        turn = max((turns.last for turns in known.turns.values()), default=0)
        mine = known.turns.get(now)
        is_new = mine is None or state.conn > mine.conn
        if mine is not None and is_new and mine.last < turn:
            later = [other for other, turns in known.turns.items() if turns.first > mine.first]
            standing.epoch_shared = any(other.epoch == now.epoch for other in later)
            self._note_shared(known, standing, received.at)
        if is_new:
            last = turn + 1 if mine is None or mine.last < turn else turn
            known.turns[now] = Turns(state.conn, last if mine is None else mine.first, last)
            known.changed.add(now)
            self._changed.add(standing.station.id)
            self._note_machine(known, standing, received.at, state.machine)
        standing.name_shared = known.shared_at >= utc_text(received.at - SHARED_PERIOD)

    def write(self, connection: Connection) -> None:
        if not self._changed:  # nearly always
            return
        changed = [(station, self._known[station]) for station in sorted(self._changed)]
        connection.executemany(_HOLD, [row for station, known in changed for row in _rows(station, known)])
        connection.executemany(_FORGET, list(_old(changed)))
        connection.executemany(_HOLD_STATION, [_station_values(station, known) for station, known in changed])

    def _note_shared(self, known: _Known, standing: Standing, at: datetime) -> None:
        if known.shared_at < utc_text(at - SHARED_PERIOD):
            log.warning("station %s: two machines use this name at a time", standing.station.station)
        known.shared_at = utc_text(at)

    def _note_machine(self, known: _Known, standing: Standing, at: datetime, machine: str) -> None:
        if machine == known.machine:
            return
        if all(name and not name.startswith(NAMED_BY_BOOT) for name in (machine, known.machine)):
            known.moved_at = utc_text(at)
            log.info("station %s: on another machine now", standing.station.station)
        known.machine = machine
        self._changed.add(standing.station.id)

    def _read(self, connection: Connection, births: Collection[int]) -> None:
        these = {"ids": connection.array(births)}
        for row in connection.execute(_STATIONS.format(these=connection.among("id", "ids")), these):
            self._known[row["id"]] = _Known(row["machine"], row["moved_at"], row["shared_at"])
        found: defaultdict[int, dict[Identity, Turns]] = defaultdict(dict)
        for row in connection.execute(_MACHINES.format(these=connection.among("station_id", "ids")), these):
            identity = Identity(row["machine"], row["boot"], row["epoch"])
            found[row["station_id"]][identity] = Turns(row["conn"], row["first_turn"], row["last_turn"])
        for station, turns in found.items():
            self._known[station].turns = turns


def is_birth(received: Received) -> bool:
    """Whether a station was let in by the broker just now. What is retained or delivered again shows no order."""
    message = received.message
    if not isinstance(message, State):
        return False
    return message.state is StationState.ONLINE and not (received.retained or received.repeated)


def _rows(station: int, known: _Known) -> Iterable[dict[str, Any]]:
    for identity in sorted(known.changed):
        turns = known.turns[identity]
        yield {"station": station, **identity._asdict(), **asdict(turns)}


def _old(changed: Iterable[tuple[int, _Known]]) -> Iterable[dict[str, int]]:
    for station, known in changed:
        newest = sorted(turns.last for turns in known.turns.values())[-MAX_MACHINES:]
        if len(known.turns) > MAX_MACHINES:
            yield {"station": station, "turn": newest[0]}


def _station_values(station: int, known: _Known) -> dict[str, Any]:
    return {
        "station": station,
        "machine": known.machine,
        "moved_at": known.moved_at,
        "shared_at": known.shared_at,
    }
