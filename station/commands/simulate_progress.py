"""How a simulation goes, line by line on stderr, and what it comes to in the end."""

import sys
from collections.abc import Callable, Sequence

from station.commands.simulate_compare import within
from station.simulation.crew import Ended, Heard

PERCENTS = (50, 95, 99)
Ages = dict[float, float]
"""How many live frames were stored within so many seconds of being said."""


class Progress:
    """``ages`` asks the hub. The drain is over at the first moment when all are connected and the hub has said of all
    that the outage is stored; the ages of live frames until then are those of the drain, those after it are steady."""

    def __init__(self, stations: int, seconds: float, ages: Callable[[], Ages]) -> None:
        self._stations, self._seconds, self._ages = stations, seconds, ages
        self._heard: list[Heard] = []
        self._drained: Heard | None = None
        self._before = self._until_drained = ages()

    def tell(self, heard: Heard) -> None:
        figures, before = heard.figures, self._heard[-1] if self._heard else None
        self._heard.append(heard)
        if self._drained is None and figures.connected == self._stations and not figures.behind:
            self._drained, self._until_drained = heard, self._ages()
        rates = (
            ""
            if before is None
            else f"{_rate(before, heard, 'lives'):6.0f} live/s {_rate(before, heard, 'segments'):6.0f} segments/s "
        )
        late = f" {figures.late:.1f} s late" if figures.late > 1 else ""
        print(
            f"{heard.at:5.0f} s {figures.connected:6} connected {rates}{figures.unacknowledged:8} rows to acknowledge"
            f" ({figures.behind} stations behind){late} {figures.fault}",
            file=sys.stderr,
            flush=True,
        )

    def summary(self, ended: Ended) -> dict[str, object]:
        last = self._heard[-1]
        connected = [heard for heard in self._heard if heard.figures.connected == self._stations]
        steady = [heard for heard in connected if heard.at <= self._seconds]
        return {
            "stations": self._stations,
            "all_connected_after": round(connected[0].at, 1) if connected else None,
            "births": last.figures.births,
            "live_a_second": round(_rate(steady[0], steady[-1], "lives")) if len(steady) > 1 else None,
            "segments": last.figures.segments,
            "passages": ended.passages,
            **self._drain(),
            "acknowledged_ms": {f"p{percent}": _at_percent(ended.waits, percent) for percent in PERCENTS},
            "settled": ended.settled,
            "unacknowledged": last.figures.unacknowledged,
            **self._ages_until_now(),
        }

    def _ages_until_now(self) -> dict[str, object]:
        now = self._ages()
        steady = _within("steady_live_within", self._until_drained, now) if self._drained else {}
        return _within("live_within", self._before, now) | steady

    def _drain(self) -> dict[str, object]:
        if self._drained is None:
            return {"drained_after": None}
        figures, at = self._drained.figures, max(self._drained.at, 1e-9)
        return {
            "drained_after": round(at, 1),
            "drained_rows_a_second": round((figures.rows - figures.unacknowledged) / at),
            "drained_segments_a_second": round(figures.segments / at),
            **_within("drained_live_within", self._before, self._until_drained),
        }


def _within(name: str, before: Ages, after: Ages) -> dict[str, object]:
    return {f"{name}_p{percent}": within(before, after, percent) for percent in PERCENTS} if after else {}


def _rate(first: Heard, last: Heard, name: str) -> float:
    said: int = getattr(last.figures, name) - getattr(first.figures, name)
    return said / max(last.at - first.at, 1e-9)


def _at_percent(waits: Sequence[float], percent: float) -> float | None:
    return round(1000 * waits[min(len(waits) - 1, int(len(waits) * percent / 100))], 1) if waits else None
