"""A card that was copied: two machines under one name, over a real mosquitto. Nothing is lost and nothing counted
twice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Broker
from hub_running import Hub
from made import NOON, a_pass
from test_uplink import StationRig
from waiting import until


@pytest.fixture
def hub(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr("hub_running.now", lambda: NOON)
    hub = Hub(broker.url, tmp_path / "hub").start().connected()
    yield hub
    hub.stop()


def write(station: StationRig, passages: int) -> None:
    """Passages of one minute: they fall under keys that the other copy states too."""
    for _ in range(passages):
        station.lane.clock.seconds += 1
        station.lane.scan(a_pass())


def test_two_machines_with_copies_of_one_ledger_lose_nothing_and_count_nothing_twice(
    broker: Broker, hub: Hub, tmp_path: Path
) -> None:
    first = StationRig(tmp_path / "one", broker.url)
    write(first, 3)
    until(lambda: first.acknowledged)
    first.stop()
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    one, other = StationRig(tmp_path / "one", broker.url), StationRig(tmp_path / "other", broker.url)
    try:
        for _ in range(2):
            write(one, 2)
            write(other, 3)
        until(lambda: one.acknowledged and other.acknowledged, 120, what="both ledgers at the hub")
        assert hub.queries.total_passages() == 3 + 4 + 6
    finally:
        one.stop()
        other.stop()
