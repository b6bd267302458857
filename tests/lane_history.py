"""A lane's history made up by dice, what a sensor tells of it, and what it must come to: worked out from the whole of
it at once, after the fact, with nothing of the state machine in it."""

import random
from dataclasses import dataclass
from functools import cached_property
from math import inf

from station.domain.crossings import (
    Absence,
    Account,
    Crossing,
    Decided,
    EmergencySwitched,
    Event,
    Expired,
    Heading,
    SensorLost,
    Sighting,
    Tick,
)
from station.domain.reconciliation import LATENESS, Limits

LIMITS = {
    direction: Limits(direction, crosses_within=20.0, tails_within=4.0, stuck_after=10.0)
    for direction in ("in", "both")
}
HEADINGS = (Heading.UNKNOWN, Heading.FORWARD, Heading.FORWARD, Heading.BACKWARD, Heading.TURNED_BACK)
END = 10_000.0


@dataclass(frozen=True, slots=True)
class Stay:
    """Something in the beam, as far as it was seen. ``told`` is when the sensor says that it has gone."""

    began: float
    ended: float
    told: float
    heading: Heading
    fault: bool


@dataclass(frozen=True)
class History:
    """``outages`` are the times without a sensor; nothing really crosses in two places at once."""

    limits: Limits
    crossings: tuple[tuple[float, float, Heading], ...]
    outages: tuple[tuple[float, float], ...]
    decisions: tuple[Decided, ...]
    switches: tuple[EmergencySwitched, ...]
    ticks: tuple[float, ...]

    @cached_property
    def events(self) -> list[Event]:
        told = [*self._sensor(), *self.decisions, *self.switches, *(Tick(at) for at in self.ticks)]
        return [*sorted(told, key=lambda event: event.at), Tick(END), Tick(END + 100)]

    def _sensor(self) -> list[Event]:
        told: list[Event] = []
        for began, ended, heading in self.crossings:
            if self._seen(began):
                told.append(Sighting(True, began))
            if self._seen(ended):
                told.append(Sighting(False, ended, heading))
        for lost, back in self.outages:
            if lost > 0:
                told.append(SensorLost(lost))
            if back < inf:
                told.append(Sighting(any(b < back < e for b, e, _ in self.crossings), back))
        return told

    def _seen(self, at: float) -> bool:
        return not any(lost < at < back for lost, back in self.outages)

    # What it must come to

    @cached_property
    def stays(self) -> list[Stay]:
        return [stay for crossing in self.crossings if (stay := self._stay(*crossing)) is not None]

    def _stay(self, began: float, ended: float, heading: Heading) -> Stay | None:
        hidden = next((back for lost, back in self.outages if lost < began < back), began)
        if hidden >= ended:
            return None
        gone = next((back for lost, back in self.outages if lost < ended < back), None)
        told = ended if gone is None else gone
        latest = hidden + self.limits.stuck_after
        fault = gone is not None or told > latest
        return Stay(hidden, min(told, latest) if fault else ended, told, heading, fault)

    @cached_property
    def accounts(self) -> list[Crossing]:
        used: dict[int, int] = {}
        followed: tuple[int, float] | None = None
        found = []
        for stay in self.stays:
            account, passage = self._account(stay, used, followed)
            heading = Heading.UNKNOWN if stay.fault else stay.heading
            found.append(Crossing(account, passage, stay.began, stay.ended, heading))
            if passage is not None:
                followed = passage, stay.ended
            if account is Account.MATCHED:
                assert passage is not None
                used[passage] = used.get(passage, 0) + 1
        return found

    def _account(
        self, stay: Stay, used: dict[int, int], followed: tuple[int, float] | None
    ) -> tuple[Account, int | None]:
        limits = self.limits
        if stay.fault:
            return Account.SENSOR_FAULT, None
        if stay.heading is Heading.TURNED_BACK:
            return Account.TURNED_BACK, None
        if stay.heading is Heading.BACKWARD and limits.direction == "in":
            return Account.WRONG_DIRECTION, None
        standing = {decided.passage: decided for decided in self.decisions if decided.at < stay.ended}
        admitted = [
            decided
            for decided in standing.values()
            if decided.admits > used.get(decided.passage, 0) and stay.began <= decided.at + limits.crosses_within
        ]
        if admitted:
            return Account.MATCHED, min(admitted, key=lambda decided: decided.at).passage
        if any(on < stay.ended and off > stay.began for on, off in self._emergencies()):
            return Account.UNDER_EMERGENCY, None
        if followed is not None and stay.began - followed[1] <= limits.tails_within:
            return Account.TAILGATING, followed[0]
        return Account.UNMATCHED, None

    def _emergencies(self) -> list[tuple[float, float]]:
        spans: list[tuple[float, float]] = []
        for switched in self.switches:
            if switched.on and (not spans or spans[-1][1] < inf):
                spans.append((switched.at, inf))
            elif not switched.on and spans and spans[-1][1] == inf:
                spans[-1] = spans[-1][0], switched.at
        return spans

    @cached_property
    def expiries(self) -> list[Expired]:
        times = [event.at for event in self.events]
        crossed = [(fact.passage, fact.ended) for fact in self.accounts if fact.account is Account.MATCHED]
        found = []
        for decided in self.decisions:
            over = next(
                at for at in times if at > decided.at + self.limits.crosses_within + LATENESS and self._clear(at)
            )
            later = [other.at for other in self.decisions if other.passage == decided.passage and other.at > decided.at]
            used = sum(passage == decided.passage and ended < over for passage, ended in crossed)
            if decided.admits > used and not (later and later[0] < over):
                blind = self._blind_between(decided.at, over, times)
                absence = Absence.UNVERIFIED if blind else Absence.NEVER_CROSSED
                found.append(Expired(decided.passage, decided.admits - used, absence, over))
        return found

    def _clear(self, at: float) -> bool:
        """Nothing is in the beam that may still turn out to be somebody."""
        latest = self.limits.stuck_after + LATENESS
        return not any(stay.began < at <= stay.told and at <= stay.began + latest for stay in self.stays)

    def _blind_between(self, since: float, until: float, times: list[float]) -> bool:
        if any(lost < until and back > since for lost, back in self.outages):
            return True
        for stay in self.stays:
            stuck = stay.began + self.limits.stuck_after
            if stay.fault and stay.told > stuck:
                noticed = next(at for at in times if at > stuck + LATENESS or at >= stay.told)
                if since < stay.told and until >= noticed:
                    return True
        return False


def made_up(seed: int) -> History:
    dice = random.Random(seed)
    limits = LIMITS[dice.choice(("in", "in", "both"))]
    crossings = _crossings(dice)
    horizon = (crossings[-1][1] if crossings else 0.0) + 30
    outages = [(0.0, dice.uniform(0.1, 3.0)), *_outages(dice, horizon)]
    return History(
        limits,
        tuple(crossings),
        tuple(outage for outage in outages if not _ambiguous(outage, crossings)),
        tuple(_decisions(dice, horizon)),
        tuple(EmergencySwitched(dice.random() < 0.6, at) for at in _times(dice, horizon, (0, 0, 0, 1, 2, 4))),
        tuple(_times(dice, horizon, (0, 1, 5))),
    )


def _crossings(dice: random.Random) -> list[tuple[float, float, Heading]]:
    found, at = [], 3.0
    for _ in range(dice.choice((1, 2, 3, 5, 8))):
        at += dice.choice((0.2, 1.0, 3.0, 6.0, 15.0, 30.0)) * dice.uniform(0.5, 1.5)
        took = dice.choice((0.3, 1.0, 3.0, 9.0, 11.0, 30.0)) * dice.uniform(0.8, 1.2)
        found.append((at, at + took, dice.choice(HEADINGS)))
        at += took
    return found


def _outages(dice: random.Random, horizon: float) -> list[tuple[float, float]]:
    edges = _times(dice, horizon, (0, 0, 2, 4))
    found = list(zip(edges[::2], edges[1::2], strict=True))
    return [*found[:-1], (found[-1][0], inf)] if found and dice.random() < 0.2 else found


def _ambiguous(outage: tuple[float, float], crossings: list[tuple[float, float, Heading]]) -> bool:
    """It begins with one thing in the beam and ends with another: nobody can tell these two apart."""
    inside = [[crossing for crossing in crossings if crossing[0] < edge < crossing[1]] for edge in outage]
    return bool(inside[0] and inside[1] and inside[0] != inside[1])


def _decisions(dice: random.Random, horizon: float) -> list[Decided]:
    times = _times(dice, horizon, (0, 1, 3, 6))
    return [Decided(dice.randrange(1, 5), dice.choice((0, 1, 1, 1, 2, 3)), at) for at in times]


def _times(dice: random.Random, horizon: float, counts: tuple[int, ...]) -> list[float]:
    return sorted(dice.uniform(3.0, horizon) for _ in range(dice.choice(counts)))
