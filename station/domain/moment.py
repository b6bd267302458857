"""A point in time together with whether it can be believed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from station.domain.times import utc_text


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened.

    ``utc`` is the wall clock, ``monotonic`` the seconds since this boot (time asleep included), ``boot``
    names the boot. A Pi without a battery-backed clock starts with a wrong ``utc``; ``trusted`` says so,
    and (boot, monotonic) is what the true time is computed from once it is known.
    """

    utc: datetime
    trusted: bool
    boot: str
    monotonic: float

    @property
    def minute(self) -> str:
        """The minute a passage counts in: UTC if the clock is trusted, else minutes since this boot."""
        if self.trusted:
            return minute_of(self.utc)
        return f"boot:{self.boot}+{int(self.monotonic // 60)}"

    @property
    def text(self) -> str:
        """RFC 3339 with offset, millisecond resolution."""
        return utc_text(self.utc)


def minute_of(utc: datetime) -> str:
    """Name the UTC minute that holds ``utc``, as tallies carry it."""
    return f"{utc.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
