"""What crossed, in the daily tables over a real ledger."""

from datetime import date
from pathlib import Path

import pytest
from lanes import ZONE, LaneRig
from made import NOON, a_pass

from station.domain.crossings import Sighting
from station.domain.reconciliation import Limits
from station.ledger.report import day_figures
from station.reporting.daily import daily_report
from web_ui.text import LANGUAGES, catalog

DAY = date(2026, 3, 2)
LATER = 3600.0


def a_watched_lane(folder: Path) -> LaneRig:
    """One granted and crossed, one that followed nobody's grant."""
    rig = LaneRig(folder, limits=Limits())
    rig.happens(Sighting(False, rig.clock.now().monotonic))
    return rig


def crosses(rig: LaneRig) -> None:
    for occupied in (True, False):
        rig.clock.seconds += 2
        rig.happens(Sighting(occupied, rig.clock.now().monotonic))


def test_crossings_are_counted_by_lane_and_account_and_are_no_passages(tmp_path: Path) -> None:
    rig = a_watched_lane(tmp_path)
    rig.scan(a_pass())
    crosses(rig)
    rig.clock.seconds += LATER
    crosses(rig)
    assert rig.ledger is not None
    rig.ledger.close()
    figures = day_figures(tmp_path, DAY, ZONE)
    assert figures.crossings == {("1", "matched"): 1, ("1", "unmatched"): 1}
    assert figures.total.passages == 1


def test_a_crossing_before_the_clock_was_known_counts_on_its_true_day(tmp_path: Path) -> None:
    rig = a_watched_lane(tmp_path)
    rig.clock.trusted, rig.clock.wall_offset = False, -30 * 24 * 3600.0
    crosses(rig)
    assert day_figures(tmp_path, DAY, ZONE).crossings == {}
    rig.clock.trusted, rig.clock.wall_offset = True, 0.0
    rig.scan(a_pass())
    assert rig.ledger is not None
    rig.ledger.close()
    assert day_figures(tmp_path, DAY, ZONE).crossings == {("1", "unmatched"): 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_names_every_account_and_sums_the_lanes(tmp_path: Path, language: str) -> None:
    rig = a_watched_lane(tmp_path)
    second = LaneRig(tmp_path, lane_id="2", ledger=rig.ledger, clock=rig.clock, limits=Limits())
    second.happens(Sighting(False, rig.clock.now().monotonic))
    for lane in (rig, second, second):
        crosses(lane)
    assert rig.ledger is not None
    rig.ledger.close()
    words = {**catalog(language), **catalog(f"report.{language}")}
    tables = daily_report(day_figures(tmp_path, DAY, ZONE), "", ZONE, NOON, words).tables
    (table,) = (table for table in tables if table.title == words["report.crossings"])
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [row[words["crossing.unmatched"]] for row in rows] == [1, 2, 3]
    assert len(set(table.columns)) == 10
