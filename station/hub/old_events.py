"""Events as stations told them, row by row: each goes once what it tells of is gone.

The last one of every ledger stays. By it the hub knows that it has all that its station was told it has, and without it
would ask for everything again.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from station.hub.database import Connection, Database

MOST = 1000  # in a transaction
_NOT_THE_LAST = """
seq < (select max(seq) from station_events as later where later.epoch_id = station_events.epoch_id)
"""
_RECEIPT = "event like 'order%'"
_OF_INSPECTIONS = "(event like 'inspection%' or event like 'finding%' or event like 'notice%')"
_FORGET_RECEIPTS = f"""
delete from station_events where (station_id, id) in (
  select station_id, id from station_events where stored_at < :old and {_RECEIPT} and {_NOT_THE_LAST} limit :most)
"""
_OLD = """
select stored_at, station_id, id, said from station_events
where stored_at < :old and (stored_at, station_id, id) > (:stored_at, :station_id, :id) and {kinds} and {not_the_last}
order by stored_at, station_id, id limit :most
"""
_LATELY = """
select said from station_events where station_id = :station_id and stored_at >= :since and {kinds}
"""
_FORGET = "delete from station_events where station_id = :station_id and id = :id"


@dataclass(frozen=True, slots=True)
class Told:
    """Kinds of events, and the tables that hold what they tell of, by the member that names it."""

    kinds: str
    tables: Mapping[str, str]


INSPECTIONS = Told(_OF_INSPECTIONS, {"inspection": "inspections", "finding": "findings"})
INCIDENTS = Told(f"not {_RECEIPT} and not {_OF_INSPECTIONS}", {"incident": "incidents"})
"""With whatever only newer stations tell of: it is kept as long."""


def forget_receipts(database: Database, old: str) -> None:
    """What came before ``old`` of orders. :raises StoreUnwritable: some of it is there still."""
    forgotten = MOST
    while forgotten == MOST:
        with database.transaction() as connection:
            forgotten = connection.execute(_FORGET_RECEIPTS, {"old": old, "most": MOST}).rowcount


def forget_told(database: Database, told: Told, old: str) -> None:
    """What came before ``old`` of things that are gone. :raises StoreUnwritable: some of it is there still."""
    question = _OLD.format(kinds=told.kinds, not_the_last=_NOT_THE_LAST)
    after: dict[str, Any] = {"stored_at": "", "station_id": 0, "id": "", "old": old, "most": MOST}
    found = MOST
    while found == MOST:
        with database.transaction() as connection:
            rows = [dict(row) for row in connection.execute(question, after)]
            gone = [row for row in rows if not _is_there(connection, told, row)]
            connection.executemany(_FORGET, gone)
        found = len(rows)
        if rows:
            after |= {column: rows[-1][column] for column in ("stored_at", "station_id", "id")}


def told_since(connection: Connection, told: Told, station: int, names: Collection[str], since: str) -> bool:
    """Whether a station told of any of these lately, by the hub's own clock: a station's may be years behind."""
    asked = {"station_id": station, "since": since}
    rows = connection.execute(_LATELY.format(kinds=told.kinds), asked)
    return any(json.loads(row["said"]).get(member) in names for row in rows for member in told.tables)


def _is_there(connection: Connection, told: Told, row: Mapping[str, Any]) -> bool:
    """Whether anything is that an event tells of."""
    said = json.loads(row["said"])
    for member, table in told.tables.items():
        key = {"station": row["station_id"], "id": said.get(member, "")}
        if connection.execute(f"select 1 as one from {table} where station_id = :station and id = :id", key).fetchone():
            return True
    return False
