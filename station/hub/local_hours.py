"""Which local hour a tally's minute lies in. Hours are the grain of summaries: local days are made of whole ones,
whatever the time zone does with its clocks."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from station.domain.moment import minute_of

_QUARTER = timedelta(minutes=15)  # every offset of a time zone in use is a whole number of these
_REMEMBERED = 20_000  # minutes: a fortnight's; live traffic is about one at a time


class Hour(NamedTuple):
    """From the minute ``begin`` to before ``until``, both UTC, on the local day ``day``. It is shorter than an hour
    where a zone moves its clocks by less."""

    begin: str
    until: str
    day: str


class LocalHours:
    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.of = lru_cache(_REMEMBERED)(self._of)

    def at(self, minute: str) -> Hour:
        """As ``of``, for a minute that is of known time."""
        hour = self.of(minute)
        assert hour is not None
        return hour

    def _of(self, minute: str) -> Hour | None:
        """None for a minute of unknown time."""
        if minute.startswith("boot:"):
            return None
        at = datetime.fromisoformat(minute).astimezone(UTC)
        quarter = at - (at - datetime.min.replace(tzinfo=UTC)) % _QUARTER
        name, begin, until = self._name(quarter), quarter, quarter + _QUARTER
        while self._name(begin - _QUARTER) == name:
            begin -= _QUARTER
        while self._name(until) == name:
            until += _QUARTER
        return Hour(minute_of(begin), minute_of(until), begin.astimezone(self.zone).date().isoformat())

    def bounds(self, day: str) -> tuple[str, str]:
        """The first minute of a local day and the first of the next."""
        begin = date.fromisoformat(day)
        first, last = (datetime.combine(begin + timedelta(days=more), time(), self.zone) for more in (0, 1))
        return minute_of(first), minute_of(last)

    def first_day(self, minute: str) -> str:
        """The first local day that begins at this minute or after it."""
        day = self.at(minute).day
        if self.bounds(day)[0] >= minute:
            return day
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()

    def _name(self, at: datetime) -> str:
        """Two hours of the same number, when clocks are put back, differ in their offset."""
        return f"{at.astimezone(self.zone):%Y-%m-%dT%H%z}"
