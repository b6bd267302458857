"""How fast a lane's queue moves, as its screen says."""

from pathlib import Path

from lanes import LaneRig
from made import a_pass


def test_the_pace_is_what_the_last_ten_minutes_make_of_an_hour(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    for _ in range(3):
        rig.scan(a_pass())
        rig.clock.seconds += 200
    assert rig.view()["pace"] == 18
    rig.clock.seconds += 250
    assert rig.view()["pace"] == 6


def test_the_pace_goes_on_after_a_restart_and_a_code_shown_again_is_no_second_vehicle(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    shown = a_pass(expires=a_pass().issued_at)
    rig.scan(shown)
    rig.clock.seconds += 5
    rig.scan(shown)
    rig.ledger.close()
    assert LaneRig(tmp_path, clock=rig.clock).view()["pace"] == 6
