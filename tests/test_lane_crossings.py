"""What crosses a lane, on a real ledger: rows, counts, the screen, the gate."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from lanes import HandClock, LaneRig, cut
from made import a_pass

from station.devices import BarrierStuck, DeviceError
from station.domain.commands import Register
from station.domain.crossings import SensorLost, Sighting
from station.domain.decision import Outcome
from station.domain.panel import PanelChange, PanelPart
from station.domain.passage import EntryType, Row
from station.domain.reconciliation import Limits
from station.ledger import Ledger, Segments
from station.ledger.audit import verify


def a_lane(folder: Path, **given: object) -> LaneRig:
    """Watched, and the beam is seen to be free."""
    rig = LaneRig(folder, limits=Limits(), **given)  # type: ignore[arg-type]
    rig.happens(Sighting(False, rig.clock.now().monotonic))
    return rig


def crosses(rig: LaneRig, takes: float = 2.0) -> None:
    rig.clock.seconds += 1
    rig.happens(Sighting(True, rig.clock.now().monotonic))
    rig.clock.seconds += takes
    rig.happens(Sighting(False, rig.clock.now().monotonic))


def crossings(rig: LaneRig) -> list[Row]:
    assert rig.ledger is not None
    return [row for row in rig.ledger.latest("1", 100) if row.entry.type is EntryType.CROSSING]


def accounts(rig: LaneRig) -> list[str]:
    return [row.entry.evidence["account"] for row in crossings(rig)]


def counts(rig: LaneRig) -> tuple[int, int, int]:
    shown = rig.view()["counts"]
    return shown["granted"], shown["crossings"], shown["unmatched"]


def test_what_was_granted_and_crosses_is_a_row_of_its_own_and_counts(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    granted = rig.scan(a_pass())
    crosses(rig)
    (row,) = crossings(rig)
    assert (row.entry.evidence["account"], row.entry.evidence["passage"]) == ("matched", str(granted.passage))
    assert (row.entry.passages, row.entry.vehicles, row.entry.persons) == (0, 0, 0)
    assert counts(rig) == (1, 1, 0)
    assert rig.view()["faults"] == ()


def test_what_crosses_without_a_decision_is_on_the_screen_until_it_is_registered_by_hand(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    crosses(rig)
    assert (accounts(rig), counts(rig)) == (["unmatched"], (0, 1, 1))
    assert rig.view()["faults"] == ("crossed_undecided",)
    rig.ask(Register(Outcome.GRANTED))
    assert rig.view()["faults"] == ()


def test_it_leaves_the_screen_after_two_minutes_and_stays_in_the_counts(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    crosses(rig)
    rig.clock.seconds += 119
    assert rig.view()["faults"] == ("crossed_undecided",)
    rig.clock.seconds += 2
    assert (rig.view()["faults"], counts(rig)) == ((), (0, 1, 1))


def test_what_follows_a_granted_one_through_is_tailgating(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    rig.scan(a_pass())
    crosses(rig)
    crosses(rig)
    assert (accounts(rig), counts(rig)) == (["matched", "tailgating"], (1, 2, 1))


def test_the_grant_button_admits_one(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    rig.happens(PanelChange(PanelPart.GRANT, True, rig.clock.now().monotonic))
    crosses(rig)
    assert accounts(rig) == ["matched"]


def test_what_was_granted_and_never_came_is_written_down_and_counts_as_no_crossing(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    rig.scan(a_pass())
    rig.clock.seconds += 122
    rig.lane.step()
    assert (accounts(rig), counts(rig)) == (["never_crossed"], (1, 0, 0))


def test_a_lane_without_a_presence_sensor_writes_no_crossing(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass())
    rig.clock.seconds += 500
    rig.lane.step()
    assert crossings(rig) == []


@pytest.mark.parametrize(("boot", "monotonic_jump"), [("boot0001", 0.0), ("boot0002", -900.0)])
def test_a_restart_between_grant_and_crossing_loses_neither(tmp_path: Path, boot: str, monotonic_jump: float) -> None:
    before = a_lane(tmp_path)
    granted = before.scan(a_pass())
    clock = HandClock(before.clock.seconds + monotonic_jump + 20, boot=boot, wall_offset=-monotonic_jump)
    rig = a_lane(tmp_path, clock=clock, ledger=before.ledger)
    crosses(rig)
    assert [(row.entry.evidence["account"], row.entry.evidence["passage"]) for row in crossings(rig)] == [
        ("matched", str(granted.passage))
    ]
    crosses(rig)
    assert accounts(rig) == ["matched", "tailgating"]


def test_the_counts_of_the_day_are_the_same_after_a_restart(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    rig.scan(a_pass())
    crosses(rig)
    crosses(rig)
    assert rig.ledger is not None
    before = rig.ledger.counts("1", rig.clock.now())
    rig.ledger.close()
    assert Ledger(tmp_path, rig.ledger._days._zone).counts("1", rig.clock.now()) == before


def test_rows_of_crossings_chain_and_change_no_tally(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    crosses(rig)
    assert rig.ledger is not None
    segments = Segments(rig.ledger)
    alone = cut(segments)
    assert alone is not None
    assert segments.tallies(alone) == []
    rig.scan(a_pass())
    crosses(rig)
    mixed = cut(segments)
    assert mixed is not None
    assert [tally.passages for tally in segments.tallies(mixed)] == [1]
    assert (verify(tmp_path).rows, verify(tmp_path).broken_at) == (3, 0)


def test_a_crossing_is_no_passage_that_a_command_or_a_code_could_belong_to(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    crosses(rig)
    (row,) = crossings(rig)
    assert rig.ledger is not None
    assert (rig.ledger.history(row.seq), rig.ledger.last("1")) == ([], None)


def test_a_crossing_while_the_disk_is_full_is_written_with_its_passages_number_once_it_can_be(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    assert rig.ledger is not None
    rig.ledger._connection.execute("PRAGMA query_only = ON")
    rig.ask(Register(Outcome.GRANTED))
    crosses(rig)
    assert "ledger_unwritable" in rig.view()["faults"]
    rig.ledger._connection.execute("PRAGMA query_only = OFF")
    passage, crossing = rig.ledger.flush()
    assert crossing.entry.evidence["passage"] == str(passage.seq)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as other, other:
        assert other.execute("SELECT count(*) FROM ledger").fetchone()[0] == 2


def test_the_arm_comes_down_only_once_the_beam_is_free_and_the_sensor_known(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    rig.scan(a_pass())
    rig.happens(Sighting(True, rig.clock.now().monotonic))
    assert rig.gate.up
    rig.happens(SensorLost(rig.clock.now().monotonic))
    assert rig.gate.up
    rig.happens(Sighting(True, rig.clock.now().monotonic), Sighting(False, rig.clock.now().monotonic))
    assert not rig.gate.up


def test_a_barrier_that_does_not_follow_is_a_fault_until_it_does(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    keep = rig.gate.keep

    def stuck(occupied: bool) -> None:
        raise BarrierStuck("barrier: did not open")

    rig.gate.keep = stuck  # type: ignore[method-assign]
    rig.lane.step()
    assert rig.view()["faults"] == ("barrier_stuck",)
    rig.gate.keep = keep  # type: ignore[method-assign]
    rig.lane.step()
    assert rig.view()["faults"] == ()


# The panel


def pressed(part: PanelPart, on: bool = True) -> PanelChange:
    return PanelChange(part, on, 1000.0)


def test_the_grant_button_grants_what_the_screen_holds(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    held = rig.scan(a_pass(musts={}))
    rig.happens(pressed(PanelPart.GRANT), pressed(PanelPart.GRANT, False))
    view = rig.view()["passage"]
    assert (view["id"], view["outcome"], view["by_operator"]) == (held.passage, "granted", True)
    assert rig.ledger is not None
    assert rig.ledger.history(held.passage)[-1].entry.operator == "panel"


def test_the_grant_button_registers_by_hand_where_nothing_is_held(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass())
    rig.happens(pressed(PanelPart.GRANT))
    assert rig.view()["passage"]["reasons"] == ("by_operator", "without_code")
    assert rig.view()["counts"]["granted"] == 2


def test_the_emergency_switch_holds_the_barrier_open_and_what_crosses_meanwhile_is_no_alarm(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    rig.happens(pressed(PanelPart.EMERGENCY))
    crosses(rig)
    assert (rig.gate.up, accounts(rig), rig.view()["faults"]) == (True, ["under_emergency"], ("emergency_open",))
    rig.clock.seconds += 1
    rig.happens(PanelChange(PanelPart.EMERGENCY, False, rig.clock.now().monotonic))
    assert (rig.gate.up, rig.view()["faults"], counts(rig)) == (False, (), (0, 1, 0))


def test_what_is_decided_in_an_emergency_is_written_and_changes_nothing_at_the_gate(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    rig.happens(pressed(PanelPart.EMERGENCY))
    rig.scan("a stranger's code")
    assert (list(rig.gate.shown), rig.view()["counts"]["held"]) == ([], 1)


def test_a_gate_that_was_lost_when_the_switch_was_thrown_is_opened_once_it_is_back(tmp_path: Path) -> None:
    rig = a_lane(tmp_path)
    hold_open = rig.gate.hold_open

    def lost() -> None:
        raise DeviceError("gate pins: lost")

    rig.gate.hold_open = lost  # type: ignore[method-assign]
    rig.happens(pressed(PanelPart.EMERGENCY))
    assert set(rig.view()["faults"]) == {"gate_lost", "emergency_open"}
    rig.gate.hold_open = hold_open  # type: ignore[method-assign]
    rig.lane.step()
    assert (rig.gate.up, rig.view()["faults"]) == (True, ("emergency_open",))


def test_the_door_of_the_enclosure_is_told_while_it_stands_open(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.happens(pressed(PanelPart.DOOR))
    assert rig.view()["faults"] == ("door_open",)
    rig.happens(pressed(PanelPart.DOOR, False))
    assert rig.view()["faults"] == ()
