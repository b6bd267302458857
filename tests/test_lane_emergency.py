"""The emergency-open switch in the ledger: when the barrier stood open can be read there later."""

import random
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from lanes import HandClock, LaneRig

from station.devices import DeviceError
from station.domain.event_rows import Recorded
from station.domain.events.emergency import EmergencyPutBack, EmergencyThrown
from station.domain.panel import PanelChange, PanelPart
from station.duty.incidents import KINDS
from station.ledger import Events, LedgerUnwritable, audit

STEPS = 40


def stands(rig: LaneRig, thrown: bool) -> None:
    rig.clock.seconds += 1
    rig.happens(PanelChange(PanelPart.EMERGENCY, thrown, rig.clock.now().monotonic))


def written(rig: LaneRig) -> list[Recorded]:
    assert rig.ledger is not None
    return Events(rig.ledger).of((EmergencyThrown, EmergencyPutBack))


def kinds(rig: LaneRig) -> list[str]:
    return [row.event.KIND for row in written(rig)]


def test_who_reads_the_export_later_sees_at_which_lane_and_from_when_to_when_it_was_open(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, lane_id="2")
    stands(rig, True)
    thrown_at = rig.clock.now()
    rig.clock.seconds += 600
    stands(rig, False)
    assert [(row.event, row.lane, row.operator) for row in written(rig)] == [
        (EmergencyThrown(), "2", "panel"),
        (EmergencyPutBack(), "2", "panel"),
    ]
    since, until = (row.at for row in written(rig))
    assert (since, (until.utc - since.utc).total_seconds()) == (thrown_at, 601)
    out = StringIO()
    assert audit.export_csv(tmp_path, out, personal=False) == 2
    for told in ("emergency_thrown", "emergency_put_back", since.text, until.text):
        assert told in out.getvalue()
    assert audit.verify(tmp_path).broken_at == 0


def test_a_panel_that_says_as_it_is_opened_how_the_switch_stands_writes_nothing_new(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    stands(rig, False)
    assert kinds(rig) == []
    for _ in range(2):
        stands(rig, True)
    assert kinds(rig) == ["emergency_thrown"]


@pytest.mark.parametrize("back", [False, True])
def test_a_restart_goes_on_from_what_was_written_and_notices_what_was_put_back_meanwhile(
    tmp_path: Path, back: bool
) -> None:
    before = LaneRig(tmp_path)
    stands(before, True)
    rig = LaneRig(tmp_path, ledger=before.ledger, clock=HandClock(60, boot="boot0002"))
    stands(rig, not back)
    assert kinds(rig) == ["emergency_thrown", *(["emergency_put_back"] if back else [])]
    assert (rig.gate.up, rig.view()["faults"]) == ((False, ()) if back else (True, ("emergency_open",)))


def test_another_lanes_switch_is_another_switch(tmp_path: Path) -> None:
    first = LaneRig(tmp_path)
    stands(first, True)
    second = LaneRig(tmp_path, lane_id="2", ledger=first.ledger)
    stands(second, False)
    assert [(row.lane, row.event.KIND) for row in written(second)] == [("1", "emergency_thrown")]


def test_however_often_it_is_told_and_the_station_restarts_the_rows_alternate_and_end_as_it_stands(
    tmp_path: Path,
) -> None:
    for seed in range(20):
        dice = random.Random(seed)
        rig = LaneRig(tmp_path / str(seed))
        stood, changes = False, []
        for _ in range(STEPS):
            if dice.random() < 0.2:
                assert rig.ledger is not None
                rig.ledger.close()
                rig = LaneRig(rig.folder, clock=rig.clock)
            thrown = dice.random() < 0.5
            if thrown != stood:
                changes.append("emergency_thrown" if thrown else "emergency_put_back")
            stood = thrown
            stands(rig, thrown)
        assert kinds(rig) == changes, f"seed {seed}"


def test_the_barrier_opens_before_the_row_is_tried_and_without_a_disk_the_row_waits_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = LaneRig(tmp_path)
    assert rig.ledger is not None
    append, opened = rig.ledger.append, []

    def no_disk(entry: object) -> None:
        opened.append(rig.gate.up)
        raise LedgerUnwritable("no space left on device")

    monkeypatch.setattr(rig.ledger, "append", no_disk)
    stands(rig, True)
    assert opened == [True]
    assert set(rig.view()["faults"]) == {"ledger_unwritable", "emergency_open"}
    monkeypatch.setattr(rig.ledger, "append", append)
    rig.ledger.flush()
    assert kinds(rig) == ["emergency_thrown"]


def test_a_switch_that_the_gate_does_not_follow_is_written_down_all_the_same(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)

    def lost() -> None:
        raise DeviceError("gate pins: lost")

    rig.gate.hold_open = lost  # type: ignore[method-assign]
    stands(rig, True)
    assert kinds(rig) == ["emergency_thrown"]


def test_it_opens_no_incident_by_itself(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    stands(rig, True)
    assert rig.ledger is not None
    events = Events(rig.ledger)
    assert (events.of(KINDS), events.undecided_crossings(0), events.waiting(9)) == ([], [], [])


def test_without_a_known_time_the_row_says_so(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, clock=HandClock(trusted=False))
    stands(rig, True)
    (row,) = written(rig)
    assert (row.at.trusted, datetime.fromisoformat(row.at.text)) == (False, row.at.utc)
