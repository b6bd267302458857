"""Measuring side by side: every contender gets the same small slice of work in turn, so that whatever else the
machine does meanwhile hits all of them alike."""

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Laps:
    """Seconds per item, one value a slice; and the sums over everything."""

    items: int = 0
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    cpu_sum: float = 0.0
    wall_sum: float = 0.0

    def add(self, items: int, cpu: float, wall: float) -> None:
        self.items += items
        self.cpu.append(cpu / items)
        self.wall.append(wall / items)
        self.cpu_sum += cpu
        self.wall_sum += wall

    @property
    def cpu_mean_ms(self) -> float:
        return self.cpu_sum / self.items * 1000

    @property
    def cpu_median_ms(self) -> float:
        return statistics.median(self.cpu) * 1000

    @property
    def wall_median_ms(self) -> float:
        return statistics.median(self.wall) * 1000

    @property
    def per_second(self) -> float:
        """Items a second by the clock on the wall, in the median slice."""
        return 1 / statistics.median(self.wall)


def interleaved(
    contenders: Mapping[str, Callable[[Sequence[T]], object]],
    slices: Iterable[Sequence[T]],
    cpu: Callable[[], float] = time.process_time,
    wall: Callable[[], float] = time.perf_counter,
) -> dict[str, Laps]:
    """Give every contender every slice, a different one first each time. CPU is the whole process's, because readers
    may have threads of their own; nobody else works meanwhile."""
    laps = {name: Laps() for name in contenders}
    turns = deque(contenders)
    for work in slices:
        for name in turns:
            cpu_began, wall_began = cpu(), wall()
            contenders[name](work)
            laps[name].add(len(work), cpu() - cpu_began, wall() - wall_began)
        turns.rotate(-1)
    return laps


def ratio(of: Sequence[float], to: Sequence[float]) -> float:
    """Median of the ratios slice by slice; slices too short for the clock to see are left out."""
    ratios = [one / other for one, other in zip(of, to, strict=True) if other > 0]
    return statistics.median(ratios) if ratios else float("nan")


def percentile(values: Iterable[float], percent: float) -> float:
    """Nearest-rank percentile, as the station's own. :raises ValueError: nothing was measured."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def sliced(items: Iterable[T], size: int) -> Iterable[list[T]]:
    """The items in order, ``size`` at a time; never more than one slice is held."""
    held: list[T] = []
    for item in items:
        held.append(item)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held
