"""Local days and hours over tallies that are kept by UTC minute."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from station.domain.moment import minute_of


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


def local_hour(minute: str, zone: ZoneInfo) -> str:
    """The name of the local hour that holds a minute."""
    return datetime.fromisoformat(minute).astimezone(zone).replace(minute=0).isoformat()
