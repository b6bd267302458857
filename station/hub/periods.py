"""Local days and hours over tallies that are kept by UTC minute."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from station.domain.moment import minute_of

# Every offset of a time zone in use is a whole number of these, so a local hour or day is one too.
QUARTER = "substr(tallies.minute, 1, 14) || printf('%02d', substr(tallies.minute, 15, 2) / 15 * 15)"


def day_bounds(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The local day that holds ``at``: its first moment and the next day's."""
    day = at.astimezone(zone).date()
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def whole_minutes(begin: datetime, end: datetime) -> tuple[datetime, datetime]:
    """The period widened to whole minutes, for a tally is of one."""
    late = end.replace(second=0, microsecond=0)
    return begin.replace(second=0, microsecond=0), late if late == end else late + timedelta(minutes=1)


def minutes_between(begin: datetime, end: datetime) -> tuple[str, str]:
    """Bounds for the minutes of tallies, the second one not included."""
    return minute_of(begin), minute_of(end)


def local_hour(quarter: str, zone: ZoneInfo) -> str:
    return _local(quarter, zone).replace(minute=0).isoformat()


def local_day(quarter: str, zone: ZoneInfo) -> str:
    return _local(quarter, zone).date().isoformat()


LOCAL: Mapping[str, Callable[[str, ZoneInfo], str]] = {"hour": local_hour, "day": local_day}


def _local(quarter: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(f"{quarter}Z").astimezone(zone)
