"""A card that was copied: two machines under one name, over a real mosquitto. Nothing is lost and nothing counted
twice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Broker
from hub_running import Hub
from made import NOON, a_pass
from test_uplink import STATION, StationRig
from waiting import until


@pytest.fixture(autouse=True)
def _the_hubs_day_is_the_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub_running.now", lambda: NOON)


@pytest.fixture
def hub(broker: Broker, tmp_path: Path) -> Iterator[Hub]:
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


def test_two_machines_under_one_name_are_told_on_both_screens_and_at_the_hub(
    broker: Broker, hub: Hub, tmp_path: Path
) -> None:
    one = StationRig(tmp_path / "one", broker.url)
    until(lambda: one.connected)
    other = StationRig(tmp_path / "other", broker.url)
    try:
        until(lambda: one.uplink.name_shared and other.uplink.name_shared, 120, what="the fault on both screens")
        # A broker that says who is taken over (mosquitto of Debian 13) tells both before one of them has come back.
        until(lambda: hub.queries.stations()[0].shared, 120, what="two machines under one name at the hub")
        births = broker.log.count(f"as {STATION} ")
        assert births < 20, "they throw each other off again and again"
    finally:
        one.stop()
        other.stop()


def test_a_card_that_moves_to_a_spare_delivers_what_it_holds_and_is_no_alarm(
    broker: Broker, hub: Hub, tmp_path: Path
) -> None:
    card = StationRig(tmp_path / "card", "mqtt://127.0.0.1:1")
    write(card, 3)
    card.stop()
    shutil.copytree(tmp_path / "card", tmp_path / "spare")
    spare = StationRig(tmp_path / "spare", broker.url)
    write(spare, 2)
    try:
        until(lambda: spare.acknowledged, 30, what="what the card held, and what is new")
        assert hub.queries.total_passages() == 5
        (row,) = hub.queries.stations()
        assert (row.shared, row.regressed, spare.uplink.name_shared) == (False, False, False)
        until(lambda: [lane["granted"] for lane in hub.queries.lanes_today()[STATION]] == [5], what="the day's counts")
    finally:
        spare.stop()


def test_a_hub_that_lost_its_disk_hears_again_what_was_counted_before_a_move(broker: Broker, tmp_path: Path) -> None:
    first = Hub(broker.url, tmp_path / "hub").start().connected()
    card = StationRig(tmp_path / "card", broker.url)
    write(card, 3)
    until(lambda: card.acknowledged)
    card.stop()
    shutil.copytree(tmp_path / "card", tmp_path / "spare")
    spare = StationRig(tmp_path / "spare", broker.url)
    write(spare, 2)
    until(lambda: spare.acknowledged)
    first.stop()
    second = Hub(broker.url, tmp_path / "a new disk").start().connected()
    try:
        write(spare, 1)
        until(lambda: second.queries.total_passages() == 6, 40, what="both epochs offered again")
        until(lambda: spare.acknowledged)
    finally:
        spare.stop()
        second.stop()
