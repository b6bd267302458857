"""``station hub forget`` and ``station hub correct`` as a whole, beside a hub that runs."""

import json
from pathlib import Path

import pytest
from broker import Broker
from hub_messages import live, segment, state, tally
from hub_running import Hub, Station
from waiting import until

from station.__main__ import main
from station.hub.sqlite import SqliteDatabase
from station.messages import Ack

pytestmark = pytest.mark.clock


@pytest.fixture
def config(tmp_path: Path, broker: Broker) -> Path:
    file = tmp_path / "hub.toml"
    file.write_text(
        f'[hub]\ndistrict = "pingyuan"\ndata_dir = "{tmp_path / "hub"}"\n[broker]\nurl = "{broker.url}"\n', "utf-8"
    )
    return file


def test_a_station_is_forgotten_while_the_hub_runs_and_a_restart_does_not_bring_it_back(
    config: Path, broker: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub, north = Hub(broker.url, tmp_path / "hub").start().connected(), Station(broker.url, "north")
    north.say(state(), retain=True)
    north.say(live(7, lane_1=3), qos=0, retain=True)
    north.say(segment(1, tally(passages=6)))
    until(lambda: Ack(1, 1, segments=()) in north.acks and hub.overview.tree.station("north"))
    north.close()
    words = ("--config", str(config), "--reason", "gone with the bridge", "north")
    assert main(["hub", "forget", *words]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["stations"] == 1
    until(lambda: hub.overview.tree.station("north") is None, seconds=30)
    assert hub.queries.total_passages() == 0
    hub.stop()
    again = Hub(broker.url, tmp_path / "hub").start().connected()
    south = Station(broker.url, "south")
    south.say(segment(1, tally()))
    until(lambda: south.acks)
    assert again.queries.names() == ["south"]
    south.close()
    again.stop()
    assert main(["hub", "forget", *words]) == 2
    assert "there is no station north" in capsys.readouterr().err


def test_nothing_is_forgotten_while_the_broker_keeps_it(
    config: Path, broker: Broker, capsys: pytest.CaptureFixture[str]
) -> None:
    broker.stop()
    words = ("--config", str(config), "--reason", "r", "north")
    assert main(["hub", "forget", *words]) == 2
    assert "cannot reach the broker" in capsys.readouterr().err
    assert main(["hub", "forget", "--without-broker", *words]) == 2
    assert "there is no station north" in capsys.readouterr().err


def test_numbers_are_shown_and_put_right(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from hub_messages import SHANGHAI, received

    from station.hub.store import Store

    database = SqliteDatabase(tmp_path / "hub")
    Store(database, SHANGHAI).apply([received(segment(1, tally(5, passages=9)))])
    database.close()
    where = ("--config", str(config), "bridge-north")
    assert main(["hub", "correct", "show", *where]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["epoch"], shown["progress"], shown["frozen"]) == ("1", 1, 0)
    key = ("--lane", "1", "--minute", "2026-03-01T03:59Z", "--kind", "car", "--origin", "unknown")
    counts = ("--passages", "4", "--vehicles", "4", "--persons", "9", "--outcome", "granted", "--reason", "twice")
    assert main(["hub", "correct", "total", *key, *counts, *where]) == 0
    assert main(["hub", "correct", "ledger", "--reason", "frozen", *where]) == 0
    assert main(["hub", "correct", "messages", "--reason", "seen", *where]) == 0
    capsys.readouterr()
    assert main(["hub", "correct", "total", *key[:2], "--minute", "noon", *key[4:], *counts, *where]) == 2
    assert "neither YYYY-MM-DDThh:mmZ" in capsys.readouterr().err
    assert main(["hub", "correct", "ledger", "--reason", " ", *where]) == 2
    assert "say why" in capsys.readouterr().err
