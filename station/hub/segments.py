"""The rules about segments: totals by key with versions, and how far a station's segments are here without a gap."""

import sqlite3

from station.hub.received import Received
from station.hub.stations import epoch_row, seen, station_id
from station.messages import Ack, Segment, Sync

# A statement is absolute: the highest version of a key holds, and nothing is ever added up here.
_UPSERT = """
insert into tallies values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (epoch_id, minute, lane, kind, origin, outcome) do update set
  passages = excluded.passages, vehicles = excluded.vehicles, persons = excluded.persons, version = excluded.version
where excluded.version > tallies.version
"""


def apply_segment(connection: sqlite3.Connection, received: Received, segment: Segment) -> int:
    """Store a segment, whether it comes in order, early or again.

    :return: the epoch's row.
    """
    station = station_id(connection, received.station)
    epoch = epoch_row(connection, station, segment.epoch)
    if not received.retained:
        seen(connection, station, received.at)
    connection.executemany(
        _UPSERT,
        [
            (epoch["id"], t.minute, t.lane, t.kind, t.origin, t.outcome, t.passages, t.vehicles, t.persons, t.version)
            for t in segment.tallies
        ],
    )
    if segment.segment > epoch["progress"]:
        connection.execute(
            "insert or ignore into ahead values (?, ?, ?)", (epoch["id"], segment.segment, segment.through_seq)
        )
        _advance(connection, epoch["id"], epoch["progress"])
    connection.execute(
        "update epochs set highest_seq = max(highest_seq, ?) where id = ?", (segment.through_seq, epoch["id"])
    )
    return int(epoch["id"])


def _advance(connection: sqlite3.Connection, epoch: int, progress: int) -> None:
    """Move the progress over every segment that now follows without a gap."""
    early = connection.execute("select * from ahead where epoch_id = ? order by segment", (epoch,))
    reached, through = progress, 0
    for row in early:
        if row["segment"] != reached + 1:
            break
        reached, through = row["segment"], max(through, row["through_seq"])
    early.close()
    if reached > progress:
        connection.execute(
            "update epochs set progress = ?, through_seq = max(through_seq, ?) where id = ?", (reached, through, epoch)
        )
        connection.execute("delete from ahead where epoch_id = ? and segment <= ?", (epoch, reached))


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
