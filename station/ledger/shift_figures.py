"""A shift's passages, crossings and emergencies, lane by lane. Asked only when somebody looks; names nobody."""

import sqlite3
from collections.abc import Iterable, Sequence

from station.domain.crossing_rows import account_of
from station.domain.decision import Outcome
from station.domain.event_rows import Recorded
from station.domain.events.emergency import EmergencyThrown
from station.domain.passage import Row
from station.domain.shift_figures import LaneFigures
from station.ledger.reader import LedgerReader
from station.ledger.schema import PASSAGES_NOW
from station.ledger.store import Ledger

_OF_TYPE = "SELECT * FROM ledger WHERE type = ? AND seq > ?"
_BY_OUTCOME = ", ".join(f"sum(passages * (outcome = '{outcome}')) AS {outcome}" for outcome in Outcome)


def shift_figures(ledger: Ledger, after: int, lanes: Sequence[str]) -> tuple[LaneFigures, ...]:
    """What happened behind row ``after``, for every lane; those that nothing happened at are all zero."""
    reader = LedgerReader(ledger)
    try:
        unmatched = _unmatched(ledger.rows(reader.all(_OF_TYPE, ("crossing", after))))
        thrown = _thrown(ledger.events(reader.all(_OF_TYPE, ("event", after))))
        sums = {
            record["lane"]: record
            for record in reader.all(
                f"SELECT lane, sum(vehicles) AS vehicles, sum(persons) AS persons, {_BY_OUTCOME} "  # noqa: S608
                f"FROM ({PASSAGES_NOW} AND first.seq > ?) GROUP BY lane",
                (after,),
            )
        }
    finally:
        reader.close()
    return tuple(_of_lane(lane, sums.get(lane), unmatched.count(lane), thrown.count(lane)) for lane in lanes)


def _of_lane(lane: str, sums: sqlite3.Row | None, unmatched: int, emergencies: int) -> LaneFigures:
    if sums is None:
        return LaneFigures(lane, unmatched=unmatched, emergencies=emergencies)
    counted = (sums["granted"], sums["held"], sums["denied"], sums["vehicles"], sums["persons"])
    return LaneFigures(lane, *counted, unmatched, emergencies)


def _unmatched(rows: Iterable[Row]) -> list[str]:
    """The lane of every crossing without a decision."""
    return [row.entry.key.lane for row in rows if (account := account_of(row.entry)) and account.without_decision]


def _thrown(events: Iterable[Recorded]) -> list[str]:
    """The lane of every time that an emergency-open switch was thrown."""
    return [row.lane for row in events if isinstance(row.event, EmergencyThrown)]
