"""``station simulate`` against a real broker and a hub."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Broker
from hub_running import Hub

from station.__main__ import main
from station.simulation.plan import Fault
from station.simulation.truth import read

pytestmark = pytest.mark.clock


@pytest.fixture
def hub(broker: Broker, tmp_path: Path) -> Iterator[Hub]:
    hub = Hub(broker.url, tmp_path / "hub").start().connected()
    yield hub
    hub.stop()


def simulate(broker: Broker, *more: str) -> int:
    return main(["simulate", "--broker", broker.url, "--stations", "8", "--for", "3s", "--ramp", "1s", *more])


def test_stations_in_two_processes_end_with_the_hubs_totals_equal_to_the_truth(
    hub: Hub, broker: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = tmp_path / "truth.jsonl"
    extra = ("--processes", "2", "--outage", "2m", "--every", "1s", "--pace", "5", "--truth", str(truth))
    code = simulate(broker, *extra, "--compare", str(hub.database.path))
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert (code, summary["settled"], summary["differences"], summary["births"]) == (0, True, 0, 8)
    assert sum(row.passages for row in read(truth)) == summary["passages"] == hub.queries.total_passages()
    assert summary["passages"] > 8 * 120
    assert 0 < summary["drained_after"] * summary["drained_rows_a_second"] <= 1.5 * summary["passages"]


def test_a_hub_that_holds_more_than_the_truth_is_told_on_and_exit_1(
    hub: Hub, broker: Broker, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(broker, "--compare", str(hub.database.path)) == 0
    again = simulate(
        broker, "--compare", str(hub.database.path)
    )  # the same stations, other cards: what was is still there
    said = capsys.readouterr()
    assert again == 1
    assert json.loads(said.out.splitlines()[-1])["summary"]["differences"] > 0
    assert "in truth" in said.err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--stations", "0"],
        ["--stations", "1", "--faults", "flood"],
        ["--stations", "1", "--for", "soon"],
        [],
    ],
)
def test_a_wrong_word_is_refused_before_anything_runs(wrong: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["simulate", *wrong])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(["--broker", "mqtts://far:8883"], "no certificates"), (["--compare", "/nowhere/hub.sqlite3"], "no such file")],
)
def test_what_cannot_be_is_one_line_and_exit_2(
    broker: Broker, wrong: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--stations", "1", "--broker", broker.url, "--for", "1s", "--settle", "1s", *wrong]) == 2
    assert said in capsys.readouterr().err


def test_every_fault_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "simulating.md").read_text(encoding="utf-8")
    assert [fault for fault in Fault if f"| `{fault.value}` |" not in page] == []
