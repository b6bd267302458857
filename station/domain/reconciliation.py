"""Crossings against passages, for one lane: a pure state machine. Nothing passes unseen, and nothing counts twice.

``step`` takes what happened, in any order of kinds, and gives the new state and the facts to be written down. Every
stay in the beam comes to exactly one ``Crossing``; every admission that is not used up or taken back to exactly one
``Expired``. Accounts follow from the times on the events, not from when a tick happened to come: an event may arrive up
to ``LATENESS`` after a younger one.

What stands in the beam when a lost sensor comes back is taken for what stood there when it was lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf
from typing import Final, assert_never

from station.domain.crossings import (
    Absence,
    Account,
    Crossing,
    Decided,
    EmergencySwitched,
    Event,
    Expired,
    Fact,
    Heading,
    SensorLost,
    Sighting,
    Tick,
)

LATENESS: Final = 1.0
REMEMBERED: Final = 32
"""Passages whose crossings are remembered, so that one granted again is not admitted twice."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``direction`` is the lane's: in, out or both. The rest is in seconds: within ``crosses_within`` of its decision a
    granted passage crosses; what follows a crossing within ``tails_within`` used its grant; what stays in the beam
    longer than ``stuck_after`` is a fault of the beam."""

    direction: str = "in"
    crosses_within: float = 120.0
    tails_within: float = 8.0
    stuck_after: float = 60.0


@dataclass(frozen=True, slots=True)
class Admission:
    """``blind``: for a part of its time nobody could see whether it crossed."""

    passage: int
    left: int
    since: float
    until: float
    blind: bool


@dataclass(frozen=True, slots=True)
class Free:
    pass


@dataclass(frozen=True, slots=True)
class Inside:
    """Something is in the beam, not accounted for yet."""

    began: float


@dataclass(frozen=True, slots=True)
class Stuck:
    """Something is in the beam, accounted for already."""


@dataclass(frozen=True, slots=True)
class Blind:
    """The sensor is lost; ``before`` is what it saw last."""

    before: Free | Inside | Stuck


Beam = Free | Inside | Stuck | Blind


@dataclass(frozen=True, slots=True)
class State:
    """``admissions`` by age of their decision. ``followed`` is the passage whose crossing was seen last, and its end.
    ``emergency`` is the last time the switch was thrown, from and to. ``used`` counts crossings by passage."""

    beam: Beam = Blind(Free())
    admissions: tuple[Admission, ...] = ()
    followed: tuple[int, float] | None = None
    emergency: tuple[float, float] = (-inf, -inf)
    used: tuple[tuple[int, int], ...] = ()


def step(state: State, event: Event, limits: Limits) -> tuple[State, tuple[Fact, ...]]:
    state, facts = _time_passed(state, event.at, limits)
    more: tuple[Fact, ...] = ()
    match event:
        case Sighting(occupied=True):
            state, more = _entered(state, event.at, limits)
        case Sighting():
            state, more = _left(state, event, limits)
        case SensorLost():
            state = _lost(state)
        case Decided():
            state = _admitted(state, event, limits)
        case EmergencySwitched():
            state = replace(state, emergency=_emergency(state.emergency, event))
        case Tick():
            pass
        case _:
            assert_never(event)
    return state, (*facts, *more)


def recalled(history: Iterable[Decided | Fact], limits: Limits) -> State:
    """The state after a restart, from what was written down, oldest first (a decision and what expired at that moment
    in any order). Nobody watched meanwhile, so what is still admitted can no longer be said never to have crossed."""
    state = State()
    for item in history:
        match item:
            case Decided():
                state = _admitted(state, item, limits)
            case Crossing(passage=int() as passage):
                state = _crossed(state, item.account, passage, item.ended)
            case Expired():
                gone = [a for a in state.admissions if a.passage == item.passage and a.until < item.at]
                state = replace(state, admissions=tuple(a for a in state.admissions if a not in gone))
    return state


# Time


def _time_passed(state: State, now: float, limits: Limits) -> tuple[State, tuple[Fact, ...]]:
    state, stuck = _stuck_by(state, now, limits)
    if _inside(state.beam) is not None:
        return state, stuck  # what is in the beam may be what was admitted
    over = tuple(admission for admission in state.admissions if now > admission.until + LATENESS)
    if over:
        state = replace(state, admissions=tuple(a for a in state.admissions if a not in over))
    return state, (*stuck, *(_expired(admission, now) for admission in over))


def _stuck_by(state: State, now: float, limits: Limits) -> tuple[State, tuple[Fact, ...]]:
    inside = _inside(state.beam)
    if inside is None or now <= inside.began + limits.stuck_after + LATENESS:
        return state, ()
    beam = Blind(Stuck()) if isinstance(state.beam, Blind) else Stuck()
    return _blinded(replace(state, beam=beam)), (_fault(inside, inf, limits),)


def _expired(admission: Admission, now: float) -> Expired:
    absence = Absence.UNVERIFIED if admission.blind else Absence.NEVER_CROSSED
    return Expired(admission.passage, admission.left, absence, now)


# The beam


def _inside(beam: Beam) -> Inside | None:
    """What is in the beam and not accounted for, seen or not."""
    beam = beam.before if isinstance(beam, Blind) else beam
    return beam if isinstance(beam, Inside) else None


def _entered(state: State, at: float, limits: Limits) -> tuple[State, tuple[Fact, ...]]:
    match state.beam:
        case Blind(before=Inside() | Stuck() as before):
            return replace(state, beam=before), ()
        case Inside() as earlier:  # its end was missed
            return _blinded(replace(state, beam=Inside(at))), (_fault(earlier, at, limits),)
        case _:
            return replace(state, beam=Inside(at)), ()


def _left(state: State, event: Sighting, limits: Limits) -> tuple[State, tuple[Fact, ...]]:
    beam, state = state.beam, replace(state, beam=Free())
    match beam:
        case Inside(began=began) if event.at - began <= limits.stuck_after:
            return _accounted(state, began, event, limits)
        case Inside() as inside:
            return _blinded(state), (_fault(inside, event.at, limits),)
        case Blind(before=Inside() as inside):  # it went while nobody saw
            return state, (_fault(inside, event.at, limits),)
        case _:
            return state, ()


def _lost(state: State) -> State:
    beam = state.beam if isinstance(state.beam, Blind) else Blind(state.beam)
    return _blinded(replace(state, beam=beam))


def _blinded(state: State) -> State:
    """What is admitted now may cross unseen."""
    return replace(state, admissions=tuple(replace(admission, blind=True) for admission in state.admissions))


def _fault(inside: Inside, ended: float, limits: Limits) -> Crossing:
    ended = min(ended, inside.began + limits.stuck_after)
    return Crossing(Account.SENSOR_FAULT, None, inside.began, ended, Heading.UNKNOWN)


# Accounts


def _accounted(state: State, began: float, event: Sighting, limits: Limits) -> tuple[State, tuple[Fact, ...]]:
    account, passage = _account(state, began, event, limits)
    if passage is not None:
        state = _crossed(state, account, passage, event.at)
    return state, (Crossing(account, passage, began, event.at, event.heading),)


def _account(state: State, began: float, event: Sighting, limits: Limits) -> tuple[Account, int | None]:
    if event.heading is Heading.TURNED_BACK:
        return Account.TURNED_BACK, None
    if event.heading is Heading.BACKWARD and limits.direction != "both":
        return Account.WRONG_DIRECTION, None
    for admission in state.admissions:
        if admission.since <= event.at and began <= admission.until:
            return Account.MATCHED, admission.passage
    since, until = state.emergency
    if since <= event.at and began <= until:
        return Account.UNDER_EMERGENCY, None
    if state.followed is not None and began - state.followed[1] <= limits.tails_within:
        return Account.TAILGATING, state.followed[0]
    return Account.UNMATCHED, None


def _crossed(state: State, account: Account, passage: int, ended: float) -> State:
    """A crossing was matched with a passage, or followed one."""
    state = replace(state, followed=(passage, ended))
    if account is not Account.MATCHED:
        return state
    rest = tuple(item for item in state.used if item[0] != passage)
    fewer = (replace(a, left=a.left - 1) if a.passage == passage else a for a in state.admissions)
    return replace(
        state,
        used=(*rest, (passage, _used(state, passage) + 1))[-REMEMBERED:],
        admissions=tuple(admission for admission in fewer if admission.left),
    )


# Decisions


def _admitted(state: State, event: Decided, limits: Limits) -> State:
    """A passage decided anew is admitted anew, behind those decided before; what crossed already is not forgotten."""
    admissions = _without(state.admissions, event.passage)
    left = event.admits - _used(state, event.passage)
    if left > 0:
        blind = isinstance(state.beam, Blind | Stuck)
        fresh = Admission(event.passage, left, event.at, event.at + limits.crosses_within, blind)
        admissions = tuple(sorted((*admissions, fresh), key=lambda admission: admission.since))
    return replace(state, admissions=admissions)


def _without(admissions: tuple[Admission, ...], passage: int) -> tuple[Admission, ...]:
    return tuple(admission for admission in admissions if admission.passage != passage)


def _used(state: State, passage: int) -> int:
    return dict(state.used).get(passage, 0)


def _emergency(last: tuple[float, float], event: EmergencySwitched) -> tuple[float, float]:
    since, until = last
    if event.on:
        return last if until == inf else (event.at, inf)
    return (since, event.at) if until == inf else last
