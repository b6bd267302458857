"""The rules about segments: totals by key with versions, and how far a station's segments are here without a gap."""

import sqlite3

from station.hub.received import Received
from station.hub.stations import epoch_row, station_id
from station.messages import Ack, Segment, Sync

# A statement is absolute: the highest version of a key holds, and nothing is ever added up here.
_UPSERT = """
insert into tallies values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (epoch_id, minute, lane, kind, origin, outcome) do update set
  passages = excluded.passages, vehicles = excluded.vehicles, persons = excluded.persons, version = excluded.version
where excluded.version > tallies.version
"""
_ADVANCE = """
update epochs set progress = ?, through_seq = max(through_seq, ?), highest_seq = max(highest_seq, ?) where id = ?
"""


TallyRow = tuple[int, str, str, str, str, str, int, int, int, int]


def apply_segment(connection: sqlite3.Connection, received: Received, segment: Segment) -> int:
    """Note that a segment is here, whether it comes in order, early or again; its tallies are for ``store_tallies``.

    :return: the epoch's row.
    """
    epoch = epoch_row(connection, station_id(connection, received.station), segment.epoch)
    number, through = segment.segment, segment.through_seq
    if number == epoch["progress"] + 1:
        connection.execute(_ADVANCE, (number, through, through, epoch["id"]))
        _take_up_early_ones(connection, epoch["id"], number)
        return int(epoch["id"])
    if number > epoch["progress"]:
        connection.execute("insert or ignore into ahead values (?, ?, ?)", (epoch["id"], number, through))
    connection.execute("update epochs set highest_seq = max(highest_seq, ?) where id = ?", (through, epoch["id"]))
    return int(epoch["id"])


def tally_rows(epoch: int, segment: Segment) -> list[TallyRow]:
    return [
        (epoch, t.minute, t.lane, t.kind, t.origin, t.outcome, t.passages, t.vehicles, t.persons, t.version)
        for t in segment.tallies
    ]


def store_tallies(connection: sqlite3.Connection, rows: list[TallyRow]) -> None:
    connection.executemany(_UPSERT, rows)


def _take_up_early_ones(connection: sqlite3.Connection, epoch: int, progress: int) -> None:
    """Move the progress on over every segment that was here before and now follows without a gap."""
    early = connection.execute("select * from ahead where epoch_id = ? order by segment", (epoch,)).fetchall()
    for row in early:
        if row["segment"] > progress + 1:
            break
        progress = max(progress, row["segment"])
        connection.execute(_ADVANCE, (progress, row["through_seq"], row["through_seq"], epoch))
    if early:
        connection.execute("delete from ahead where epoch_id = ? and segment <= ?", (epoch, progress))


def replies_to(connection: sqlite3.Connection, epoch: int) -> tuple[str, Ack | None, Sync | None]:
    """The station of an epoch, what it may forget, and from where it has to offer again."""
    row = connection.execute(
        "select stations.station, epochs.epoch, progress,"
        " exists (select 1 from ahead where epoch_id = epochs.id) as gap"
        " from epochs join stations on stations.id = epochs.station_id where epochs.id = ?",
        (epoch,),
    ).fetchone()
    number, progress = int(row["epoch"]), int(row["progress"])
    ack = Ack(number, progress) if progress else None
    return row["station"], ack, Sync(number, progress + 1) if row["gap"] else None
