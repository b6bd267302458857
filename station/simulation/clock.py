"""A simulated station's clock: what it says, and whether it can be believed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from station.domain.moment import minute_of
from station.domain.times import utc_text


@dataclass(slots=True)
class StationClock:
    """``begin`` is the true time at second 0. ``offset`` is how far the clock is off; until ``trusted`` its minutes
    are counted from the boot."""

    begin: datetime
    zone: ZoneInfo
    boot: str
    booted: float
    trusted: bool = True
    offset: float = 0.0

    def utc(self, at: float) -> datetime:
        return self.begin + timedelta(seconds=at + self.offset)

    def text(self, at: float) -> str:
        return utc_text(self.utc(at))

    def minute(self, at: float) -> str:
        if not self.trusted:
            return f"boot:{self.boot}+{int((at - self.booted) // 60)}"
        return _minute(int(self.utc(at).timestamp() // 60))

    def true_minute(self, minute: str) -> str:
        """The minute that one of this boot was, now that the time is known; any other as it is."""
        boot, _, number = minute.rpartition("+")
        return self.minute(self.booted + int(number) * 60.0) if boot == f"boot:{self.boot}" else minute

    def day(self, at: float) -> str:
        return _day(int(self.utc(at).timestamp() // 900), self.zone)


@lru_cache(maxsize=4096)
def _minute(number: int) -> str:
    return minute_of(datetime.fromtimestamp(number * 60, UTC))


@lru_cache(maxsize=4096)
def _day(quarter: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(quarter * 900, zone).date().isoformat()
