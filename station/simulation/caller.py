"""One simulated station's way to the broker: a real MQTT client, connection after connection, with nothing of its own
running. Whoever carries it says when to read, to write and to speak."""

import selectors
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from station.messages import Down, StationState, Up
from station.pacing import Backoff
from station.simulation.plan import Plan
from station.simulation.voice import Saying, Voice

KEEPALIVE = 60
CONNECT_WITHIN = 5.0
ANSWER_WITHIN = 30.0
WELL = MQTTErrorCode.MQTT_ERR_SUCCESS


@dataclass(slots=True)
class Figures:
    """What one process has to tell of its stations. ``rows`` of their ledgers, and how many of them are
    ``unacknowledged``; ``behind``: stations of whose outage the hub has not said that it stored all;
    ``late``: seconds its loop is behind with what is due."""

    connected: int = 0
    births: int = 0
    lives: int = 0
    segments: int = 0
    rows: int = 0
    unacknowledged: int = 0
    unsettled: int = 0
    behind: int = 0
    late: float = 0.0
    fault: str = ""


class Caller:
    """``turn`` is one station's turn to speak, ``exchange`` reads and writes what there is."""

    def __init__(
        self,
        plan: Plan,
        index: int,
        url: str,
        selector: selectors.BaseSelector,
        figures: Figures,
        now: Callable[[], float],
    ) -> None:
        self.voice = Voice(plan, index)
        self.chance = plan.chance(index, "backoff")
        self.up = False
        self._plan, self._url = plan, url
        self._selector, self._figures, self._now = selector, figures, now
        self._topics, self._down = Up(plan.district, self.voice.name), Down(plan.district, self.voice.name)
        self._client: Client | None = None
        self._since = float("-inf")  # when it was begun
        self._backoff = Backoff(longest=plan.longest_backoff, chance=self.chance)

    def turn(self, now: float) -> float:
        """Live on, and say what is due. :return: seconds until the next turn."""
        if self.voice.site.advance(now * self._plan.pace):
            self._vanish()
            self.voice.restart()
            return 0.0
        if self._client is None:
            if pause := self._backoff.wait(now):
                return pause
            self._connect(now)
        elif self.up:
            for saying in self.voice.say(now):
                self._publish(self._client, saying)
            self._heed(self._client.loop_misc() or self._write(self._client))
        elif now - self._since > ANSWER_WITHIN:
            self._lose("the broker does not answer")
        return self._plan.live_seconds

    def exchange(self, readable: bool) -> None:
        client = self._client
        if client is not None:
            code = client.loop_read() if readable else WELL
            self._heed(code or self._write(client))

    def say_goodbye(self) -> None:
        if self._client is not None and self.up:
            self._publish(self._client, self.voice.state(StationState.OFFLINE, self._now()))
            self._client.disconnect()
            self._client.loop_write()

    def _connect(self, now: float) -> None:
        will = self.voice.connect(now)
        client = Client(
            CallbackAPIVersion.VERSION2,
            f"{self._plan.district}.{self.voice.name}",
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_WITHIN
        client.will_set(self._topics(will.name), will.payload, will.qos, will.retain)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_socket_open = self._on_socket_open
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = _at_the_end_of_the_turn
        address = urlsplit(self._url)
        try:
            client.connect(address.hostname or "", address.port or 1883, KEEPALIVE, clean_start=True)
        except OSError as error:
            self._lose(f"{self._url}: {error}")
            return
        self._client, self._since = client, now
        self._heed(self._write(client))

    def _write(self, client: Client) -> MQTTErrorCode:
        """Write what waits; what the system does not take yet goes when it can."""
        code = client.loop_write()
        socket = client.socket()
        if socket is not None:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.want_write() else 0)
            if self._selector.get_key(socket).events != wanted:
                self._selector.modify(socket, wanted, self)
        return code

    def _publish(self, client: Client, saying: Saying) -> None:
        self._figures.lives += saying.name == "live"
        self._figures.segments += saying.name == "segment"
        properties = None if saying.expiry is None else _expiring(saying.expiry)
        client.publish(self._topics(saying.name), saying.payload, saying.qos, saying.retain, properties)

    def _heed(self, code: MQTTErrorCode) -> None:
        if code is not WELL:
            self._lose(f"the broker at {self._url}: {code.name}")

    def _lose(self, fault: str) -> None:
        self._figures.fault = fault
        self._vanish()
        self._backoff.failed(self._now())

    def _vanish(self) -> None:
        """The connection is gone without a goodbye."""
        client, self._client, self.up = self._client, None, False
        if client is not None and (socket := client.socket()) is not None:
            client.on_socket_close = None
            self._selector.unregister(socket)
            socket.close()

    def _on_socket_open(self, _client: Client, _data: Any, socket: Any) -> None:
        self._selector.register(socket, selectors.EVENT_READ, self)

    def _on_socket_close(self, _client: Client, _data: Any, socket: Any) -> None:
        self._selector.unregister(socket)

    def _on_connect(self, client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        if reason.is_failure:
            self._figures.fault = f"the broker refuses {self.voice.name}: {reason}"
            return
        client.subscribe([(self._down(name), SubscribeOptions(qos=1)) for name in ("ack", "sync")])

    def _on_subscribe(self, client: Client, *_: Any) -> None:
        self.up = True
        self._backoff.succeeded()
        self._figures.births += 1
        self._publish(client, self.voice.state(StationState.ONLINE, self._now()))

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        now = self._now()
        self.voice.hear(message.topic.rpartition("/")[2], bytes(message.payload), now)
        if self._client is not None and self.voice.site.ledger.backlog:
            for saying in self.voice.offer(now):
                self._publish(self._client, saying)

    def _on_publish(self, _client: Client, _data: Any, _mid: int, reason: ReasonCode, _properties: Any) -> None:
        if reason.is_failure:
            self._figures.fault = f"the broker refused a message: {reason}"


@lru_cache(maxsize=8)
def _expiring(seconds: int) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = seconds
    return properties


def _at_the_end_of_the_turn(*_: Any) -> None:
    """With this set, paho queues what is published, and all of a turn is written at once."""
