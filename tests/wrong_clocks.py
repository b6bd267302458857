"""A machine whose clock may be wrong, trusted all the same, and may be switched off."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from station.domain.moment import Moment
from station.domain.retention import CONFIRM_S, MAX_STEP_S, Retention

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = 3600.0


@dataclass
class Machine:
    """A machine with a clock that may be wrong: ``true`` is what no clock of it knows."""

    true: datetime = BEGIN
    known: Retention = field(default_factory=Retention)
    boots: int = 1
    monotonic: float = 0.0

    def look(self, error: timedelta = timedelta(), *, trusted: bool = True) -> datetime | None:
        now = self.now(error, trusted=trusted)
        self.known = self.known.look(now)
        return self.known.until(now)

    def now(self, error: timedelta = timedelta(), *, trusted: bool = True) -> Moment:
        try:
            utc = self.true + error
        except OverflowError:
            utc = datetime.max.replace(tzinfo=UTC)
        return Moment(utc, trusted, f"boot{self.boots}", self.monotonic)

    def run(self, seconds: float, error: timedelta = timedelta(), *, trusted: bool = True) -> list[datetime | None]:
        """It looks at its clock as often as one look counts for."""
        untils = []
        while seconds > 0:
            step = min(seconds, MAX_STEP_S)
            seconds -= step
            self.advance(step)
            untils.append(self.look(error, trusted=trusted))
        return untils

    def advance(self, seconds: float) -> None:
        self.monotonic += seconds
        self.true += timedelta(seconds=seconds)

    def off(self, duration: timedelta) -> None:
        """Its monotonic clock begins anew."""
        self.true += duration
        self.boots, self.monotonic = self.boots + 1, 0.0


errors = st.one_of(
    st.timedeltas(timedelta(days=-20_000), timedelta(days=2_900_000)),
    st.timedeltas(timedelta(days=-3), timedelta(days=3)),
)
# Less than a day of running with a wrong clock, then a right reading: how long, how wrong, trusted, off before.
stretches = st.lists(
    st.tuples(st.floats(0, 0.9 * CONFIRM_S), errors, st.booleans(), st.timedeltas(timedelta(0), timedelta(days=400))),
    max_size=8,
)
