"""An order from the district's command line to a station's screen, and its receipts back: real hub, broker, station."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from broker import Broker
from lists_site import STATION, RunningStation, Site
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from waiting import until

from station.bootstrap import Hub
from station.clock import utc_now
from station.domain.district_incidents import IncidentRow
from station.domain.district_orders import OrderRow
from station.domain.events.incidents import IncidentKind, Severity
from station.domain.incidents import CloseIncident, ReportIncident
from station.passes.wire import from_base64url

pytestmark = pytest.mark.clock

ORDER_TOPIC = f"checkpoint/v1/pingyuan/down/{STATION}/order"


@pytest.fixture
def site(tmp_path: Path, broker: Broker) -> Site:
    return Site(tmp_path, broker.url)


def send(site: Site, *arguments: str) -> int:
    return site.command("order", "send", "--zh", "一号车道暂停放行", "--config", str(site.hub_toml), *arguments)


def known(hub: Hub) -> None:
    until(lambda: [row.id for row in hub.queries.stations()] == [STATION], what="the station's birth")


def on_screen(station: RunningStation) -> list[str]:
    orders = station.station.feed.changes(0, 0)[1]["orders"]["orders"]
    return [order["id"] for order in orders]


def standing(hub: Hub) -> OrderRow:
    (row,) = hub.orders.questions.orders()
    return row


def incidents_at(hub: Hub) -> list[IncidentRow]:
    return hub.incidents.incidents(utc_now() - timedelta(hours=1))


class Heard:
    """What goes by on a topic."""

    def __init__(self, broker: Broker, topic: str) -> None:
        self.messages: list[bytes] = []
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_message = lambda _, __, message: self.messages.append(bytes(message.payload))
        self._subscribed = threading.Event()
        self._client.on_connect = lambda client, *_: client.subscribe(topic, qos=1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("127.0.0.1", broker.port)

    def __enter__(self) -> "Heard":
        self._client.loop_start()
        assert self._subscribed.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def orders(self) -> set[str]:
        """By their ids."""
        payloads = (from_base64url(json.loads(message)["payload"]) for message in self.messages)
        return {json.loads(payload)["order"] for payload in payloads}


def publish(broker: Broker, payload: bytes) -> None:
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    client.publish(ORDER_TOPIC, payload, qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def test_an_order_goes_from_the_hub_to_the_screen_and_its_receipts_come_back(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with site.hub() as hub, site.station() as station:
        station.connected()
        known(hub)
        assert send(site, "--level", "pingyuan", "--urgency", "urgent") == 0
        until(lambda: on_screen(station), what="the order on the screen")
        (order,) = on_screen(station)
        until(lambda: standing(hub).received == 1, what="the receipt")
        show = ("order", "show", order, "--config", str(site.hub_toml))
        assert site.command(*show) == 1
        station.station.duty.orders.shown(order)
        until(lambda: standing(hub).shown == 1, what="that it was shown")
        station.station.duty.orders.acknowledge(order, "0107")
        until(lambda: standing(hub).acknowledged == 1, what="that it was acknowledged")
        assert on_screen(station) == []
        capsys.readouterr()
        assert site.command(*show, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["station"], told["step"]) == (STATION, "acknowledged")
        assert told["received_at"] <= told["shown_at"] <= told["acknowledged_at"]


def test_a_station_that_was_away_gets_the_order_when_it_is_back(site: Site) -> None:
    with site.hub() as hub:
        with site.station() as station:
            station.connected()
            known(hub)
        send(site)
    with site.hub() as hub, site.station() as station:  # and the hub was away as well
        until(lambda: on_screen(station), 40, what="the order on the screen")
        until(lambda: standing(hub).received == 1, what="the receipt")


def test_an_order_stays_on_the_screen_over_a_restart_until_it_is_acknowledged(site: Site) -> None:
    with site.hub() as hub:
        with site.station() as station:
            station.connected()
            known(hub)
            send(site)
            until(lambda: on_screen(station))
            (order,) = on_screen(station)
        with site.station() as station:
            assert on_screen(station) == [order]
            station.station.duty.orders.acknowledge(order)
        with site.station() as station:
            assert on_screen(station) == []
            until(lambda: standing(hub).acknowledged == 1, 40, what="the receipt of before the restart")


def test_a_forged_order_is_refused_and_the_hub_hears_of_it(site: Site, broker: Broker) -> None:
    with site.hub() as hub, site.station() as station:
        station.connected()
        known(hub)
        send(site)
        (order,) = hub.orders.book.standing()
        real = json.loads(order.message)
        until(lambda: on_screen(station))
        other = real["payload"].swapcase()
        publish(broker, json.dumps({**real, "payload": other}).encode())
        publish(broker, json.dumps({**real, "signature": "A" * 86}).encode())
        station_orders = station.station.duty.orders
        until(lambda: station_orders.refusals == 2, what="both being refused")
        assert on_screen(station) == [order.id]
        until(lambda: hub.orders.questions.strange(utc_now() - timedelta(hours=1)), what="the receipt")
        (told,) = hub.orders.questions.strange(utc_now() - timedelta(hours=1))
        assert (told.station, told.reason) == (STATION, "malformed")
        _, (one,) = hub.orders.questions.order(order.id) or (None, ())
        assert (one.step, one.reason) == ("received", "forged")


def test_an_order_of_a_key_for_orders_alone_is_followed_and_a_list_of_it_is_not(site: Site) -> None:
    site.command("keys", "new", str(site.folder / "orders.key"))
    keys = site.table(
        "keys.csv",
        "key,not_before,not_after,role\n"
        "trust/district.pub,2020-01-01T00:00:00Z,2090-01-01T00:00:00Z,\n"
        "orders.pub,2020-01-01T00:00:00Z,2090-01-01T00:00:00Z,orders\n",
    )
    with site.hub() as hub, site.station() as station:
        station.connected()
        known(hub)
        send(site, "--key", str(site.folder / "orders.key"))
        assert site.lists("set", "trust", "--file", keys) == 0
        until(lambda: on_screen(station), what="the order, once the trust list names its key")
        site.lists(
            "set",
            "revocations",
            "--file",
            site.table("ids.csv", "id\n00112233445566aa\n"),
            "--key",
            str(site.folder / "orders.key"),
        )
        station.complains("not believed")


def test_an_incident_is_told_to_the_hub_from_report_to_closure(site: Site) -> None:
    with site.station() as station:
        incidents = station.station.duty.incidents
        incidents.carry_out(ReportIncident("a1b2c3d4", IncidentKind.FEVER, Severity.SERIOUS, "1", "38.4"))
        with site.hub() as hub:
            until(lambda: incidents_at(hub), 40, what="the incident at the hub")
            incidents.carry_out(CloseIncident("a1b2c3d4", "taken to hospital"))
            until(lambda: incidents_at(hub)[0].closed_at, what="its closure")
            (incident,) = incidents_at(hub)
            assert (incident.station, incident.kind, incident.lane) == (STATION, "fever", "1")
            assert incident.words == "taken to hospital"
            assert station.station.segments.acked >= 0


def test_a_hub_from_a_backup_hears_of_events_that_it_had_acknowledged(site: Site, broker: Broker) -> None:
    with site.station() as station:
        incidents, events = station.station.duty.incidents, station.station.duty.events
        incidents.carry_out(ReportIncident("a1b2c3d4", IncidentKind.FEVER, Severity.SERIOUS, "1"))
        with site.hub():
            until(lambda: events.acked == station.station.ledger.head, 40, what="the acknowledgement")
        (site.folder / "hub").rename(site.folder / "hub that was lost")
        with site.hub() as hub:
            until(lambda: hub.queries.stations(), 40)
            broker.restart()  # the next connection begins with a birth
            until(lambda: incidents_at(hub), 40, what="the incident once more")


def test_a_station_that_lies_about_its_level_gets_no_order_of_the_other_town(site: Site, broker: Broker) -> None:
    """Registered in Qiaonan, it says Qiaobei. It hears its own town's orders alone, and the hub shows what it says."""
    toml = site.station_toml.read_text().replace('levels = ["pingyuan"]', 'levels = ["pingyuan", "qiaobei"]')
    site.station_toml.write_text(toml)
    rows = ("level,station", "pingyuan,", "pingyuan/qiaobei,", "pingyuan/qiaonan,", f"pingyuan/qiaonan,{STATION}")
    registry = site.table("levels.csv", "\n".join((*rows, "pingyuan/qiaobei,another-station")))
    assert site.command("hub", "levels", "import", "--config", str(site.hub_toml), registry) == 0
    with site.hub() as hub, site.station() as running, Heard(broker, ORDER_TOPIC) as heard:
        running.connected()
        until(lambda: hub.queries.stations([STATION])[0].state == "online", what="the station's birth")
        assert send(site, "--level", "pingyuan/qiaobei", "--en", "theirs") == 0
        assert send(site, "--level", "pingyuan/qiaonan", "--en", "ours") == 0
        by_text = {row.en: row for row in hub.orders.questions.orders()}
        theirs, ours = by_text["theirs"], by_text["ours"]
        # Orders go out oldest first: when the station has answered the second, the first would have come.
        until(lambda: hub.orders.questions.order(ours.id)[1][0].step != "waiting", what="its answer")
        assert heard.orders() == {ours.id}
        assert [one.station for one in hub.orders.questions.order(theirs.id)[1]] == ["another-station"]
        assert on_screen(running) == []
        (row,) = hub.queries.stations([STATION])
        assert (row.misplaced, row.levels, row.stated_levels) == (
            True,
            ("pingyuan", "qiaonan"),
            ("pingyuan", "qiaobei"),
        )
