"""The emergency-open switch in the figures of a day and of a shift."""

from datetime import date
from pathlib import Path

import pytest
from lanes import ZONE, HandClock, LaneRig
from made import NOON, a_pass

from station.domain.panel import PanelChange, PanelPart
from station.ledger.report import day_figures
from station.ledger.shift_figures import shift_figures
from station.reporting.daily import daily_report
from web_ui.text import LANGUAGES, catalog

DAY = date(2026, 3, 2)


def stands(rig: LaneRig, thrown: bool, after: float) -> None:
    rig.clock.seconds += after
    rig.happens(PanelChange(PanelPart.EMERGENCY, thrown, rig.clock.now().monotonic))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_daily_tables_say_from_when_to_when_which_barrier_stood_open(tmp_path: Path, language: str) -> None:
    rig = LaneRig(tmp_path, lane_id="2")
    stands(rig, True, 60)
    stands(rig, False, 600)
    words = {**catalog(language), **catalog(f"report.{language}")}
    table = daily_report(day_figures(tmp_path, DAY, ZONE), "", ZONE, NOON, words).tables[-1]
    assert table.title == words["report.switched"]
    assert table.rows == (("12:01:00", "2", words["report.thrown"]), ("12:11:00", "2", words["report.put_back"]))


def test_one_over_midnight_is_thrown_on_one_day_and_put_back_on_the_next(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    stands(rig, True, 60)
    stands(rig, False, 24 * 3600)
    days = [day_figures(tmp_path, day, ZONE).switched for day in (DAY, date(2026, 3, 3))]
    assert [[one.thrown for one in switched] for switched in days] == [[True], [False]]


def test_one_before_the_clock_was_known_is_told_its_true_time(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, clock=HandClock(trusted=False, wall_offset=-30 * 24 * 3600.0))
    stands(rig, True, 0)
    assert day_figures(tmp_path, DAY, ZONE).switched == []
    rig.clock.trusted, rig.clock.wall_offset = True, 0.0
    rig.clock.seconds += 60
    rig.scan(a_pass())
    (one,) = day_figures(tmp_path, DAY, ZONE).switched
    assert (one.at, one.lane) == (NOON, "1")


def test_who_takes_over_sees_how_often_it_was_thrown_since_and_at_which_lane(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    assert rig.ledger is not None
    stands(rig, True, 1)
    stands(rig, False, 1)
    handed_over = rig.ledger.head
    for thrown in (True, False, True):
        stands(rig, thrown, 1)
    figures = shift_figures(rig.ledger, handed_over, ("1", "2"))
    assert [lane.emergencies for lane in figures] == [2, 0]
    assert figures[0].line.endswith(" unmatched=0 emergencies=2")
