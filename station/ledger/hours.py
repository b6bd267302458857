"""The local day's passages by hour and lane, for the board of the day. Asked only while somebody looks at it."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from station.domain.moment import minute_of
from station.domain.rounds import HourCounts
from station.ledger.reader import LedgerReader
from station.ledger.schema import PASSAGES_NOW
from station.ledger.store import Ledger


def hours_of_day(ledger: Ledger, lanes: Sequence[str], day: date, zone: ZoneInfo) -> list[HourCounts]:
    """By hour, then lane; an hour without a passage is left out. By lane, because that is how minutes are indexed."""
    begin, end = (datetime.combine(day + timedelta(days=more), time.min, zone).astimezone(UTC) for more in (0, 1))
    reader = LedgerReader(ledger)
    try:
        found = reader.all(
            f"SELECT lane, minute, outcome, sum(passages) AS passages FROM ({PASSAGES_NOW} "  # noqa: S608
            f"AND first.lane IN ({', '.join('?' * len(lanes))}) AND first.minute >= ? AND first.minute < ?) "
            "GROUP BY lane, minute, outcome",
            (*lanes, minute_of(begin), minute_of(end)),
        )
    finally:
        reader.close()
    counts: Counter[tuple[int, str, str]] = Counter()
    for record in found:
        hour = datetime.fromisoformat(record["minute"]).astimezone(zone).hour
        counts[hour, record["lane"], record["outcome"]] += record["passages"]
    places = sorted({(hour, lane) for hour, lane, _ in counts})
    return [
        HourCounts(lane, hour, *(counts[hour, lane, outcome] for outcome in ("granted", "held", "denied")))
        for hour, lane in places
    ]
