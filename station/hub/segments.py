"""The rules about segments: totals by key with versions, and how far a station's segments are here without a gap."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from station.hub.stations import epoch_row, station_id
from station.messages import Ack, Segment, Sync

# A statement is absolute: the highest version of a key holds, and nothing is ever added up here.
UPSERT = """
insert into tallies values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (epoch_id, minute, lane, kind, origin, outcome) do update set
  passages = excluded.passages, vehicles = excluded.vehicles, persons = excluded.persons, version = excluded.version
where excluded.version > tallies.version
"""
_ADVANCE = """
update epochs set progress = ?, through_seq = max(through_seq, ?), highest_seq = max(highest_seq, ?) where id = ?
"""
_STANDINGS = """
select station, epoch, epochs.id, progress, exists (select 1 from ahead where epoch_id = epochs.id)
from json_each(?) as wanted
cross join stations on station = json_extract(wanted.value, '$[0]')
cross join epochs on station_id = stations.id and epoch = json_extract(wanted.value, '$[1]')
"""

_COLUMNS = attrgetter("minute", "lane", "kind", "origin", "outcome", "passages", "vehicles", "persons", "version")
TallyRow = tuple[int, str, str, str, str, str, int, int, int, int]


@dataclass(slots=True)
class Standing:
    """How far a ledger's segments are here: up to ``progress`` without a gap. ``gap``: some are here beyond that."""

    station: str
    epoch: int
    id: int
    progress: int
    gap: bool


Standings = dict[tuple[str, int], Standing]


def standings(connection: sqlite3.Connection, ledgers: Collection[tuple[str, int]]) -> Standings:
    """Of every ledger a batch has segments of, by station and epoch: one question for all of them."""
    wanted = json.dumps([(station, str(epoch)) for station, epoch in ledgers])
    found = {
        (row[0], int(row[1])): Standing(row[0], int(row[1]), row[2], row[3], bool(row[4]))
        for row in connection.execute(_STANDINGS, (wanted,))
    }
    for station, epoch in ledgers:
        if (station, epoch) not in found:
            row = epoch_row(connection, station_id(connection, station), epoch)
            found[station, epoch] = Standing(station, epoch, row["id"], row["progress"], False)
    return found


def apply_segment(connection: sqlite3.Connection, standing: Standing, segment: Segment) -> None:
    """Note that a segment is here, whether it comes in order, early or again; its tallies are for ``store_tallies``."""
    number, through = segment.segment, segment.through_seq
    if number == standing.progress + 1:
        connection.execute(_ADVANCE, (number, through, through, standing.id))
        standing.progress = number
        if standing.gap:
            _take_up_early_ones(connection, standing)
        return
    if number > standing.progress:
        connection.execute("insert or ignore into ahead values (?, ?, ?)", (standing.id, number, through))
        standing.gap = True
    connection.execute("update epochs set highest_seq = max(highest_seq, ?) where id = ?", (through, standing.id))


def store_tallies(connection: sqlite3.Connection, segments: Iterable[tuple[int, Segment]]) -> None:
    """The tallies of segments with their epochs' rows. No list of rows is made: at a backlog there are many."""
    connection.executemany(UPSERT, (row for epoch, segment in segments for row in tally_rows(epoch, segment)))


def tally_rows(epoch: int, segment: Segment) -> Iterator[TallyRow]:
    return ((epoch, *_COLUMNS(tally)) for tally in segment.tallies)


def _take_up_early_ones(connection: sqlite3.Connection, standing: Standing) -> None:
    """Move the progress on over every segment that was here before and now follows without a gap."""
    early = connection.execute("select * from ahead where epoch_id = ? order by segment", (standing.id,)).fetchall()
    progress = standing.progress
    for row in early:
        if row["segment"] > progress + 1:
            break
        progress = max(progress, row["segment"])
        connection.execute(_ADVANCE, (progress, row["through_seq"], row["through_seq"], standing.id))
    connection.execute("delete from ahead where epoch_id = ? and segment <= ?", (standing.id, progress))
    standing.progress = progress
    standing.gap = bool(early) and early[-1]["segment"] > progress


def reply_to(standing: Standing) -> tuple[Ack | None, Sync | None]:
    """What the station may forget, and from where it has to offer again."""
    ack = Ack(standing.epoch, standing.progress) if standing.progress else None
    return ack, Sync(standing.epoch, standing.progress + 1) if standing.gap else None
