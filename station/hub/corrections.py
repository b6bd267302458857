"""Numbers of a station put right by hand: a total, or how far a ledger is here. Each with a reason, in the audit trail.

A correction is no statement: the next true one of the station takes its place.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from station.domain.accounts import By
from station.hub.audit_trail import AuditTrail
from station.hub.database import Connection, Database
from station.hub.local_hours import LocalHours
from station.hub.summaries import write_marks
from station.messages import MAX_ROW

TOTAL, LEDGER, MESSAGES = "station.total_corrected", "station.ledger_corrected", "station.messages_cleared"
_LEDGERS = """
select epochs.id as id, epoch, progress, through_seq, highest_seq, epochs.conn as conn, head, regressed, implausible,
  (select count(*) from tallies where tallies.epoch_id = epochs.id and version > :most) as frozen
from epochs join stations on stations.id = epochs.station_id where station = :station order by epochs.id
"""
_KEY = (
    "epoch_id = :epoch_id and lane = :lane and minute = :minute and kind = :kind and origin = :origin"
    " and outcome = :outcome"
)
_CORRECT_TOTAL = f"""
update tallies set passages = :passages, vehicles = :vehicles, persons = :persons,
  version = case when version > :most then 0 else version end where {_KEY}
"""
# From here on the ledger is as one that nobody has heard of, but for its totals: the first statement of each key holds,
# and the first segment that comes is one for which others are missing, so that all are asked for.
_RESET = (
    "update tallies set version = 0 where epoch_id = :epoch_id",
    "update must_hours set version = 0 where epoch_id = :epoch_id",
    "update station_events set seq = 0 where epoch_id = :epoch_id and seq > :rows",
    "delete from ahead where epoch_id = :epoch_id",
    "delete from live where epoch_id = :epoch_id",
    """
    update epochs set conn = 0, progress = 0, through_seq = 0, highest_seq = 0, regressed = 0, head = 0, head_at = '',
      implausible = 0 where id = :epoch_id
    """,
)
_RESET_STATION = (
    "update incidents set severity_seq = 0 where station_id = :station_id and severity_seq > :rows",
    "update incidents set words_seq = 0 where station_id = :station_id and words_seq > :rows",
    "update stations set conn = 0, state_at = '' where id = :station_id",
)


class NotFound(LookupError):
    """There is nothing of that name to be corrected; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Total:
    """A key of a station's totals, and what it comes to."""

    lane: str
    minute: str
    kind: str
    origin: str
    outcome: str
    passages: int
    vehicles: int
    persons: int


class Corrections:
    def __init__(self, database: Database, hours: LocalHours, trail: AuditTrail, by: By) -> None:
        self._database, self._hours, self._trail, self._by = database, hours, trail, by

    def ledgers(self, station: str) -> list[dict[str, Any]]:
        """Of each ledger how far it is here. ``frozen`` totals have a version that no ledger has.

        :raises NotFound: there is none.
        """
        with self._database.reading() as connection:
            return self._ledgers(connection, station, None)

    def correct_ledger(self, station: str, epoch: str | None, rows: int, reason: str) -> int:
        """Ask the station for all of it again; until it has said it, totals stand as they do.

        :param epoch: one of its ledgers; None for all of them.
        :param rows: how many it has at the most: what claims to be beyond is not believed.
        :return: how many ledgers.
        :raises NotFound: there is no such ledger.
        """
        with self._database.transaction() as connection:
            self._hold(connection, station)
            ledgers = self._ledgers(connection, station, epoch)
            for ledger in ledgers:
                for statement in _RESET:
                    connection.execute(statement, {"epoch_id": ledger["id"], "rows": rows})
                before = ", ".join(f"{name} {ledger[name]}" for name in ("conn", "progress", "highest_seq", "frozen"))
                self._trail.add(connection, self._by, LEDGER, f"{station} {ledger['epoch']}: {before}; {reason}")
            which = {"station_id": self._id(connection, station), "rows": rows}
            for statement in _RESET_STATION:
                connection.execute(statement, which)
        return len(ledgers)

    def correct_total(self, station: str, epoch: str | None, total: Total, reason: str) -> None:
        """The sums by hour and day follow within a minute where a hub runs.

        :raises NotFound: no total has this key, or several ledgers have one.
        """
        with self._database.transaction() as connection:
            self._hold(connection, station)
            found = [
                (ledger, row)
                for ledger in self._ledgers(connection, station, epoch)
                if (row := _total(connection, ledger["id"], total)) is not None
            ]
            if not found:
                raise NotFound(f"{station} has no total of this key; see the export of its counts")
            if len(found) > 1:
                epochs = ", ".join(ledger["epoch"] for ledger, _ in found)
                raise NotFound(f"{station} has this key in several ledgers; give --epoch, one of {epochs}")
            ((ledger, row),) = found
            which = asdict(total) | {"epoch_id": ledger["id"]}
            connection.execute(_CORRECT_TOTAL, which | {"most": MAX_ROW})
            write_marks(connection, {(ledger["id"], self._hours.of(total.minute))})
            key = f"{total.lane} {total.minute} {total.kind} {total.origin} {total.outcome}"
            change = f"{_counts(row)} -> {_counts(asdict(total))}"
            self._trail.add(connection, self._by, TOTAL, f"{station} {key}: {change}; {reason}")

    def clear_messages(self, station: str, reason: str) -> int:
        """Take refused and set aside messages off the list of what needs attention. :return: how many kinds."""
        with self._database.transaction() as connection:
            which = {"id": self._id(connection, station), "station": station}
            rows = connection.execute("delete from bad_messages where station_id = :id", which).rowcount
            rows += connection.execute("delete from dead_letters where station = :station", which).rowcount
            self._trail.add(connection, self._by, MESSAGES, f"{station}: {rows}; {reason}")
        return int(rows)

    def _hold(self, connection: Connection, station: str) -> None:
        """Whoever stores of this station waits."""
        asked = f"select id from stations where station = :station {connection.for_update}"
        connection.execute(asked, {"station": station}).fetchone()

    def _id(self, connection: Connection, station: str) -> int:
        asked = "select id from stations where station = :station"
        found = connection.execute(asked, {"station": station}).fetchone()
        if found is None:
            raise NotFound(f"there is no station {station}")
        return int(found["id"])

    def _ledgers(self, connection: Connection, station: str, epoch: str | None) -> list[dict[str, Any]]:
        rows = connection.execute(_LEDGERS, {"station": station, "most": MAX_ROW}).fetchall()
        found = [dict(row) for row in rows if epoch in (None, row["epoch"])]
        if not found:
            known = ", ".join(row["epoch"] for row in rows)
            wanted = f"ledger {epoch}; it has {known}" if rows else "ledger here"
            raise NotFound(f"{station} has no {wanted}")
        return found


def _total(connection: Connection, epoch: int, total: Total) -> Mapping[str, Any] | None:
    asked = f"select passages, vehicles, persons from tallies where {_KEY}"
    named = {name: value for name, value in asdict(total).items() if name not in ("passages", "vehicles", "persons")}
    row = connection.execute(asked, named | {"epoch_id": epoch}).fetchone()
    return None if row is None else dict(row)


def _counts(row: Mapping[str, Any]) -> str:
    return "/".join(str(row[name]) for name in ("passages", "vehicles", "persons"))
