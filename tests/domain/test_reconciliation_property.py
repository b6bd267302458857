"""Every interleaving of scans, crossings, decisions, timeouts and faults: each crossing is accounted for exactly once.

100,000 histories made up by dice, compared with what the whole of each must come to (lane_history.py).
"""

from dataclasses import replace

import pytest
from lane_history import History, made_up

from station.domain.crossings import (
    Crossing,
    Decided,
    EmergencySwitched,
    Event,
    Expired,
    Fact,
    SensorLost,
    Sighting,
    Tick,
)
from station.domain.reconciliation import LATENESS, Limits, State, recalled, step

HISTORIES = 100_000
CHUNK = 10_000


def facts_of(events: list[Event], limits: Limits, state: State | None = None) -> list[Fact]:
    state = state or State()
    found: list[Fact] = []
    for event in events:
        state, facts = step(state, event, limits)
        found += facts
    assert not state.admissions
    return found


def crossings(facts: list[Fact]) -> list[Crossing]:
    return [fact for fact in facts if isinstance(fact, Crossing)]


def check(history: History) -> None:
    facts = facts_of(history.events, history.limits)
    assert crossings(facts) == history.accounts
    expiries = [fact for fact in facts if isinstance(fact, Expired)]
    assert sorted(expiries, key=str) == sorted(history.expiries, key=str)


@pytest.mark.parametrize("first", range(0, HISTORIES, CHUNK))
def test_every_crossing_and_every_grant_is_accounted_for_exactly_once(first: int) -> None:
    for seed in range(first, first + CHUNK):
        try:
            check(made_up(seed))
        except AssertionError as error:
            raise AssertionError(f"history {seed}: {made_up(seed)}") from error


def test_the_histories_hold_every_account_and_every_absence() -> None:
    facts = [fact for seed in range(2000) for fact in (*made_up(seed).accounts, *made_up(seed).expiries)]
    told = {fact.account if isinstance(fact, Crossing) else fact.absence for fact in facts}
    assert {str(kind) for kind in told} == {
        "matched",
        "unmatched",
        "tailgating",
        "wrong_direction",
        "under_emergency",
        "sensor_fault",
        "turned_back",
        "never_crossed",
        "unverified",
    }


def test_when_the_ticks_come_changes_no_account() -> None:
    for seed in range(1000):
        history = made_up(seed)
        ticked = replace(history, ticks=tuple(float(number) for number in range(100)))
        without = [event for event in history.events if not isinstance(event, Tick)]
        without = [*without, *history.events[-2:]]
        assert crossings(facts_of(ticked.events, history.limits)) == crossings(facts_of(without, history.limits)), seed


def test_what_the_sensor_tells_up_to_a_second_late_is_accounted_for_all_the_same() -> None:
    for seed in range(3000):
        history = made_up(seed)
        once = {decided.passage: decided for decided in history.decisions}
        history = replace(history, decisions=tuple(sorted(once.values(), key=lambda d: d.at)), switches=())
        late = 0.9 * LATENESS
        delayed = sorted(history.events, key=lambda event: event.at + (late if _is_told(event) else 0.0))
        assert crossings(facts_of(delayed, history.limits)) == history.accounts, seed


def _is_told(event: Event) -> bool:
    return isinstance(event, Sighting | SensorLost)


def test_after_a_restart_between_two_crossings_nothing_is_accounted_for_twice_or_forgotten() -> None:
    tried = 0
    for seed in range(3000):
        history = made_up(seed)
        at = next((stay.told + 0.01 for stay in history.stays if not stay.fault), None)
        spans = [*((began, ended) for began, ended, _ in history.crossings), *history.outages]
        if at is None or any(began < at < ended for began, ended in spans):
            continue
        tried += 1
        written = written_down([event for event in history.events if event.at < at], history.limits)
        state = recalled([item for item in written if not isinstance(item, EmergencySwitched)], history.limits)
        for event in (item for item in written if isinstance(item, EmergencySwitched)):
            state, _ = step(state, event, history.limits)  # the panel tells again how the switch stands
        state, _ = step(state, Sighting(False, at), history.limits)
        rest = facts_of([event for event in history.events if event.at >= at], history.limits, state)
        assert crossings([*written, *rest]) == history.accounts, seed
    assert tried > 1000


def written_down(events: list[Event], limits: Limits) -> list[Decided | EmergencySwitched | Fact]:
    """The rows of a ledger: a decision, then what came of the moment."""
    state, written = State(), []
    for event in events:
        state, facts = step(state, event, limits)
        written += [event] if isinstance(event, Decided | EmergencySwitched) else []
        written += facts
    return written
