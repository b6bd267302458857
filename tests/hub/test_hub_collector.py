"""The collector against a real mosquitto: stored, then acknowledged, through every outage."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from broker import Broker
from hub_messages import live, segment, state, tally
from hub_running import LOST, Hub, Station, now
from storage import Storage
from waiting import until

from station.messages import Ack, Sync

pytestmark = pytest.mark.clock


@pytest.fixture
def hub(broker: Broker, storage: Storage) -> Iterator[Hub]:
    hub = Hub(broker.url, storage.open()).start().connected()
    yield hub
    hub.stop()


@pytest.fixture
def north(broker: Broker) -> Iterator[Station]:
    station = Station(broker.url, "north")
    yield station
    station.close()


def test_an_acknowledgement_comes_after_the_commit(hub: Hub, north: Station) -> None:
    stored: list[int] = []
    north.on_ack = lambda _: stored.append(hub.queries.total_passages())
    north.say(segment(1, tally(passages=6)))
    until(lambda: stored)
    assert stored[0] == 6
    assert north.acks == [Ack(1, 1, segments=())]


def test_segments_twice_and_out_of_order_count_once(hub: Hub, north: Station) -> None:
    minutes = [tally(n, minute=f"2026-03-01T03:{n:02}Z") for n in range(1, 9)]
    for number in (3, 1, 2, 2, 8, 4, 5, 1, 7, 6, 3):
        north.say(segment(number, minutes[number - 1]))
    until(lambda: Ack(1, 8, segments=()) in north.acks)
    assert hub.queries.total_passages() == 8


def test_a_gap_is_asked_for(hub: Hub, north: Station) -> None:
    north.say(segment(3, tally()))
    until(lambda: north.syncs == [Sync(1, 1)])


def test_a_killed_broker_costs_nothing_once_the_station_offers_again(hub: Hub, north: Station, broker: Broker) -> None:
    for number in range(1, 30):
        north.say(segment(number, tally(number, passages=number)))
    until(lambda: north.acks)
    broker.kill()
    until(lambda: not hub.connection.link.connected)
    broker.start()
    hub.connected()
    again = Station(broker.url, "north")
    for number in range(1, 31):
        again.say(segment(number, tally(number, passages=number)))
    until(lambda: Ack(1, 30, segments=()) in again.acks)
    assert hub.queries.total_passages() == 30
    again.close()


def test_the_broker_delivers_again_what_a_hub_that_died_had_not_stored(
    broker: Broker, storage: Storage, north: Station
) -> None:
    dying = Hub(broker.url, storage.open()).start().connected()
    storage.refuse()
    north.say(segment(1, tally()))
    until(lambda: dying.collector.fault)
    assert storage.remedy in dying.collector.fault
    dying.stop()
    storage.relent()
    born = Hub(broker.url, storage.open()).start()
    until(lambda: north.acks)
    assert born.queries.total_passages() == 1
    born.stop()


def test_a_disk_that_is_full_for_a_while_is_survived(storage: Storage, hub: Hub, north: Station) -> None:
    storage.refuse()
    for number in range(1, 5):
        north.say(segment(number, tally(number, passages=number)))
    until(lambda: hub.collector.fault)
    assert north.acks == []
    storage.relent()
    until(lambda: Ack(1, 4, segments=()) in north.acks)
    assert hub.collector.fault == ""


def test_the_will_of_an_old_connection_does_not_make_a_station_lost(hub: Hub, broker: Broker) -> None:
    first = Station(broker.url, "north", will=replace(state(conn=1), state=LOST))
    first.say(state(conn=1), retain=True)
    until(lambda: [row.state for row in hub.queries.stations()] == ["online"])
    second = Station(broker.url, "north", will=replace(state(conn=2), state=LOST))
    second.say(state(conn=2), retain=True)
    first.vanish()
    until(lambda: _stored(hub, "state") == 3, what="two births and a will")
    assert [row.state for row in hub.queries.stations()] == ["online"]
    second.vanish()
    until(lambda: [row.state for row in hub.queries.stations()] == ["lost"])


def test_a_hub_that_starts_late_learns_of_the_stations_that_are_there(broker: Broker, storage: Storage) -> None:
    station = Station(broker.url, "north")
    station.say(state(), retain=True)
    station.say(live(7, lane_1=7), qos=0, retain=True)
    hub = Hub(broker.url, storage.open()).start()
    until(lambda: [row.backlog for row in hub.queries.stations()] == [7])
    assert not hub.queries.stations()[0].regressed
    hub.stop()
    station.close()


def test_a_hostile_payload_is_counted_and_the_next_message_is_stored(hub: Hub, north: Station) -> None:
    north.say_raw("segment", b"[" * 60_000)
    north.say_raw("state", b"{")
    north.say(segment(1, tally()))
    until(lambda: north.acks)
    assert [row.bad_messages for row in hub.queries.stations()] == [2]
    assert b'bad_messages_total{name="segment"} 1.0' in hub.metrics.expose()[1]


def test_the_page_is_told_at_once_and_the_totals_with_it(hub: Hub, north: Station) -> None:
    north.say(state())
    north.say(live(3, day=_today(), lane_1=3), qos=0)
    until(lambda: hub.overview.tree.node("pingyuan")["granted"] == 3)
    view = hub.overview.tree.station("north")
    assert view is not None
    assert (view["state"], [lane["granted"] for lane in view["lanes"]]) == ("online", [3, 0])
    assert b"checkpoint_hub_live_age_seconds_count 1.0" in hub.metrics.expose()[1]


def test_a_refused_subscription_is_a_fault_that_names_the_topic(storage: Storage, tmp_path: Path) -> None:
    broker = Broker(tmp_path / "broker", *_no_subscriptions(tmp_path / "rules.json"))
    hub = Hub(broker.url, storage.open()).start()
    until(lambda: "refuses the subscription to checkpoint/" in hub.connection.link.fault, what=broker.log)
    assert not hub.connection.link.connected
    hub.stop()
    broker.stop()


def test_a_refused_publish_is_a_fault(storage: Storage, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.write_text("topic read checkpoint/v1/pingyuan/up/#\ntopic write checkpoint/v1/pingyuan/up/#\n")
    broker = Broker(tmp_path / "broker", f"acl_file {rules}")
    hub = Hub(broker.url, storage.open()).start().connected()
    north = Station(broker.url, "north")
    north.say(segment(1, tally()))
    until(lambda: "refuses what hub-pingyuan publishes" in hub.connection.link.fault)
    north.close()
    hub.stop()
    broker.stop()


def test_an_absent_broker_is_a_fault_and_not_the_end(broker: Broker, storage: Storage) -> None:
    broker.stop()
    hub = Hub(broker.url, storage.open()).start()
    until(lambda: "cannot reach the broker" in hub.connection.link.fault)
    broker.start()
    hub.connected()
    assert hub.connection.link.fault == ""
    hub.stop()


def _no_subscriptions(rules: Path) -> tuple[str, str]:
    """Mosquitto's acl_file lets every subscription pass and delivers nothing; its plugin refuses."""
    kinds = {"publishClientSend": True, "publishClientReceive": True, "subscribe": False, "unsubscribe": True}
    rules.write_text(json.dumps({"defaultACLAccess": kinds, "clients": [], "groups": [], "roles": []}))
    (plugin,) = Path("/usr/lib").glob("*/mosquitto_dynamic_security.so")
    return f"plugin {plugin}", f"plugin_opt_config_file {rules}"


def _stored(hub: Hub, name: str) -> float:
    return float(hub.metrics.messages.labels(name)._value.get())


def _today() -> str:
    return now().astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
