"""The hub's folder of lists and the broker: what differs is published once, and nothing goes back."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from broker import Broker
from made import KEY
from made_lists import DISTRICT, revoking, today
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from waiting import until

from station.clock import utc_now
from station.config import BrokerSection
from station.hub.list_files import ListFiles, next_version
from station.hub.list_publisher import ListPublisher
from station.hub.list_wire import ListWire, Retained
from station.passes.digests import id_entry
from station.passes.entries import Entries
from station.passes.signed_lists import ListError, Listing, ListName, Revocations
from station.runtime import Workers

pytestmark = pytest.mark.clock

TOPIC = f"checkpoint/v1/{DISTRICT}/down/all/list/revocations"
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Listener:
    """Whatever is published under down/, with whether it was the broker's retained copy."""

    def __init__(self, broker: Broker) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.on_message = lambda _, __, message: self.heard.append((message.topic, bytes(message.payload)))
        subscribed = threading.Event()
        self.client.on_connect = lambda client, *_: client.subscribe(f"checkpoint/v1/{DISTRICT}/down/#", qos=1)
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        assert subscribed.wait(10)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


class Publishing:
    def __init__(self, folder: Path, broker: Broker) -> None:
        self.files = ListFiles(folder, DISTRICT)
        self.wire = ListWire(BrokerSection(url=broker.url), DISTRICT, f"hub-{DISTRICT}-lists")
        self.publisher = ListPublisher(self.files, self.wire, DISTRICT, now=utc_now)
        self.workers = Workers()
        self.workers.start("lists", self.publisher.step)

    def revoke(self, *ids: str, station: str = "all") -> Listing:
        place = self.files.place(ListName.REVOCATIONS, station)
        body = Revocations(Entries(map(id_entry, ids)))
        return self.files.write(place, body, timedelta(days=1), KEY, utc_now())

    def keeps(self, topic: str = TOPIC) -> int:
        return self.wire.retained.get(topic, Retained(b"", 0)).version

    def stop(self) -> None:
        assert self.workers.stop() == []
        assert self.workers.failure is None
        self.wire.close()


@pytest.fixture
def publishing(tmp_path: Path, broker: Broker) -> Iterator[Publishing]:
    publishing = Publishing(tmp_path / "hub", broker)
    yield publishing
    publishing.stop()


@pytest.fixture
def listener(broker: Broker) -> Iterator[Listener]:
    listener = Listener(broker)
    yield listener
    listener.close()


def test_a_list_in_the_folder_is_published_retained_and_once(
    publishing: Publishing, listener: Listener, broker: Broker
) -> None:
    first = publishing.revoke("00" * 8)
    until(lambda: publishing.keeps() == first.version)
    second = publishing.revoke("00" * 8, "11" * 8)
    until(lambda: publishing.keeps() == second.version)
    late = Listener(broker)
    until(lambda: late.heard, what="the retained list")
    until(lambda: len(listener.heard) > 1, what="the second list")  # the hub may hear itself before others do
    assert [topic for topic, _ in listener.heard] == [TOPIC, TOPIC]
    assert late.heard == listener.heard[-1:]
    late.close()


def test_a_hub_that_starts_again_sends_nothing_that_the_broker_has(
    publishing: Publishing, tmp_path: Path, broker: Broker
) -> None:
    version = publishing.revoke("00" * 8).version
    until(lambda: publishing.keeps() == version)
    publishing.workers.stop()
    publishing.wire.close()
    listener = Listener(broker)
    again = Publishing(tmp_path / "hub", broker)
    until(lambda: again.keeps() == version)
    own = again.revoke("00" * 8, station="s1").version  # after this, the first would have been sent too
    until(lambda: again.keeps(TOPIC.replace("/all/", "/s1/")) == own)
    assert [topic for topic, _ in listener.heard].count(TOPIC) == 1  # what it heard at its own subscription
    listener.close()
    again.stop()


def test_a_newer_list_at_the_broker_is_not_overwritten_and_told(
    publishing: Publishing, listener: Listener, broker: Broker
) -> None:
    version = int(utc_now().timestamp()) + 3600
    newer = revoking("00" * 8, version=version, **today())
    listener.client.publish(TOPIC, newer, qos=1, retain=True).wait_for_publish(10)
    until(lambda: publishing.keeps() == version)
    publishing.revoke("11" * 8)
    until(lambda: "station list renew" in publishing.publisher.fault)
    assert publishing.keeps() == version


@pytest.mark.parametrize("version", [2**53 - 1, int(NOW.timestamp()) + 50 * 366 * 86400])
def test_a_version_at_the_broker_that_no_hub_can_have_given_yet_is_overwritten(
    publishing: Publishing, listener: Listener, version: int
) -> None:
    leaped = revoking("00" * 8, version=version, **today())
    listener.client.publish(TOPIC, leaped, qos=1, retain=True).wait_for_publish(10)
    until(lambda: publishing.keeps() == version)
    own = publishing.revoke("11" * 8).version
    until(lambda: publishing.keeps() == own)
    assert publishing.publisher.fault == ""


@pytest.mark.parametrize("harm", [b"", b"nonsense"])
def test_what_was_cleared_or_overwritten_with_nonsense_is_published_again(
    publishing: Publishing, listener: Listener, harm: bytes
) -> None:
    version = publishing.revoke("00" * 8).version
    until(lambda: publishing.keeps() == version and not publishing.publisher._sent)
    listener.client.publish(TOPIC, harm, qos=1, retain=True).wait_for_publish(10)
    until(lambda: harm in [payload for _, payload in listener.heard])
    until(lambda: publishing.keeps() == version, what="the list again")


def test_a_file_that_is_no_list_is_told_and_the_others_are_published(publishing: Publishing) -> None:
    (publishing.files.path(publishing.files.place(ListName.TRUST, "all"))).write_text("no list")
    version = publishing.revoke("00" * 8).version
    until(lambda: publishing.keeps() == version)
    assert "all.trust.json" in publishing.publisher.fault


def test_a_broker_that_refuses_lists_is_told(tmp_path: Path) -> None:
    rules = tmp_path / "acl"
    rules.write_text("topic read #\n")
    broker = Broker(tmp_path / "broker", f"acl_file {rules}")
    publishing = Publishing(tmp_path / "hub", broker)
    try:
        publishing.revoke("00" * 8)
        until(lambda: "refuses a list" in publishing.publisher.fault)
    finally:
        publishing.stop()
        broker.stop()


class SilentWire:
    """A broker that takes what the hub publishes and does not let it hear its lists."""

    def __init__(self) -> None:
        self.fault, self.retained = "", dict[str, Retained]()
        self.quiet_since: float | None = 0.0
        self.published: list[str] = []

    def step(self, wait: float) -> None: ...

    def publish(self, topic: str, message: bytes) -> None:
        self.published.append(topic)


def test_a_hub_that_may_not_hear_its_lists_says_each_once_a_connection_and_complains(tmp_path: Path) -> None:
    files, wire, seconds = ListFiles(tmp_path, DISTRICT), SilentWire(), [10.0]
    place = files.place(ListName.REVOCATIONS, "all")
    files.write(place, Revocations(Entries()), timedelta(days=1), KEY, NOW)
    publisher = ListPublisher(files, wire, DISTRICT, lambda: seconds[0], now=lambda: NOW)
    for _ in range(100):
        publisher.step()
        seconds[0] += 1
    assert wire.published == [TOPIC]
    assert "access rules" in publisher.fault
    for connected in (None, seconds[0]):
        wire.quiet_since = connected
        publisher.step()
        seconds[0] += 2
    publisher.step()
    assert wire.published == [TOPIC, TOPIC]


def test_versions_go_on_above_what_stations_hold_even_after_the_hub_lost_its_disk() -> None:
    assert next_version(None, NOW) == int(NOW.timestamp())


def test_a_hub_whose_own_list_has_an_absurd_version_begins_with_the_present_again(tmp_path: Path) -> None:
    files = ListFiles(tmp_path, DISTRICT)
    place = files.place(ListName.REVOCATIONS, "all")
    files.path(place).write_bytes(revoking("00" * 8, version=2**53 - 1))
    assert files.write(place, Revocations(Entries()), timedelta(days=1), KEY, NOW).version == int(NOW.timestamp())


def test_a_list_that_stations_would_refuse_is_not_written(tmp_path: Path) -> None:
    files = ListFiles(tmp_path, DISTRICT)
    place = files.place(ListName.REVOCATIONS, "all")
    entries = Entries(number.to_bytes(8) for number in range(150_000))
    with pytest.raises(ListError, match="at most 2000000"):
        files.write(place, Revocations(entries), timedelta(days=1), KEY, NOW)
    assert files.read(place) is None


def test_two_changes_in_the_same_second_are_two_versions(tmp_path: Path) -> None:
    files = ListFiles(tmp_path, DISTRICT)
    place = files.place(ListName.REVOCATIONS, "all")
    versions = [
        files.write(place, Revocations(Entries()), timedelta(days=1), KEY, NOW - timedelta(days=days)).version
        for days in (0, 0, 7)
    ]
    assert versions == [int(NOW.timestamp()) + more for more in range(3)]
