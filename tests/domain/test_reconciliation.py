"""Reconciliation, case by case; every interleaving is in test_reconciliation_property.py."""

from dataclasses import replace

import pytest
from made import a_moment

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
    decided,
)
from station.domain.decision import Outcome
from station.domain.passage import Entry, EntryType, TallyKey
from station.domain.passes import TrafficKind
from station.domain.reconciliation import LATENESS, REMEMBERED, Limits, State, recalled, step
from station.domain.situation import LaneKind

LIMITS = Limits("in", crosses_within=120.0, tails_within=8.0, stuck_after=60.0)
WELL = Sighting(False, 0.0)


def told(*events: Event, limits: Limits = LIMITS) -> list[Fact]:
    state, found = State(), []
    for event in (WELL, *events):
        state, facts = step(state, event, limits)
        found += facts
    return found


def passing(began: float, ended: float, heading: Heading = Heading.UNKNOWN) -> tuple[Sighting, Sighting]:
    return Sighting(True, began), Sighting(False, ended, heading)


def accounts(*events: Event, limits: Limits = LIMITS) -> list[tuple[Account, int | None]]:
    facts = told(*events, limits=limits)
    return [(fact.account, fact.passage) for fact in facts if isinstance(fact, Crossing)]


def test_granted_and_crossed() -> None:
    assert told(Decided(7, 1, 1.0), *passing(5.0, 6.0), Tick(999.0)) == [
        Crossing(Account.MATCHED, 7, 5.0, 6.0, Heading.UNKNOWN)
    ]


def test_granted_and_never_crossed() -> None:
    until = 1.0 + 120.0 + LATENESS
    assert told(Decided(7, 1, 1.0), Tick(until)) == []
    assert told(Decided(7, 1, 1.0), Tick(until + 0.1), Tick(999.0)) == [
        Expired(7, 1, Absence.NEVER_CROSSED, until + 0.1)
    ]


def test_crossed_without_a_decision() -> None:
    assert accounts(*passing(5.0, 6.0)) == [(Account.UNMATCHED, None)]


def test_held_and_denied_admit_nobody() -> None:
    assert accounts(Decided(7, 0, 1.0), *passing(5.0, 6.0)) == [(Account.UNMATCHED, None)]


def test_what_was_granted_and_taken_back_admits_nobody_and_does_not_expire() -> None:
    assert accounts(Decided(7, 1, 1.0), Decided(7, 0, 2.0), *passing(5.0, 6.0)) == [(Account.UNMATCHED, None)]
    assert told(Decided(7, 1, 1.0), Decided(7, 0, 2.0), Tick(999.0)) == []


def test_two_on_one_grant_are_one_match_and_one_that_tailgates() -> None:
    assert accounts(Decided(7, 1, 1.0), *passing(5.0, 6.0), *passing(14.0, 15.0), *passing(23.0, 24.0)) == [
        (Account.MATCHED, 7),
        (Account.TAILGATING, 7),
        (Account.TAILGATING, 7),
    ]


def test_who_comes_too_late_to_have_followed_is_unmatched() -> None:
    assert accounts(Decided(7, 1, 1.0), *passing(5.0, 6.0), *passing(14.1, 15.0))[1] == (Account.UNMATCHED, None)


def test_a_grant_is_good_to_its_last_second_and_while_somebody_is_in_the_beam_on_it() -> None:
    assert accounts(Decided(7, 1, 1.0), *passing(121.0, 150.0)) == [(Account.MATCHED, 7)]
    assert accounts(Decided(7, 1, 1.0), Sighting(True, 121.0), Tick(140.0), Sighting(False, 150.0)) == [
        (Account.MATCHED, 7)
    ]
    assert accounts(Decided(7, 1, 1.0), *passing(121.1, 150.0)) == [(Account.UNMATCHED, None)]


def test_who_stands_in_the_beam_while_he_is_decided_on_has_a_decision() -> None:
    assert accounts(Sighting(True, 1.0), Decided(7, 1, 6.0), Sighting(False, 6.0)) == [(Account.MATCHED, 7)]
    assert accounts(*passing(1.0, 5.9), Decided(7, 1, 6.0)) == [(Account.UNMATCHED, None)]


def test_who_was_decided_on_first_crosses_first() -> None:
    granted = (Decided(7, 1, 1.0), Decided(8, 1, 2.0), Decided(7, 1, 3.0))
    assert accounts(*granted, *passing(5.0, 6.0), *passing(7.0, 8.0)) == [(Account.MATCHED, 8), (Account.MATCHED, 7)]


def test_a_party_on_foot_crosses_one_by_one_and_who_stays_behind_is_told() -> None:
    facts = told(Decided(7, 3, 1.0), *passing(5.0, 6.0), *passing(7.0, 8.0), Tick(999.0))
    assert [fact.passage for fact in facts] == [7, 7, 7]
    assert facts[-1] == Expired(7, 1, Absence.NEVER_CROSSED, 999.0)


def test_a_passage_granted_again_after_it_crossed_is_not_admitted_again() -> None:
    again = (Decided(7, 1, 1.0), *passing(5.0, 6.0), Decided(7, 0, 6.1), Decided(7, 1, 6.2))
    assert accounts(*again, *passing(30.0, 31.0)) == [(Account.MATCHED, 7), (Account.UNMATCHED, None)]
    assert len(told(*again, Tick(999.0))) == 1


def test_what_crossed_is_remembered_while_others_cross() -> None:
    granted = (Decided(7, 1, 1.0), *passing(5.0, 6.0), Decided(1, 2, 7.0), *passing(8.0, 9.0), *passing(10.0, 11.0))
    assert accounts(*granted, Decided(7, 1, 12.0), *passing(30.0, 31.0))[-1] == (Account.UNMATCHED, None)


def test_a_party_that_grew_admits_those_who_came_along() -> None:
    grew = (Decided(7, 1, 1.0), *passing(5.0, 6.0), Decided(7, 2, 10.0))
    assert accounts(*grew, *passing(30.0, 31.0)) == [(Account.MATCHED, 7), (Account.MATCHED, 7)]


def test_only_the_newest_passages_are_remembered() -> None:
    state = State()
    for passage in range(REMEMBERED + 5):
        for event in (Decided(passage, 1, passage * 10.0), *passing(passage * 10.0 + 1, passage * 10.0 + 2)):
            state, _ = step(state, event, LIMITS)
    assert [passage for passage, _ in state.used] == list(range(5, REMEMBERED + 5))


@pytest.mark.parametrize(
    ("direction", "account"),
    [("in", Account.WRONG_DIRECTION), ("out", Account.WRONG_DIRECTION), ("both", Account.MATCHED)],
)
def test_the_wrong_direction_uses_no_grant_except_where_both_are_right(direction: str, account: Account) -> None:
    found = accounts(
        Decided(7, 1, 1.0), *passing(5.0, 6.0, Heading.BACKWARD), limits=replace(LIMITS, direction=direction)
    )
    assert [kind for kind, _ in found] == [account]


def test_who_turns_back_has_not_crossed_and_keeps_his_grant() -> None:
    turned = (*passing(5.0, 6.0, Heading.TURNED_BACK), *passing(8.0, 9.0, Heading.FORWARD))
    assert accounts(Decided(7, 1, 1.0), *turned) == [(Account.TURNED_BACK, None), (Account.MATCHED, 7)]


def test_under_emergency_open_everybody_crosses_but_a_grant_comes_first() -> None:
    thrown, back = EmergencySwitched(True, 2.0), EmergencySwitched(False, 10.0)
    assert accounts(Decided(7, 1, 1.0), thrown, *passing(3.0, 4.0), *passing(5.0, 6.0), back, *passing(30.0, 31.0)) == [
        (Account.MATCHED, 7),
        (Account.UNDER_EMERGENCY, None),
        (Account.UNMATCHED, None),
    ]


def test_an_emergency_that_ends_or_begins_while_something_is_in_the_beam_covers_it() -> None:
    thrown = EmergencySwitched(True, 2.0)
    ends = (thrown, Sighting(True, 5.0), EmergencySwitched(False, 5.0), Sighting(False, 6.0))
    begins = (Sighting(True, 1.0), thrown, thrown, Sighting(False, 2.0))
    for events in (ends, begins):
        assert accounts(*events) == [(Account.UNDER_EMERGENCY, None)]


def test_a_switch_that_tells_the_same_twice_changes_nothing() -> None:
    events = (EmergencySwitched(True, 1.0), EmergencySwitched(True, 7.0), EmergencySwitched(False, 9.0))
    assert accounts(*events[:1], Sighting(True, 2.0), *events[1:2], Sighting(False, 3.0)) == [
        (Account.UNDER_EMERGENCY, None)
    ]
    assert accounts(*events, EmergencySwitched(False, 20.0), *passing(15.0, 16.0)) == [(Account.UNMATCHED, None)]


def test_a_stuck_beam_is_one_fault_and_when_it_is_free_again_the_next_one_counts() -> None:
    noticed = 5.0 + 60.0 + LATENESS
    assert told(Sighting(True, 5.0), Tick(noticed)) == []
    fault = Crossing(Account.SENSOR_FAULT, None, 5.0, 65.0, Heading.UNKNOWN)
    assert told(Sighting(True, 5.0), Tick(noticed + 0.1), Tick(500.0)) == [fault]
    assert accounts(Sighting(True, 5.0), Tick(500.0), Sighting(False, 501.0), *passing(600.0, 601.0)) == [
        (Account.SENSOR_FAULT, None),
        (Account.UNMATCHED, None),
    ]


def test_what_stays_as_long_as_a_beam_may_be_broken_is_a_crossing_and_longer_a_fault() -> None:
    assert accounts(*passing(5.0, 65.0)) == [(Account.UNMATCHED, None)]
    assert accounts(*passing(5.0, 65.1)) == [(Account.SENSOR_FAULT, None)]


@pytest.mark.parametrize(
    "blind",
    [
        (SensorLost(10.0), Sighting(False, 20.0)),
        (Sighting(True, 10.0), Tick(100.0), Sighting(False, 101.0)),
        (Sighting(True, 10.0), Sighting(False, 101.0)),
        (Sighting(True, 10.0), Sighting(True, 20.0), Sighting(False, 21.0)),
    ],
)
def test_a_grant_whose_time_nobody_could_watch_is_unverified(blind: tuple[Event, ...]) -> None:
    facts = told(Decided(7, 2, 1.0), *blind, Tick(999.0))
    assert [fact.absence for fact in facts if isinstance(fact, Expired)] == [Absence.UNVERIFIED]


@pytest.mark.parametrize("blind", [(SensorLost(1.0),), (Sighting(True, 1.0), Tick(100.0))])
def test_a_grant_in_the_dark_is_unverified(blind: tuple[Event, ...]) -> None:
    facts = told(*blind, Decided(7, 1, 101.0), Sighting(False, 102.0), Tick(999.0))
    assert [fact.absence for fact in facts if isinstance(fact, Expired)] == [Absence.UNVERIFIED]


def test_a_grant_after_the_dark_is_verified() -> None:
    facts = told(SensorLost(1.0), Sighting(False, 2.0), Decided(7, 1, 3.0), Tick(999.0))
    assert facts == [Expired(7, 1, Absence.NEVER_CROSSED, 999.0)]


def test_who_leaves_while_the_sensor_is_lost_is_one_fault() -> None:
    facts = told(Sighting(True, 5.0), SensorLost(6.0), SensorLost(7.0), Sighting(False, 9.0), Tick(999.0))
    assert facts == [Crossing(Account.SENSOR_FAULT, None, 5.0, 9.0, Heading.UNKNOWN)]


def test_who_still_stands_there_when_the_sensor_is_back_is_one_crossing() -> None:
    events = (Sighting(True, 5.0), SensorLost(6.0), Sighting(True, 8.0), Sighting(False, 9.0))
    assert told(*events) == [Crossing(Account.UNMATCHED, None, 5.0, 9.0, Heading.UNKNOWN)]


def test_a_grant_does_not_expire_while_who_was_in_the_beam_may_still_stand_there_unseen() -> None:
    events = (Sighting(True, 115.0), SensorLost(116.0), Tick(125.0), Sighting(True, 126.0), Sighting(False, 127.0))
    assert told(Decided(7, 1, 1.0), *events) == [Crossing(Account.MATCHED, 7, 115.0, 127.0, Heading.UNKNOWN)]


def test_a_sensor_that_never_comes_back_is_one_fault() -> None:
    assert len(told(Sighting(True, 5.0), SensorLost(6.0), Tick(100.0))) == 1
    facts = told(Sighting(True, 5.0), SensorLost(6.0), Tick(100.0), Sighting(True, 101.0), Sighting(False, 102.0))
    assert facts == [Crossing(Account.SENSOR_FAULT, None, 5.0, 65.0, Heading.UNKNOWN)]


def test_a_stuck_beam_that_is_unplugged_and_plugged_again_is_one_fault() -> None:
    events = (Sighting(True, 5.0), Tick(100.0), SensorLost(101.0), Sighting(True, 102.0), Sighting(False, 103.0))
    assert accounts(*events) == [(Account.SENSOR_FAULT, None)]


def test_who_came_while_the_sensor_was_lost_is_a_crossing_once_he_is_seen() -> None:
    assert accounts(SensorLost(1.0), Sighting(True, 5.0), Sighting(False, 6.0)) == [(Account.UNMATCHED, None)]


def test_an_end_that_was_missed_is_a_fault_and_the_next_one_counts() -> None:
    assert told(Sighting(True, 5.0), Sighting(True, 7.0), Sighting(False, 8.0)) == [
        Crossing(Account.SENSOR_FAULT, None, 5.0, 7.0, Heading.UNKNOWN),
        Crossing(Account.UNMATCHED, None, 7.0, 8.0, Heading.UNKNOWN),
    ]


def test_a_stuck_beam_whose_end_was_missed_counts_the_next_one() -> None:
    assert accounts(Sighting(True, 5.0), Tick(100.0), Sighting(True, 107.0), Sighting(False, 108.0)) == [
        (Account.SENSOR_FAULT, None),
        (Account.UNMATCHED, None),
    ]


def test_a_beam_that_is_said_to_be_free_twice_is_no_crossing() -> None:
    assert told(Sighting(False, 1.0), Sighting(False, 2.0)) == []


def test_what_counts_as_a_crossing_and_what_as_one_without_a_decision() -> None:
    assert [kind for kind in Account if not kind.crossed] == [Account.SENSOR_FAULT, Account.TURNED_BACK]
    assert [kind for kind in Account if kind.without_decision] == [
        Account.UNMATCHED,
        Account.TAILGATING,
        Account.WRONG_DIRECTION,
    ]


def test_after_a_restart_what_was_granted_is_admitted_and_what_crossed_is_not() -> None:
    matched = Crossing(Account.MATCHED, 7, 2.0, 3.0, Heading.UNKNOWN)
    followed = Crossing(Account.TAILGATING, 7, 4.0, 5.0, Heading.UNKNOWN)
    state = recalled([Decided(7, 1, 1.0), matched, followed, Decided(8, 1, 6.0), Decided(9, 0, 7.0)], LIMITS)
    assert [admission.passage for admission in state.admissions] == [8]
    for event in (Sighting(False, 8.0), *passing(9.0, 10.0), *passing(11.0, 12.0)):
        state, facts = step(state, event, LIMITS)
    assert [fact.passage for fact in facts] == [8]
    state, facts = step(recalled([Decided(8, 1, 6.0)], LIMITS), Tick(999.0), LIMITS)
    assert facts == (Expired(8, 1, Absence.UNVERIFIED, 999.0),)


def test_after_a_restart_a_tailgater_is_told_as_one_and_no_grant_is_used_by_it() -> None:
    followed = Crossing(Account.TAILGATING, 7, 4.0, 5.0, Heading.UNKNOWN)
    state = recalled([Decided(7, 2, 1.0), Crossing(Account.MATCHED, 7, 2.0, 3.0, Heading.UNKNOWN), followed], LIMITS)
    assert [(admission.passage, admission.left) for admission in state.admissions] == [(7, 1)]
    assert state.followed == (7, 5.0)


def test_after_a_restart_what_expired_stays_so_and_what_was_granted_at_that_moment_holds() -> None:
    expired = Expired(7, 1, Absence.NEVER_CROSSED, 122.5)
    assert recalled([Decided(7, 1, 1.0), expired], LIMITS).admissions == ()
    for history in ([Decided(7, 1, 1.0), Decided(7, 1, 122.5), expired], [expired, Decided(7, 1, 122.5)]):
        assert [admission.since for admission in recalled(history, LIMITS).admissions] == [122.5]
    other = recalled([Decided(7, 1, 1.0), Decided(8, 1, 1.0), expired], LIMITS)
    assert [admission.passage for admission in other.admissions] == [8]


def entry(outcome: Outcome, persons: int, passages: int = 1) -> Entry:
    key = TallyKey("1", a_moment().minute, TrafficKind.BUS, "unknown", outcome)
    return Entry(EntryType.PASSAGE, a_moment(), key, 1, persons, (), passages)


def test_a_bus_crosses_once_with_everybody_in_it_and_a_party_on_foot_each_by_himself() -> None:
    bus = entry(Outcome.GRANTED, 40)
    assert decided(7, bus, LaneKind.VEHICLE, 1.0) == Decided(7, 1, 1.0)
    assert decided(7, bus, LaneKind.PERSON, 1.0) == Decided(7, 40, 1.0)


@pytest.mark.parametrize("row", [entry(Outcome.HELD, 4), entry(Outcome.DENIED, 4), entry(Outcome.GRANTED, 0, 0)])
def test_what_is_not_granted_or_was_taken_back_admits_nobody(row: Entry) -> None:
    assert decided(7, row, LaneKind.PERSON, 1.0).admits == 0
    assert decided(7, row, LaneKind.VEHICLE, 1.0).admits == 0
