"""A simulated station's clock: what it says, and whether it can be believed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from station.domain.moment import minute_of


@dataclass(slots=True)
class StationClock:
    """``begin`` is the true time at second 0, in seconds since 1970. ``offset`` is how far the clock is off; until
    ``trusted`` its minutes are counted from the boot."""

    begin: float
    zone: ZoneInfo
    boot: str
    booted: float
    trusted: bool = True
    offset: float = 0.0

    def since_1970(self, at: float) -> float:
        """Seconds, as this clock has it."""
        return self.begin + self.offset + at

    def text(self, at: float) -> str:
        return text_of(self.since_1970(at))

    def minute(self, at: float) -> str:
        if not self.trusted:
            return f"boot:{self.boot}+{int((at - self.booted) // 60)}"
        return _minute(int(self.since_1970(at) // 60))

    def true_minute(self, minute: str) -> str:
        """The minute that one of this boot was, now that the time is known; any other as it is."""
        boot, _, number = minute.rpartition("+")
        return self.minute(self.booted + int(number) * 60.0) if boot == f"boot:{self.boot}" else minute

    def day(self, at: float) -> str:
        return _day(int(self.since_1970(at) // 900), self.zone)


def text_of(since_1970: float) -> str:
    """As ``utc_text`` has it. Of thousands of stations many say the same second."""
    second = int(since_1970)
    return f"{_second(second)}.{int((since_1970 - second) * 1000):03}Z"


@lru_cache(maxsize=4096)
def _second(number: int) -> str:
    return datetime.fromtimestamp(number, UTC).isoformat().removesuffix("+00:00")


@lru_cache(maxsize=4096)
def _minute(number: int) -> str:
    return minute_of(datetime.fromtimestamp(number * 60, UTC))


@lru_cache(maxsize=4096)
def _day(quarter: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(quarter * 900, zone).date().isoformat()
