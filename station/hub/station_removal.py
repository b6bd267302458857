"""A station forgotten: every row that is of it, totals and their sums included.

Its tallies go some minutes at a time, so that no hub that stores meanwhile waits long; the rest goes at once, together
with an entry of the audit trail. A station that is still there is heard again, as a new one, and offers what it has.
"""

from collections.abc import Mapping

from station.domain.accounts import By
from station.hub.audit_trail import AuditTrail
from station.hub.database import Connection, Database

FORGOTTEN = "station.forgotten"
MAX_MINUTES = 2000  # in a transaction
_BULK = """
delete from tallies where epoch_id = :epoch
  and minute in (select distinct minute from tallies where epoch_id = :epoch order by minute limit :most)
"""
OF_LEDGERS = ("tallies", "must_hours", "hour_sums", "day_sums", "running_sums", "stale_hours", "ahead")
OF_STATIONS = (
    *("live", "live_days", "bad_messages", "station_events", "incidents", "incident_notes", "receipts"),
    *("notice_findings", "notices", "findings", "inspections", "places", "station_machines", "epochs"),
)
BY_NAME = ("dead_letters", "placements", "stations")


class UnknownStation(LookupError):
    """No row is of it."""


def forget_station(database: Database, trail: AuditTrail, station: str, by: By, reason: str) -> Mapping[str, int]:
    """:return: how many rows of each table are gone.

    :raises UnknownStation: there is none.
    :raises StoreUnwritable: some of it is there still; it may be tried again.
    """
    gone: dict[str, int] = dict.fromkeys((*OF_LEDGERS, *OF_STATIONS, *BY_NAME), 0)
    with database.reading() as connection:
        epochs = _ledgers(connection, _id_of(connection, station))
    for epoch in epochs:
        deleted = MAX_MINUTES
        while deleted:
            with database.transaction() as connection:
                deleted = connection.execute(_BULK, {"epoch": epoch, "most": MAX_MINUTES}).rowcount
            gone["tallies"] += deleted
    with database.transaction() as connection:
        _forget(connection, station, gone)
        trail.add(connection, by, FORGOTTEN, f"{station}: {reason}")
    return {table: rows for table, rows in gone.items() if rows}


def _forget(connection: Connection, station: str, gone: dict[str, int]) -> None:
    """What came meanwhile as well: whoever stores of this station, or sums up, waits."""
    connection.execute(f"select zone from summary_zone where id = 1 {connection.for_update}").fetchone()
    number = _id_of(connection, station, connection.for_update)
    connection.execute("update stations set epoch_id = null where id = :id", {"id": number})
    ledgers = {"ledgers": connection.array(_ledgers(connection, number))}
    for table in OF_LEDGERS:
        these = connection.among("epoch_id", "ledgers")
        gone[table] += connection.execute(f"delete from {table} where {these}", ledgers).rowcount
    for table in OF_STATIONS:
        gone[table] += connection.execute(f"delete from {table} where station_id = :id", {"id": number}).rowcount
    for table in BY_NAME:
        gone[table] += connection.execute(f"delete from {table} where station = :name", {"name": station}).rowcount


def _id_of(connection: Connection, station: str, lock: str = "") -> int:
    found = connection.execute(f"select id from stations where station = :name {lock}", {"name": station}).fetchone()
    if found is None:
        raise UnknownStation(station)
    return int(found["id"])


def _ledgers(connection: Connection, station: int) -> list[int]:
    rows = connection.execute("select id from epochs where station_id = :id", {"id": station})
    return [int(row["id"]) for row in rows.fetchall()]
