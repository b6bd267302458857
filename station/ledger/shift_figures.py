"""A shift's passages, crossings and emergencies, lane by lane. Asked only when somebody looks; names nobody."""

import sqlite3
from collections.abc import Iterator, Sequence

from station.domain.crossing_rows import account_of
from station.domain.decision import Outcome
from station.domain.event_rows import recorded
from station.domain.events.emergency import EmergencyThrown
from station.domain.passage import Personal, Row
from station.domain.shift_figures import LaneFigures
from station.ledger.rows import row_of
from station.ledger.schema import PASSAGES_NOW
from station.ledger.store import Ledger, connect_to_read

_BY_OUTCOME = ", ".join(f"sum(passages * (outcome = '{outcome}')) AS {outcome}" for outcome in Outcome)


def shift_figures(ledger: Ledger, after: int, lanes: Sequence[str]) -> tuple[LaneFigures, ...]:
    """What happened behind row ``after``, for every lane; those that nothing happened at are all zero."""
    connection = connect_to_read(ledger.path)
    try:
        unmatched, thrown = _unmatched(connection, after), _thrown(connection, after)
        sums = {
            record["lane"]: record
            for record in connection.execute(
                f"SELECT lane, sum(vehicles) AS vehicles, sum(persons) AS persons, {_BY_OUTCOME} "  # noqa: S608
                f"FROM ({PASSAGES_NOW} AND first.seq > ?) GROUP BY lane",
                (after,),
            )
        }
    finally:
        connection.close()
    return tuple(_of_lane(lane, sums.get(lane), unmatched.count(lane), thrown.count(lane)) for lane in lanes)


def _of_lane(lane: str, sums: sqlite3.Row | None, unmatched: int, emergencies: int) -> LaneFigures:
    if sums is None:
        return LaneFigures(lane, unmatched=unmatched, emergencies=emergencies)
    counted = (sums["granted"], sums["held"], sums["denied"], sums["vehicles"], sums["persons"])
    return LaneFigures(lane, *counted, unmatched, emergencies)


def _unmatched(connection: sqlite3.Connection, after: int) -> list[str]:
    """The lane of every crossing without a decision."""
    rows = _rows(connection, "crossing", after)
    return [row.entry.key.lane for row in rows if (account := account_of(row.entry)) and account.without_decision]


def _thrown(connection: sqlite3.Connection, after: int) -> list[str]:
    """The lane of every time that an emergency-open switch was thrown."""
    rows = recorded(_rows(connection, "event", after))
    return [row.lane for row in rows if isinstance(row.event, EmergencyThrown)]


def _rows(connection: sqlite3.Connection, kind: str, after: int) -> Iterator[Row]:
    found = connection.execute("SELECT * FROM ledger WHERE type = ? AND seq > ?", (kind, after))
    return (row_of(record, Personal()) for record in found)
