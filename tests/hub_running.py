"""A whole hub against a real broker, and a station's side of the conversation."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions
from waiting import until

from station.clock import utc_now
from station.config import BrokerSection
from station.hub.collector import Collector
from station.hub.connection import Connection
from station.hub.database import Database
from station.hub.dead_letters import DeadLetters
from station.hub.figures import DistrictFigures
from station.hub.inbox import Inbox
from station.hub.metrics import Metrics
from station.hub.order_queries import OrderQueries
from station.hub.overview import Overview
from station.hub.queries import Queries
from station.hub.refusals import Refusals
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.messages import Ack, Down, State, StationState, Sync, Up, decode_ack, decode_sync, encode
from station.runtime import Workers

DISTRICT = "pingyuan"
ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return utc_now()


class Hub:
    """Wired as bootstrap does it."""

    def __init__(self, url: str, where: Path | Database) -> None:
        self.database = SqliteDatabase(where) if isinstance(where, Path) else where
        self.queries = Queries(self.database, DISTRICT, ZONE, now)
        self.connection = Connection(BrokerSection(url=url), DISTRICT, f"hub-{DISTRICT}", inbox := Inbox())
        self.overview = Overview(self.queries, now)
        figures = DistrictFigures(self.overview.tree, DISTRICT, OrderQueries(self.database, now).orders)
        self.metrics = Metrics(figures, lambda: self.connection.link.connected)
        self.store = Store(self.database, ZONE, refusals=Refusals(self.metrics.bad))
        dead_letters = DeadLetters(self.database, self.metrics.set_aside)
        self.collector = Collector(
            DISTRICT, inbox, self.connection, self.store, self.overview, self.metrics, dead_letters, now
        )
        self._workers = Workers()

    def start(self) -> "Hub":
        self._workers.start("collector", self.collector.step)
        return self

    def connected(self) -> "Hub":
        until(lambda: self.connection.link.connected, what="the hub's connection")
        return self

    def stop(self) -> None:
        assert self._workers.stop() == []
        assert self._workers.failure is None
        self.connection.close()
        self.database.close()


class Station:
    """Publishes what it is told to, and remembers what came down."""

    def __init__(self, url: str, station: str, will: State | None = None) -> None:
        self._up, self._down = Up(DISTRICT, station), Down(DISTRICT, station)
        self.acks: list[Ack] = []
        self.syncs: list[Sync] = []
        self.on_ack: Callable[[Ack], None] = lambda _: None
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        if will is not None:
            self._client.will_set(self._up("state"), encode(will), qos=1, retain=True)
        self._client.on_message = self._on_message
        self._client.on_connect = lambda client, *_: client.subscribe(self._down("+"), options=SubscribeOptions(1))
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("127.0.0.1", int(url.rpartition(":")[2]))
        self._client.loop_start()
        assert subscribed.wait(10)

    def say(self, message: Any, *, qos: int = 1, retain: bool = False) -> None:
        self.say_raw(type(message).__name__.lower(), encode(message), qos=qos, retain=retain)

    def say_raw(self, name: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        self._client.publish(self._up(name), payload, qos, retain)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def vanish(self) -> None:
        """The connection breaks without a goodbye: the broker publishes the will."""
        self._client.loop_stop()
        sock = self._client.socket()
        assert sock is not None
        sock.close()

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        if message.topic == self._down("sync"):
            self.syncs.append(decode_sync(bytes(message.payload)))
        else:
            self.acks.append(ack := decode_ack(bytes(message.payload)))
            self.on_ack(ack)


LOST = StationState.LOST
