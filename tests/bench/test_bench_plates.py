"""That the section runs and counts; never how many are read."""

from dataclasses import replace
from pathlib import Path

import bench_plates
import pytest
from drawn_plates import VIEWS
from plan import Plan
from shared import needs_plates

from station.domain.plates import read_plate
from station.plates.finder import Found

pytestmark = pytest.mark.clock


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (None, "nothing"),
        (("豫A12345", 0.29), "nothing"),
        (("豫A12345", 0.31), "exact"),
        (("鄂A12345", 0.31), "province wrong"),
        (("豫A12346", 0.31), "else wrong"),
    ],
)
def test_what_counts_is_what_a_lane_would_suggest(found: tuple[str, float] | None, outcome: str) -> None:
    read = None if found is None else Found(read_plate(found[0]), found[1])
    assert bench_plates._outcome(read, "豫A12345") == outcome


@needs_plates
def test_plates_are_counted_by_kind_and_by_view(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_plates, "VIEWS", {"easy": VIEWS["easy"]})
    plan = replace(Plan(folder=tmp_path), plates_drawn=1, seconds=1.0, turns=1)
    kinds, views, without, beside = (table.plain()["rows"] for table in bench_plates.measure(plan))
    assert [row["pictures"] for row in kinds] == [1] * 9 + [9]
    assert [row["view"] for row in views] == ["easy", "all"]
    assert sum(views[0][column] for column in bench_plates.RATES[1:]) == pytest.approx(100)
    assert without == [{"pictures": 10, "suggested": 0}]
    assert [row["way"] for row in beside] == ["scans alone", "beside plates"]
