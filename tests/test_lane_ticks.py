"""The operator vouches for a must, or takes that back: the rules look again, and nothing opens for it."""

from pathlib import Path

import pytest
from lanes import LaneRig, Sensor
from made import a_pass

from station.domain.commands import Decide, Refusal, Refused, TickMust, Undo, UntickMust
from station.domain.decision import Outcome
from station.domain.passes import Attestation, Must, PassKind
from station.domain.situation import Mode

UNTESTED = {must: Attestation.DECLARED for must in Must if must is not Must.TEST}


@pytest.mark.parametrize("mode", Mode)
def test_once_every_must_is_met_granting_is_proposed_and_nothing_has_opened(tmp_path: Path, mode: Mode) -> None:
    rig = LaneRig(tmp_path, mode)
    row = rig.scan(a_pass(musts=UNTESTED))
    moved = list(rig.gate.shown)
    view = rig.ask(TickMust(row.passage, row.seq, Must.TEST))
    assert (view.outcome, view.proposed, view.reasons) == ("held", "granted", ("awaiting_operator",))
    assert view.musts["test"] == "operator"
    assert list(rig.gate.shown) == moved
    assert rig.ask(Decide(Outcome.GRANTED, view.id, view.row)).outcome == "granted"
    assert rig.gate.shown[-1] is Outcome.GRANTED


def test_a_tick_lifts_its_own_must_and_nothing_else(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, sensor=Sensor(38.4))
    row = rig.scan(a_pass(musts={must: how for must, how in UNTESTED.items() if must is not Must.DISINFECTION}))
    view = rig.ask(TickMust(row.passage, row.seq, Must.TEST))
    assert (view.proposed, view.reasons) == ("held", ("fever", "disinfection_missing"))


def test_a_pass_that_is_turned_back_stays_so_whatever_is_ticked(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan("CP1:not a pass of ours")
    for must in Must:
        row_now = rig.ledger.history(row.passage)[-1]
        view = rig.ask(TickMust(row.passage, row_now.seq, must))
    assert (view.outcome, view.proposed, view.reasons) == ("denied", "denied", ("malformed",))


def test_a_tick_taken_back_leaves_what_the_pass_said(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, Mode.ATTENDED)
    row = rig.scan(a_pass(musts=UNTESTED))
    ticked = rig.ask(TickMust(row.passage, row.seq, Must.IDENTITY))
    assert ticked.musts["identity"] == "operator"
    back = rig.ask(UntickMust(ticked.id, ticked.row, Must.IDENTITY))
    assert back.musts["identity"] == "declared"
    test = rig.ask(TickMust(back.id, back.row, Must.TEST))
    back = rig.ask(UntickMust(test.id, test.row, Must.TEST))
    assert ("test" in back.musts, back.reasons) == (False, ("test_missing",))


def test_a_lost_thermometer_holds_nobody_whose_temperature_was_taken_by_hand(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, sensor=Sensor(None))
    row = rig.scan(a_pass())
    assert {reason.value for reason in row.entry.reasons} == {"thermometer_lost", "temperature_missing"}
    view = rig.ask(TickMust(row.passage, row.seq, Must.TEMPERATURE))
    assert (view.proposed, view.reasons) == ("granted", ("awaiting_operator",))


def test_a_tick_holds_when_the_pass_is_shown_again(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, Mode.ATTENDED)
    shown = a_pass(musts=UNTESTED)
    row = rig.scan(shown)
    rig.ask(TickMust(row.passage, row.seq, Must.TEST))
    rig.clock.seconds += 10
    again = rig.scan(shown)
    assert (again.passage, again.entry.evidence["test"]) == (row.passage, "operator")
    assert again.entry.evidence["proposed"] == "granted"


def test_what_a_person_decided_stands_and_an_undo_brings_what_was_ticked_since(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, Mode.ATTENDED)
    row = rig.scan(a_pass(musts=UNTESTED))
    held = rig.ask(Decide(Outcome.DENIED, row.passage, row.seq))
    ticked = rig.ask(TickMust(held.id, held.row, Must.TEST))
    assert (ticked.outcome, ticked.by_operator, ticked.undo_until) == ("denied", True, held.undo_until)
    back = rig.ask(Undo(ticked.id, ticked.row))
    assert (back.outcome, back.proposed, back.musts["test"]) == ("held", "granted", "operator")


def test_what_the_rules_granted_stays_granted_and_the_gate_is_not_told_twice(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(a_pass())
    view = rig.ask(TickMust(row.passage, row.seq, Must.IDENTITY))
    assert (view.outcome, view.musts["identity"]) == ("granted", "operator")
    assert list(rig.gate.shown) == [Outcome.GRANTED]


def test_two_screens_tick_one_must_once(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(a_pass(musts=UNTESTED))
    rig.ask(TickMust(row.passage, row.seq, Must.TEST))
    with pytest.raises(Refused) as refused:
        rig.ask(TickMust(row.passage, row.seq, Must.TEST))
    assert refused.value.why is Refusal.CHANGED_MEANWHILE
    assert len(rig.ledger.history(row.passage)) == 2


def test_ticks_on_a_badge_make_it_no_pass_to_pass_with(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(a_pass(kind=PassKind.BATCH))
    view = rig.ask(TickMust(row.passage, row.seq, Must.TEST))
    assert (view.proposed, view.reasons) == ("held", ("not_for_passing",))
