"""Counts of the local day, folded from ledger rows: rebuilt from the table at a start or a new day, never stored."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from station.domain.crossing_rows import account_of
from station.domain.decision import Outcome
from station.domain.moment import Moment, minute_of
from station.domain.passage import Entry, EntryType, LaneCounts, Row

_NO_ROW = 2**63 - 1
_VEHICLES, _PERSONS = "vehicles", "persons"
_CROSSINGS, _UNMATCHED = "crossings", "unmatched"


@dataclass(frozen=True, slots=True)
class _Standing:
    """What one passage counts for now."""

    lane: str
    outcome: Outcome
    passages: int
    vehicles: int
    persons: int

    def counted(self) -> Counter[str]:
        return Counter({self.outcome.value: self.passages, _VEHICLES: self.vehicles, _PERSONS: self.persons})


class DayCounts:
    """Each row costs the same however long the day was: the passage's old standing is taken off, its new one added."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._day: date | None = None
        self._standings: dict[int, _Standing] = {}
        self._totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._last_at: dict[str, str] = {}

    def holds(self, now: Moment) -> bool:
        """Whether the counts are of the local day of ``now``."""
        return self._day == self._local_day(now)

    def begin(
        self, now: Moment, rows: Callable[[str, tuple[str | int, ...]], Iterable[Row]], before: int = _NO_ROW
    ) -> None:
        """Start the local day of ``now`` from what the table holds of it.

        :param rows: those of a question. :param before: leave out rows from here on.
        """
        self._day = self._local_day(now)
        self._standings.clear()
        self._totals.clear()
        self._last_at.clear()
        start = datetime.combine(self._day, time.min, self._zone).astimezone(UTC)
        # ``boot:`` minutes sort after every UTC minute, so passages of unknown time are looked at as well.
        found = rows(
            "SELECT * FROM ledger WHERE passage IN "
            "(SELECT seq FROM ledger WHERE type IN ('passage', 'crossing') AND minute >= ?) "
            "AND seq < ? ORDER BY seq",
            (minute_of(start), before),
        )
        for row in found:
            self.count(row)

    def count(self, row: Row) -> None:
        """Fold one row in; a row of a passage of another day changes nothing."""
        if row.entry.type is EntryType.CROSSING:
            self._count_crossing(row.entry)
            return
        if row.entry.type is EntryType.EVENT:
            return
        entry, before = row.entry, self._standings.get(row.passage)
        begins = row.passage == row.seq and self._local_day(entry.at) == self._day
        if before is None and not begins:
            return
        if before is not None:
            self._totals[before.lane].subtract(before.counted())
        after = _Standing(entry.key.lane, entry.key.outcome, entry.passages, entry.vehicles, entry.persons)
        self._totals[after.lane].update(after.counted())
        self._standings[row.passage] = after
        self._last_at[after.lane] = entry.at.text

    def _count_crossing(self, entry: Entry) -> None:
        account = account_of(entry)
        if account is not None and self._local_day(entry.at) == self._day:
            self._totals[entry.key.lane].update(
                {_CROSSINGS: int(account.crossed), _UNMATCHED: int(account.without_decision)}
            )

    def of(self, lane: str) -> LaneCounts:
        totals = self._totals[lane]
        return LaneCounts(
            granted=totals[Outcome.GRANTED],
            held=totals[Outcome.HELD],
            denied=totals[Outcome.DENIED],
            vehicles=totals[_VEHICLES],
            persons=totals[_PERSONS],
            crossings=totals[_CROSSINGS],
            unmatched=totals[_UNMATCHED],
            last_at=self._last_at.get(lane, ""),
        )

    def _local_day(self, at: Moment) -> date:
        return at.utc.astimezone(self._zone).date()
