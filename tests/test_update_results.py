"""What take-release wrote, read for the hub."""

import json
from pathlib import Path

import pytest

from station.update_results import MAX_RESULTS, MAX_STATUS_BYTES, UpdateResult, read_update_results

RESULT = {"file": "checkpoint-1.0.0.tar.gz", "outcome": "installed", "reason": "", "at": "2026-03-02T19:31:00Z"}


def test_the_newest_results_are_read(tmp_path: Path) -> None:
    status = tmp_path / "status.json"
    results = [{**RESULT, "at": f"2026-03-{day:02}T19:31:00Z"} for day in range(1, 9)]
    status.write_text(json.dumps({"results": results, "more": 1}))
    found = read_update_results(status)
    assert [one.at[:10] for one in found] == [f"2026-03-{day:02}" for day in range(9 - MAX_RESULTS, 9)]
    assert found[-1] == UpdateResult(**results[-1])


def test_without_an_update_there_is_none(tmp_path: Path) -> None:
    assert read_update_results(tmp_path / "status.json") == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"results": 1}',
        '{"results": [1]}',
        '{"results": [{}]}',
        "[" * 5000,
        "x" * (MAX_STATUS_BYTES + 1),
    ],
    ids=lambda text: text[:20],
)
def test_a_damaged_file_says_nothing_and_ends_nothing(tmp_path: Path, text: str) -> None:
    status = tmp_path / "status.json"
    status.write_text(text)
    assert read_update_results(status) == ()


def test_texts_are_bounded_and_a_time_is_one(tmp_path: Path) -> None:
    status = tmp_path / "status.json"
    status.write_text(json.dumps({"results": [{**RESULT, "reason": "x" * 500}, {**RESULT, "at": "yesterday"}]}))
    (found,) = read_update_results(status)
    assert len(found.reason) == 80
