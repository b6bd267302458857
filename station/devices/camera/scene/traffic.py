"""Which vehicle is where at which moment. Pure arithmetic over a seed; nothing is drawn here."""

import bisect
import random
from collections.abc import Sequence
from dataclasses import dataclass

RAISING = 0.35
LOWERING = 0.25


@dataclass(frozen=True, slots=True)
class Visit:
    """One vehicle's stay. The moments follow each other: an empty road from ``begins``, the vehicle comes into view,
    stands, its codes are fully visible, are being lowered, it drives off, it is gone."""

    number: int
    texts: tuple[str, ...]
    light: float
    light_before: float
    begins: float
    enters: float
    stands: float
    visible: float
    hidden: float
    leaves: float
    gone: float

    def light_at(self, t: float) -> float:
        """Daylight as a factor, changing over the empty road ahead of the vehicle."""
        share = min(1.0, max(0.0, (t - self.begins) / (self.enters - self.begins)))
        return self.light_before + (self.light - self.light_before) * share


class Traffic:
    """Every vehicle once, in the order given. ``seconds`` > 0: none starts that would not be gone by then."""

    def __init__(self, vehicles: Sequence[Sequence[str]], seed: int, seconds: float = 0) -> None:
        self._vehicles = vehicles
        self._seed = seed
        self._seconds = seconds
        self._visits: list[Visit] = []
        self._begins: list[float] = []

    def at(self, t: float) -> Visit | None:
        """The visit a moment belongs to; None once the last vehicle has gone."""
        self._plan_until(t)
        index = bisect.bisect_right(self._begins, t) - 1
        if index < 0 or t >= self._visits[index].gone:
            return None
        return self._visits[index]

    def shown_by(self, t: float, after: int = 0) -> list[Visit]:
        """The visits whose codes had become visible by ``t``, from number ``after`` on."""
        self._plan_until(t)
        return [visit for visit in self._visits[after:] if visit.visible <= t]

    def visit(self, number: int) -> Visit | None:
        """The n-th visit from 0, or None where the traffic ends before it."""
        while len(self._visits) <= number and self._plan_next():
            pass
        return self._visits[number] if number < len(self._visits) else None

    def last_light(self) -> float:
        return self._visits[-1].light if self._visits else 1.0

    def _plan_until(self, t: float) -> None:
        while (not self._visits or self._visits[-1].gone <= t) and self._plan_next():
            pass

    def _plan_next(self) -> bool:
        number = len(self._visits)
        if number >= len(self._vehicles):
            return False
        visit = self._planned(number, self._visits[-1] if self._visits else None)
        if self._seconds and visit.gone > self._seconds:
            return False
        self._visits.append(visit)
        self._begins.append(visit.begins)
        return True

    def _planned(self, number: int, before: Visit | None) -> Visit:
        dice = random.Random(f"{self._seed}/{number}/times")
        begins = before.gone if before else 0.0
        enters = begins + dice.uniform(0.6, 1.0)
        stands = enters + dice.uniform(0.85, 1.15)
        visible = stands + RAISING
        hidden = stands + dice.uniform(2.0, 2.4) - LOWERING
        leaves = hidden + LOWERING
        light = dice.uniform(0.35, 1.1)
        return Visit(
            number=number,
            texts=tuple(self._vehicles[number]),
            light=light,
            light_before=before.light if before else light,
            begins=begins,
            enters=enters,
            stands=stands,
            visible=visible,
            hidden=hidden,
            leaves=leaves,
            gone=leaves + dice.uniform(0.85, 1.15),
        )
