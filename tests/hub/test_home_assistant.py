"""Chosen stations appear in Home Assistant: the messages are at a real broker, kept, right, and taken back."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from broker import Broker
from hub_messages import live
from jinja2 import Environment, StrictUndefined
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from waiting import until

from station.config import BrokerSection, HomeAssistantSection
from station.hub.database import StoreUnreadable
from station.hub.home_assistant import discovery, discovery_topic
from station.hub.home_assistant_publisher import FILE, LOOK_SECONDS, HomeAssistantPublisher
from station.hub.list_wire import ListWire
from station.hub.roster import StationRow
from station.messages import LIVE_COUNTS, Live, LiveLane, encode
from station.version import SOFTWARE

CHOSEN = HomeAssistantSection(prefix="homeassistant", levels=("pingyuan/qiaobei",), stations=("gate-9",))


def row(station: str, *levels: str, lanes: tuple[str, ...] = ("1", "person-2")) -> StationRow:
    return StationRow(
        id=station,
        name=f"站 {station}",
        levels=("pingyuan", *levels),
        lanes=lanes,
        state="online",
        last_seen=None,
        backlog=0,
        clock="trusted",
        software="1.2",
        lists={},
        regressed=False,
        shared=False,
        moved_at=None,
        bad_messages=0,
        bad=(),
    )


STATIONS = [row("b-1", "qiaobei"), row("b-2", "qiaobei", "east"), row("c-1", "qiaobeizhen"), row("gate-9", "south")]


class ScriptedWire:
    def __init__(self) -> None:
        self.connected = True
        self.said: list[tuple[str, bytes]] = []

    def publish(self, topic: str, message: bytes) -> None:
        self.said.append((topic, message))


class Rig:
    def __init__(self, where: Path, section: HomeAssistantSection = CHOSEN) -> None:
        self.wire, self.time, self.stations = ScriptedWire(), 0.0, list(STATIONS)
        self.publisher = HomeAssistantPublisher(
            section, "pingyuan", lambda: self.stations, self.wire, where, lambda: self.time
        )

    def look(self) -> list[str]:
        """What a look says, by station; those taken back with a sign before them."""
        self.wire.said = []
        self.publisher.step()
        self.time += LOOK_SECONDS
        return sorted(
            ("" if said else "-") + topic.split("/")[2][len("checkpoint-pingyuan-") :] for topic, said in self.wire.said
        )


@pytest.fixture
def told() -> dict[str, Any]:
    """What Home Assistant is told of a station."""
    return dict(json.loads(discovery("pingyuan", STATIONS[0], "9.9")))


def rendered(template: str, message: Live) -> str:
    """As Home Assistant does it: ``value_json`` is the payload, and a member that is not there is an error."""
    return Environment(undefined=StrictUndefined).from_string(template).render(value_json=json.loads(encode(message)))


def test_every_count_of_every_lane_is_a_sensor_whose_template_picks_it(told: dict[str, Any]) -> None:
    counts = {lane: LiveLane(*range(start, start + 7), "") for lane, start in (("1", 10), ("person-2", 20))}
    frame = replace(live(1), lanes=counts)
    sensors = told["components"]
    assert len(sensors) == len(counts) * len(LIVE_COUNTS)
    for lane, lane_counts in counts.items():
        for count in LIVE_COUNTS:
            sensor = sensors[f"checkpoint-pingyuan-b-1-{lane}-{count}"]
            assert rendered(sensor["value_template"], frame) == str(getattr(lane_counts, count))


def test_what_adds_up_begins_anew_with_the_stations_day_and_what_waits_is_a_measurement(told: dict[str, Any]) -> None:
    sensors = told["components"]
    granted, held = (sensors[f"checkpoint-pingyuan-b-1-1-{count}"] for count in ("granted", "held"))
    assert (granted["state_class"], held["state_class"]) == ("total", "measurement")
    assert rendered(granted["last_reset_value_template"], live(1)) == "2026-03-01T00:00:00"
    assert "last_reset_value_template" not in held


def test_a_device_is_all_that_home_assistant_asks_for(told: dict[str, Any]) -> None:
    assert told["device"]["identifiers"] == ["checkpoint-pingyuan-b-1"]
    assert told["device"]["name"] == "站 b-1"
    assert told["origin"] == {"name": "checkpoint-hub", "sw_version": "9.9"}
    assert told["state_topic"] == "checkpoint/v1/pingyuan/up/b-1/live"
    for identity, sensor in told["components"].items():
        assert (sensor["platform"], sensor["unique_id"]) == ("sensor", identity)
    assert len({sensor["name"] for sensor in told["components"].values()}) == len(told["components"])


@pytest.mark.parametrize(("said", "there"), [("online", "online"), ("offline", "offline"), ("lost", "offline")])
def test_a_station_is_there_while_it_says_so(told: dict[str, Any], said: str, there: str) -> None:
    (availability,) = told["availability"]
    template = Environment().from_string(availability["value_template"])
    assert template.render(value_json={"state": said}) == there
    assert availability["topic"] == "checkpoint/v1/pingyuan/up/b-1/state"


def test_chosen_stations_are_told_once_and_no_other(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    assert rig.look() == ["b-1", "b-2", "gate-9"]
    assert rig.look() == []
    rig.stations[0] = replace(rig.stations[0], lanes=("1",))
    assert rig.look() == ["b-1"]


def test_a_station_that_moved_away_is_taken_back(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.look()
    rig.stations[0] = row("b-1", "south")
    assert [rig.look(), rig.look()] == [["-b-1"], []]


def test_on_a_new_connection_all_is_said_again(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.look()
    rig.wire.connected = False
    assert rig.look() == []
    rig.wire.connected = True
    assert rig.look() == ["b-1", "b-2", "gate-9"]


@pytest.mark.parametrize("section", [HomeAssistantSection(), replace(CHOSEN, prefix="ha")])
def test_a_hub_where_it_was_switched_off_or_renamed_takes_back_what_was_told(
    tmp_path: Path, section: HomeAssistantSection
) -> None:
    Rig(tmp_path).look()
    rig = Rig(tmp_path, section)
    rig.look()
    gone = {topic for topic, said in rig.wire.said if not said}
    assert gone == {discovery_topic("homeassistant", "pingyuan", name) for name in ("b-1", "b-2", "gate-9")}
    assert rig.look() == []
    assert not gone & set((tmp_path / FILE).read_text().split())


def test_a_lost_connection_does_not_make_it_forget_what_is_to_be_taken_back(tmp_path: Path) -> None:
    Rig(tmp_path).look()
    rig = Rig(tmp_path, HomeAssistantSection())
    rig.look()
    rig.wire.connected = False
    rig.look()
    assert Rig(tmp_path, HomeAssistantSection()).look() == ["-b-1", "-b-2", "-gate-9"]


def test_a_hub_that_was_never_told_to_asks_nothing_and_says_nothing(tmp_path: Path) -> None:
    rig = Rig(tmp_path, HomeAssistantSection())
    rig.stations = None  # type: ignore[assignment]  # would fail if it were looked through
    assert rig.look() == []
    assert not (tmp_path / FILE).exists()


def test_while_the_store_cannot_be_asked_nothing_is_taken_back(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.look()

    def away() -> list[StationRow]:
        raise StoreUnreadable("away")

    rig.publisher._stations = away
    assert rig.look() == []
    assert rig.publisher.fault == "away"


def test_what_cannot_be_remembered_is_not_told(tmp_path: Path) -> None:
    rig = Rig(tmp_path / "gone")
    assert rig.look() == []
    assert "No such file" in rig.publisher.fault


@pytest.fixture
def hear(broker: Broker) -> Iterator[Callable[[], dict[str, bytes]]]:
    """What somebody who connects now is told at once: what the broker keeps."""
    clients: list[Client] = []

    def kept() -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        done: list[str] = []

        def on_message(client: Client, _: Any, message: MQTTMessage) -> None:
            if message.topic == "end":
                done.append(message.topic)
            elif message.retain:
                found[message.topic] = bytes(message.payload)

        def on_subscribe(client: Client, *_: Any) -> None:
            client.publish("end", "x")  # comes back behind all that is kept

        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        client.on_message, client.on_subscribe = on_message, on_subscribe
        client.connect("127.0.0.1", broker.port)
        client.subscribe([("homeassistant/#", 0), ("end", 0)])
        client.loop_start()
        clients.append(client)
        until(lambda: done, what="what the broker keeps")
        return found

    yield kept
    for client in clients:
        client.disconnect()
        client.loop_stop()


def test_the_broker_keeps_what_was_told_and_nothing_of_what_was_taken_back(
    broker: Broker, hear: Callable[[], dict[str, bytes]], tmp_path: Path
) -> None:
    wire = ListWire(BrokerSection(url=broker.url), "pingyuan", "hub-lists")

    def tell(section: HomeAssistantSection, count: int) -> dict[str, bytes]:
        publisher = HomeAssistantPublisher(section, "pingyuan", lambda: STATIONS, wire, tmp_path)

        def told() -> bool:
            wire.step(0.01)
            publisher.step()
            return len(hear()) == count

        until(told, what=f"{count} messages kept")
        return hear()

    kept = tell(CHOSEN, 3)
    assert kept[discovery_topic("homeassistant", "pingyuan", "b-1")] == discovery("pingyuan", STATIONS[0], SOFTWARE)
    assert tell(HomeAssistantSection(), 0) == {}
    wire.close()
