"""Finding the passages that a code was shown for, and where a lane left off."""

from dataclasses import replace
from pathlib import Path

import pytest
from lanes import LaneRig
from made import a_moment, a_pass

from station.domain.passage import EntryType


def test_a_code_shown_beside_a_pass_is_found_as_a_use_of_its_passage(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    first = rig.scan(a_pass())
    rig.ledger.append(
        replace(first.entry, type=EntryType.AMENDMENT, amends=first.passage, evidence={"beside": "c1"}),
    )
    found = {code: [use.passage for use in rig.ledger.uses(code, a_moment(5), 600)] for code in ("c1", "c2", "")}
    assert found == {"c1": [first.passage], "c2": [], "": []}


@pytest.mark.parametrize("code", ["a1b2", ""])
def test_no_code_is_looked_for_row_by_row(tmp_path: Path, code: str) -> None:
    ledger = LaneRig(tmp_path).ledger
    statements: list[str] = []
    ledger._connection.set_trace_callback(statements.append)
    ledger.uses(code, a_moment(), 600)
    ledger._connection.set_trace_callback(None)
    plan = [step["detail"] for step in ledger._connection.execute(f"EXPLAIN QUERY PLAN {statements[0]}")]
    assert any("idx_ledger_beside" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN")]


def test_the_last_row_of_a_lane_is_its_own(tmp_path: Path) -> None:
    first = LaneRig(tmp_path)
    second = LaneRig(tmp_path, lane_id="2", clock=first.clock, ledger=first.ledger)
    assert first.ledger.last("1") is None
    row = first.scan(a_pass())
    second.scan(a_pass())
    found = first.ledger.last("1")
    assert found is not None
    assert (found.seq, found.entry.pass_id) == (row.seq, row.entry.pass_id)
