"""Signing on and off, and handing over, over a real ledger."""

from datetime import timedelta
from pathlib import Path

import pytest
from lanes import LaneRig
from made import NOON, a_pass
from shift_rig import ShiftRig

from station.domain.details import BadgeRole
from station.domain.events.shifts import HandedOver, ShiftBegan, ShiftEnded, SignOnRefused
from station.domain.reasons import Reason
from station.domain.shifts import ShiftRefused, SignOnRefusal
from station.duty.shifts import FORGET_TRIES, MOST_TRIES, SHOWN_WITHIN


@pytest.fixture
def rig(tmp_path: Path) -> ShiftRig:
    return ShiftRig(tmp_path)


def refused(rig: ShiftRig, number: str = "0107", pin: str = "0000") -> SignOnRefusal:
    with pytest.raises(ShiftRefused) as refusal:
        rig.shifts.sign_on(number, pin, ())
    return refusal.value.why


def test_nobody_is_signed_on_at_first_and_every_lane_says_so(rig: ShiftRig) -> None:
    assert rig.duty()["lanes"] == {"1": "", "2": ""}


def test_a_badge_before_a_lane_makes_its_holder_that_lanes_operator(rig: ShiftRig) -> None:
    rig.badge("1")
    assert rig.duty()["lanes"] == {"1": "0107", "2": ""}
    assert (rig.duty()["notice"]["what"], rig.duty()["notice"]["label"]) == ("signed_on", "王**")
    rig.badge("2", "0108")
    rig.badge("1", "0108")
    assert rig.duty()["lanes"] == {"1": "0108", "2": "0108"}
    assert rig.numbers() == ["0107", "0108"]  # who had the lane before stays on duty


def test_a_badge_held_up_for_long_is_one_shift(rig: ShiftRig) -> None:
    for _ in range(3):
        rig.badge("1")
    assert len(rig.events.of((ShiftBegan,))) == 1


def test_a_badge_of_another_grid_is_refused_with_the_reason_and_signs_nobody_on(rig: ShiftRig) -> None:
    rig.badge("1", against=(Reason.OTHER_GRID, Reason.NOT_FOR_PASSING))
    assert rig.numbers() == []
    assert rig.duty()["notice"]["reasons"] == ["other_grid"]
    (event,) = rig.events.of((SignOnRefused,))
    assert (event.lane, event.event.reasons) == ("1", ("other_grid",))


def test_an_inspectors_badge_begins_a_visit_and_signs_nobody_on(rig: ShiftRig) -> None:
    rig.badge("1", "0107")
    rig.badge("1", "0900", role=BadgeRole.INSPECTOR)
    assert rig.duty()["lanes"] == {"1": "0107", "2": ""}
    assert [(visit.number, visit.label, visit.lane) for visit in rig.inspections.visits()] == [("0900", "王**", "1")]
    assert (rig.duty()["notice"]["what"], rig.duty()["notice"]["number"]) == ("visit", "0900")


def test_what_is_against_an_inspectors_badge_refuses_the_visit(rig: ShiftRig) -> None:
    rig.badge("1", "0900", (Reason.EXPIRED, Reason.NOT_FOR_PASSING), BadgeRole.INSPECTOR)
    assert rig.inspections.visits() == []
    assert rig.duty()["notice"]["reasons"] == ["expired"]
    (event,) = rig.events.of((SignOnRefused,))
    assert (event.event.number, event.event.reasons) == ("0900", ("expired",))


def test_an_inspectors_number_and_pin_begin_a_visit_too(rig: ShiftRig) -> None:
    rig.shifts.sign_on("0901", "9753", ("1",))
    assert rig.numbers() == []
    assert [(visit.number, visit.label) for visit in rig.inspections.visits()] == [("0901", "赵**")]
    assert refused(rig, "0901", "0000") is SignOnRefusal.WRONG_PIN


def test_number_and_pin_stand_in_for_a_badge_at_the_lanes_that_nobody_has(rig: ShiftRig) -> None:
    rig.badge("1", "0109")
    rig.shifts.sign_on("0107", "2580", ())
    assert rig.duty()["lanes"] == {"1": "0109", "2": "0107"}


def test_whoever_has_no_pin_or_is_not_in_the_roster_cannot_sign_on_by_one(rig: ShiftRig) -> None:
    assert refused(rig, "0109", "") is SignOnRefusal.WRONG_PIN
    assert refused(rig, "9999", "2580") is SignOnRefusal.WRONG_PIN


def test_after_five_wrong_pins_even_the_right_one_has_to_wait(rig: ShiftRig) -> None:
    assert [refused(rig) for _ in range(MOST_TRIES)] == [SignOnRefusal.WRONG_PIN] * MOST_TRIES
    assert refused(rig, pin="2580") is SignOnRefusal.WAIT
    rig.shifts.sign_on("0108", "1357", ())  # another number is another matter
    rig.clock.seconds += FORGET_TRIES + 1
    rig.shifts.sign_on("0107", "2580", ())
    assert rig.numbers() == ["0108", "0107"]


def test_a_pin_is_in_no_row_of_the_ledger(rig: ShiftRig) -> None:
    refused(rig, pin="2581")
    rig.shifts.sign_on("0107", "2580", ())
    ledger = (rig.ledger.path.read_bytes() + rig.ledger.path.with_name("ledger.db-wal").read_bytes()).decode("latin1")
    assert "2580" not in ledger
    assert "2581" not in ledger


def test_a_shift_goes_on_over_a_restart_and_ends_once(rig: ShiftRig) -> None:
    rig.badge("1")
    rig.again()
    assert rig.duty()["lanes"]["1"] == "0107"
    rig.shifts.sign_off("0107")
    rig.again()
    assert rig.numbers() == []
    with pytest.raises(ShiftRefused, match="not_on_duty"):
        rig.shifts.sign_off("0107")
    assert len(rig.events.of((ShiftEnded,))) == 1


def test_a_team_needs_three_who_are_experienced(rig: ShiftRig) -> None:
    rig.badge("1")
    rig.badge("1", "0108")
    assert rig.duty()["teams"] == [{"team": "B", "on": 2, "experienced": 1, "enough": False}]


def test_handing_over_writes_down_what_both_saw_and_moves_the_lanes(rig: ShiftRig) -> None:
    rig.badge("1")
    lane = LaneRig(rig.folder, ledger=rig.ledger, clock=rig.clock)
    for shown in (a_pass(), a_pass(), a_pass(expires=NOON - timedelta(hours=1))):
        lane.scan(shown)
    since, figures = rig.shifts.figures()
    assert [(lane.lane, lane.granted, lane.denied) for lane in figures] == [("1", 2, 1), ("2", 0, 0)]
    rig.shifts.hand_over("0107", "", "0108", "1357")
    assert rig.duty()["lanes"] == {"1": "0108", "2": ""}
    assert rig.numbers() == ["0108"]
    (event,) = rig.events.of((HandedOver,))
    assert (event.event.giver, event.event.taker, event.event.since) == ("0107", "0108", since)
    assert event.event.figures[0].startswith("lane=1 granted=2 held=0 denied=1")
    assert [lane.granted for lane in rig.shifts.figures()[1]] == [0, 0]  # a new shift begins


def test_a_hand_over_needs_both_sides(rig: ShiftRig) -> None:
    rig.badge("1")
    rig.badge("2", "0109")
    with pytest.raises(ShiftRefused, match="same_person"):
        rig.shifts.hand_over("0107", "", "0107", "2580")
    rig.clock.seconds += SHOWN_WITHIN + 1
    with pytest.raises(ShiftRefused, match="not_confirmed"):
        rig.shifts.hand_over("0107", "2580", "0109", "")
    with pytest.raises(ShiftRefused, match="wrong_pin"):
        rig.shifts.hand_over("0107", "9999", "0108", "1357")
    assert rig.events.of((HandedOver,)) == []
    rig.badge("2", "0109")
    rig.shifts.hand_over("0107", "2580", "0109", "")
    assert rig.duty()["lanes"] == {"1": "0109", "2": "0109"}


def test_where_policy_asks_for_a_pin_a_badge_alone_confirms_no_hand_over(rig: ShiftRig) -> None:
    rig.again(hand_over_pin=True)
    rig.badge("1")
    rig.badge("2", "0109")
    for giver_pin, taker_pin in (("", ""), ("2580", ""), ("", "1357")):
        with pytest.raises(ShiftRefused, match="pin_needed"):
            rig.shifts.hand_over("0107", giver_pin, "0108" if taker_pin else "0109", taker_pin)
    assert rig.events.of((HandedOver,)) == []
    rig.shifts.hand_over("0107", "2580", "0108", "1357")
    assert rig.duty()["lanes"] == {"1": "0108", "2": "0109"}


def test_made_up_numbers_take_no_memory_and_make_nobody_wait(rig: ShiftRig) -> None:
    for number in range(50):
        with pytest.raises(ShiftRefused):
            rig.shifts.sign_on(f"made-up-{number}", "0000", ())
    assert len(rig.shifts._tries) == 1
