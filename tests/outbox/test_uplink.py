"""Station to hub over a real mosquitto: nothing lost, nothing counted twice, whatever is killed."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from broker import Broker
from hub_running import DISTRICT, Hub
from hub_running import Station as Listener
from lanes import LaneRig
from made import NOON, a_pass
from waiting import until

from station.domain.commands import Decide
from station.domain.decision import Outcome
from station.domain.lists import LARGEST_LIST
from station.ledger import Events, Segments
from station.outbox.connection import Broker as BrokerSettings
from station.outbox.uplink import ListDesk, Uplink, UplinkSettings, UplinkState
from station.runtime import Workers
from station.update_results import UpdateResult

pytestmark = pytest.mark.clock

STATION = "g107-bridge-north"


@dataclass
class StationRig:
    """A lane, its ledger and its outbox, with the outbox on a thread of its own."""

    folder: Path
    url: str

    def __post_init__(self) -> None:
        self.lists: list[tuple[str, str, bytes]] = []
        self.versions: dict[str, int] = {}
        self.lane = LaneRig(self.folder)
        self.segments = Segments(self.lane.ledger)
        self.events = Events(self.lane.ledger)
        self.orders: list[bytes] = []
        self.faults: tuple[str, ...] = ()
        self.updates: tuple[UpdateResult, ...] = ()
        settings = UplinkSettings(
            broker=BrokerSettings(self.url, STATION),
            district=DISTRICT,
            station=STATION,
            name="bridge",
            levels=(DISTRICT, "qiaobei"),
            lanes=("1",),
            software="test",
            segment_seconds=0.1,
            live_seconds=0.1,
        )
        now = self.lane.clock.now
        self.uplink = Uplink(
            settings,
            self.segments,
            lambda at: {"1": self.lane.ledger.counts("1", at)},
            lambda: self.lane.ledger.head,
            lambda at: "2026-03-02",
            ListDesk(lambda station, name, message: self.lists.append((station, name, message)), self.versions.copy),
            self.events,
            self.orders.append,
            now,
            time.monotonic,
            lambda: self.faults,
            lambda: self.updates,
        )
        self.workers = Workers()
        self.workers.start("uplink", self.uplink.step)

    @property
    def connected(self) -> bool:
        return self.uplink.state is UplinkState.CONNECTED

    @property
    def acknowledged(self) -> bool:
        return self.lane.ledger.head > 0 and self.segments.unacknowledged_rows() == 0

    def stop(self) -> None:
        assert self.workers.stop() == []
        assert self.workers.failure is None
        self.uplink.close()
        self.events.close()
        self.segments.close()
        self.lane.ledger.close()


@pytest.fixture
def hub(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr("hub_running.now", lambda: NOON)  # the lanes' day is the hub's
    hub = Hub(broker.url, tmp_path / "hub").start().connected()
    yield hub
    hub.stop()


@pytest.fixture
def station(broker: Broker, tmp_path: Path) -> Iterator[StationRig]:
    station = StationRig(tmp_path / "station", broker.url)
    yield station
    station.stop()


def test_the_hub_counts_what_the_lane_wrote_and_the_station_knows_it(hub: Hub, station: StationRig) -> None:
    for _ in range(5):
        station.lane.scan(a_pass())
    until(lambda: station.acknowledged, what="acknowledgement")
    assert hub.queries.total_passages() == 5
    until(lambda: [lane["granted"] for lane in hub.queries.lanes_today()[STATION]] == [5], what="live counts")
    (row,) = hub.queries.stations()
    assert (row.id, row.state) == (STATION, "online")


def test_an_amendment_moves_a_passage_and_never_adds_one(hub: Hub, station: StationRig) -> None:
    row = station.lane.scan(a_pass(musts={}))
    until(lambda: station.acknowledged)
    station.lane.ask(Decide(Outcome.DENIED, row.passage, row.seq))
    until(lambda: station.acknowledged)
    assert hub.queries.total_passages() == 1


def test_with_the_broker_away_nothing_is_lost_and_all_arrives_when_it_is_back(
    broker: Broker, hub: Hub, station: StationRig
) -> None:
    station.lane.scan(a_pass())
    until(lambda: station.acknowledged)
    broker.kill()
    until(lambda: not station.connected, what="the station noticing")
    for _ in range(30):
        station.lane.scan(a_pass())
    assert station.segments.unacknowledged_rows() == 30
    assert station.uplink.fault
    broker.start()
    until(lambda: station.acknowledged, 40, what="the backlog")
    assert hub.queries.total_passages() == 31


def test_a_hub_that_is_away_gets_everything_later(broker: Broker, station: StationRig, tmp_path: Path) -> None:
    until(lambda: station.connected)
    for _ in range(10):
        station.lane.scan(a_pass())
    hub = Hub(broker.url, tmp_path / "hub").start().connected()
    try:
        until(lambda: station.acknowledged, 30, what="resending")
        assert hub.queries.total_passages() == 10
    finally:
        hub.stop()


def test_a_hub_that_lost_its_disk_asks_again_and_counts_the_same(
    broker: Broker, station: StationRig, tmp_path: Path
) -> None:
    first = Hub(broker.url, tmp_path / "hub").start().connected()
    for _ in range(3):
        for _ in range(4):
            station.lane.scan(a_pass())
        until(lambda: station.acknowledged)
    first.stop()
    second = Hub(broker.url, tmp_path / "a new disk").start().connected()
    try:
        station.lane.scan(a_pass())
        until(lambda: second.queries.total_passages() == 13, 30, what="the whole ledger offered again")
        until(lambda: station.acknowledged)
    finally:
        second.stop()


def test_a_station_whose_old_card_was_put_back_says_so_and_the_hub_gets_all_that_is_new(
    broker: Broker, hub: Hub, tmp_path: Path
) -> None:
    folder, card = tmp_path / "station", tmp_path / "old card"
    first = StationRig(folder, broker.url)
    first.lane.scan(a_pass())
    until(lambda: first.acknowledged)
    first.stop()
    shutil.copytree(folder, card)
    newer = StationRig(folder, broker.url)
    for count in range(2, 12):  # each its own segment, more than are in flight at once
        newer.lane.scan(a_pass())
        until(lambda: newer.acknowledged)
        assert hub.queries.total_passages() == count
    newer.stop()

    back = StationRig(card, broker.url)
    back.lane.clock.seconds += 3600  # passages of other minutes than those the lost card had
    try:
        for _ in range(8):
            back.lane.scan(a_pass())
            until(lambda: "old card" in back.uplink.fault or back.acknowledged)
        until(lambda: back.acknowledged, what="acknowledgement behind what the hub has")
        assert hub.queries.total_passages() == 11 + 8
        assert hub.queries.stations()[0].regressed
    finally:
        back.stop()


def test_a_station_that_says_goodbye_is_offline_and_one_that_breaks_is_lost(
    broker: Broker, hub: Hub, tmp_path: Path
) -> None:
    station = StationRig(tmp_path / "polite", broker.url)
    until(lambda: station.connected)
    station.stop()
    until(lambda: [row.state for row in hub.queries.stations()] == ["offline"], what="the goodbye")


def test_the_conversation_holds_no_plate_and_no_name(broker: Broker, hub: Hub, station: StationRig) -> None:
    heard = bytearray()
    listener = Listener(broker.url, "listener")
    listener._client.subscribe("#")
    listener._client.on_message = lambda _, __, message: heard.extend(message.payload)
    station.lane.scan(a_pass(plate="豫G99999", label="诸葛**"))
    station.lane.scan("call me at 13800001111")
    until(lambda: station.acknowledged)
    until(lambda: b"tallies" in heard, what="a segment on the wire")
    listener.close()
    for secret in ("豫G99999", "诸葛", "13800001111"):
        assert secret.encode() not in heard
        assert secret.encode("unicode_escape") not in heard
    assert asdict(station.uplink._live)  # and there was a live frame among it


def test_a_broker_that_refuses_says_so_instead_of_looking_well(tmp_path: Path) -> None:
    rules = tmp_path / "acl"
    rules.write_text("topic read #\n")
    broker = Broker(tmp_path / "broker", f"acl_file {rules}")
    station = StationRig(tmp_path / "station", broker.url)
    try:
        until(lambda: "refused" in station.uplink.fault, what="the refusal")
        station.lane.scan(a_pass())
        assert station.segments.unacknowledged_rows() == 1
    finally:
        station.stop()
        broker.stop()


def test_lists_for_this_station_and_for_all_are_handed_on_with_their_latest_content(
    broker: Broker, station: StationRig
) -> None:
    hub = Listener(broker.url, "hub")
    for target in (STATION, "another", "all"):
        topic = f"checkpoint/v1/{DISTRICT}/down/{target}/list/revocations"
        hub._client.publish(topic, f"for {target}".encode(), qos=1, retain=True).wait_for_publish(10)
    until(lambda: len(station.lists) == 2)
    assert sorted(station.lists) == [
        ("all", "revocations", b"for all"),
        (STATION, "revocations", f"for {STATION}".encode()),
    ]
    hub._client.publish(f"checkpoint/v1/{DISTRICT}/down/all/list/trust", bytes(LARGEST_LIST + 1), qos=1)
    until(lambda: "a list has at most" in station.uplink.fault, what="the list that is too large")
    station.lane.scan(a_pass())
    assert station.connected
    assert len(station.lists) == 2
    hub.close()


def test_the_birth_is_said_again_when_a_list_is_another_version(broker: Broker, station: StationRig) -> None:
    heard: list[dict] = []
    hub = Listener(broker.url, "hub")
    hub._client.on_message = lambda _, __, message: heard.append(json.loads(message.payload))
    hub._client.subscribe(f"checkpoint/v1/{DISTRICT}/up/{STATION}/state")
    until(lambda: [said["lists"] for said in heard] == [{}])
    station.versions["revocations"] = 7
    until(lambda: [said["lists"] for said in heard] == [{}, {"revocations": 7}])
    hub.close()


def test_the_hub_is_told_what_is_wrong_with_the_station_and_that_it_is_no_longer(
    hub: Hub, station: StationRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.outbox.uplink.FAULTS_INTERVAL_S", 0.1)
    until(lambda: [row.faults for row in hub.queries.stations()] == [()], what="a state without faults")
    station.faults = ("ledger_set_aside", "keys_unusable")
    until(lambda: hub.queries.stations()[0].faults == station.faults, what="the faults")
    station.faults = ()
    until(lambda: hub.queries.stations()[0].faults == (), what="their end")


def test_the_hub_is_told_what_became_of_an_update(
    hub: Hub, station: StationRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.updates = (UpdateResult("checkpoint-9.9.9.tar.gz", "refused", "is not signed", "2026-03-01T19:31:00Z"),)
    station.faults = ("ledger_set_aside",)  # anything that has the state said again
    monkeypatch.setattr("station.outbox.uplink.FAULTS_INTERVAL_S", 0.1)
    until(lambda: hub.queries.stations() and hub.queries.stations()[0].updates, what="the update's result")
    (told,) = hub.queries.stations()[0].updates
    assert (told["file"], told["outcome"]) == ("checkpoint-9.9.9.tar.gz", "refused")
    assert told["at"] == "2026-03-02T03:31:00+08:00"
