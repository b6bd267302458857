"""The parking bay: set aside, taken up again at any lane or decided there, and nothing twice."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from lanes import ZONE, HandClock, LaneRig
from made import a_pass

from station.domain.commands import Decide, Refusal, Refused, SetAside, TakeUp, TickMust, Undo
from station.domain.decision import Outcome
from station.domain.passes import Attestation, Must
from station.domain.situation import Mode
from station.domain.view import PassageView
from station.lane import parking_bay
from station.ledger import Ledger

UNTESTED = {must: Attestation.DECLARED for must in Must if must is not Must.TEST}


@dataclass
class TwoLanes:
    folder: Path

    def __post_init__(self) -> None:
        self.clock = HandClock()
        self.start()

    def start(self) -> None:
        ledger = Ledger(self.folder, ZONE)
        self.first = LaneRig(self.folder, Mode.ATTENDED, clock=self.clock, ledger=ledger)
        self.second = LaneRig(self.folder, Mode.ATTENDED, lane_id="2", clock=self.clock, ledger=ledger)
        self.ledger = ledger

    def set_aside(self, **changes) -> PassageView:
        row = self.first.scan(a_pass(**changes))
        return self.first.ask(SetAside(row.passage, row.seq))

    def bay(self):
        return parking_bay(self.ledger, self.clock.now())


@pytest.fixture
def lanes(tmp_path: Path) -> TwoLanes:
    return TwoLanes(tmp_path)


def refusal_of(rig: LaneRig, command) -> Refusal:
    with pytest.raises(Refused) as refused:
        rig.ask(command)
    return refused.value.why


def test_a_vehicle_set_aside_leaves_the_screen_free_and_stands_on_the_list(lanes: TwoLanes) -> None:
    aside = lanes.set_aside(plate="豫G12345", musts=UNTESTED)
    assert lanes.first.view()["passage"] is None
    lanes.clock.seconds += 300
    (one,) = lanes.bay()
    assert (one.lane, one.passage.id, one.passage.plate, one.passage.reasons) == (
        "1",
        aside.id,
        "豫G12345",
        ("test_missing",),
    )
    assert one.since == "2026-03-02T04:00:00.000Z"
    assert (lanes.ledger.waiting_aside, lanes.first.view()["counts"]["held"]) == (1, 1)
    assert list(lanes.first.gate.shown) == [Outcome.HELD]


def test_it_is_taken_up_at_another_lane_and_counts_there(lanes: TwoLanes) -> None:
    aside = lanes.set_aside()
    up = lanes.second.ask(TakeUp(aside.id, aside.row))
    assert (lanes.second.view()["passage"]["id"], lanes.bay()) == (aside.id, [])
    lanes.second.ask(Decide(Outcome.GRANTED, up.id, up.row))
    assert (lanes.first.view()["counts"]["held"], lanes.second.view()["counts"]["granted"]) == (0, 1)
    assert (lanes.first.gate.shown[-1], lanes.second.gate.shown[-1]) == (Outcome.HELD, Outcome.GRANTED)


def test_two_screens_take_it_up_once(lanes: TwoLanes) -> None:
    aside = lanes.set_aside()
    lanes.second.ask(TakeUp(aside.id, aside.row))
    assert refusal_of(lanes.first, TakeUp(aside.id, aside.row)) is Refusal.CHANGED_MEANWHILE
    assert refusal_of(lanes.first, Decide(Outcome.GRANTED, aside.id, aside.row)) is Refusal.CHANGED_MEANWHILE


def test_a_grant_in_the_bay_opens_its_lane_and_an_undo_puts_it_back(lanes: TwoLanes) -> None:
    aside = lanes.set_aside()
    granted = lanes.first.ask(Decide(Outcome.GRANTED, aside.id, aside.row))
    assert lanes.first.gate.shown[-1] is Outcome.GRANTED
    assert [one.passage.outcome for one in lanes.bay()] == ["granted"]
    lanes.first.ask(Undo(granted.id, granted.row))
    assert (lanes.first.gate.shown[-1], lanes.first.view()["passage"]) == (Outcome.HELD, None)
    assert [one.passage.outcome for one in lanes.bay()] == ["held"]


def test_a_denial_in_the_bay_moves_no_gate_and_goes_from_the_list_once_it_cannot_be_undone(lanes: TwoLanes) -> None:
    aside = lanes.set_aside()
    waiting = lanes.first.scan(a_pass())
    moved = list(lanes.first.gate.shown)
    lanes.first.ask(Decide(Outcome.DENIED, aside.id, aside.row))
    assert (list(lanes.first.gate.shown), lanes.first.view()["passage"]["id"]) == (moved, waiting.passage)
    assert (len(lanes.bay()), lanes.ledger.waiting_aside) == (1, 0)
    lanes.clock.seconds += 31
    assert lanes.bay() == []


def test_nobody_is_let_through_from_the_bay_while_another_waits_at_the_barrier(lanes: TwoLanes) -> None:
    aside = lanes.set_aside()
    waiting = lanes.first.scan(a_pass())
    moved = list(lanes.first.gate.shown)
    assert refusal_of(lanes.first, Decide(Outcome.GRANTED, aside.id, aside.row)) is Refusal.OCCUPIED
    assert refusal_of(lanes.first, TakeUp(aside.id, aside.row)) is Refusal.OCCUPIED
    assert list(lanes.first.gate.shown) == moved
    lanes.first.ask(Decide(Outcome.DENIED, waiting.passage, waiting.seq))
    assert lanes.first.ask(TakeUp(aside.id, aside.row)).id == aside.id


def test_the_bay_survives_a_restart(lanes: TwoLanes) -> None:
    aside = lanes.set_aside()
    gone = lanes.set_aside()
    lanes.second.ask(TakeUp(gone.id, gone.row))
    lanes.ledger.close()
    lanes.clock.boot = "boot0002"
    lanes.start()
    assert [one.passage.id for one in lanes.bay()] == [aside.id]
    assert lanes.second.ask(TakeUp(aside.id, aside.row)).id == aside.id


def test_its_code_shown_at_any_lane_takes_it_up_again_however_long_it_stood(lanes: TwoLanes) -> None:
    shown = a_pass()
    row = lanes.first.scan(shown)
    lanes.first.ask(SetAside(row.passage, row.seq))
    lanes.clock.seconds += 3600
    again = lanes.second.scan(shown)
    assert (again.passage, lanes.bay(), again.entry.key.lane) == (row.passage, [], "2")
    assert lanes.first.view()["counts"]["vehicles"] + lanes.second.view()["counts"]["vehicles"] == 1


def test_a_certificate_shown_next_belongs_to_whoever_is_at_the_lane_now(lanes: TwoLanes) -> None:
    from certificates import an_hcert

    aside = lanes.set_aside(musts=UNTESTED)
    row = lanes.first.scan(an_hcert())
    assert row.passage != aside.id


def test_a_must_is_ticked_while_it_stands_in_the_bay(lanes: TwoLanes) -> None:
    aside = lanes.set_aside(musts=UNTESTED)
    lanes.first.ask(TickMust(aside.id, aside.row, Must.TEST))
    assert lanes.first.view()["passage"] is None
    assert [one.passage.proposed for one in lanes.bay()] == ["granted"]


def test_only_what_is_held_is_set_aside_and_once(lanes: TwoLanes) -> None:
    row = lanes.first.scan(a_pass())
    granted = lanes.first.ask(Decide(Outcome.GRANTED, row.passage, row.seq))
    assert refusal_of(lanes.first, SetAside(granted.id, granted.row)) is Refusal.NOT_HELD
    aside = lanes.set_aside()
    assert refusal_of(lanes.first, SetAside(aside.id, aside.row)) is Refusal.CHANGED_MEANWHILE
