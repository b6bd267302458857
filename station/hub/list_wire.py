"""The connection that lists and orders are published on, apart from the collector's: a long list never holds up what
is counted.

It hears its own lists as the broker keeps them, so it knows what stations get that connect now.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from station.background import BackgroundCall
from station.config import BrokerSection
from station.hub.client import connect, new_client
from station.messages import Down
from station.pacing import Backoff
from station.passes.signed_lists import ListError, claimed_version

ANSWER_SECONDS = 10.0
GOODBYE_SECONDS = 0.2
SLOW_CONNECT_S = 10.0  # from here on a connect that goes on is told


@dataclass(frozen=True, slots=True)
class Retained:
    """What the broker keeps under a topic. ``version`` 0: nothing that is a list."""

    fingerprint: bytes
    version: int


class ListWire:
    """``step`` does all reading and writing. ``quiet_since`` is when the last retained list came, None while there is
    no connection: the broker says what it keeps right after the subscription, and does not say when it is done."""

    def __init__(
        self, broker: BrokerSection, district: str, client_id: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._broker, self._client_id, self._clock = broker, client_id, clock
        self._filter = Down(district, "+")("list/+")
        self._client: Client | None = None
        self._opening: BackgroundCall[Client] = BackgroundCall("lists connect", Client.disconnect, clock)
        self._backoff = Backoff()
        self._answer_by = 0.0
        self._pause = threading.Event()  # never set: only waited on
        self.retained: dict[str, Retained] = {}
        self.quiet_since: float | None = None
        self.fault = ""

    def step(self, wait: float) -> None:
        """Connect if it is time to, else read and write; waits up to ``wait`` seconds."""
        if self._client is None:
            self._seek_client(wait)
            return
        code = self._client.loop(wait)
        if code is not MQTTErrorCode.MQTT_ERR_SUCCESS or self._client.socket() is None:
            self._give_up(self.fault or f"the broker at {self._broker.url}: {code.name}")
        elif self.quiet_since is None and self._clock() > self._answer_by:
            self._give_up(f"the broker at {self._broker.url} does not answer")

    @property
    def connected(self) -> bool:
        return self.quiet_since is not None

    def publish(self, topic: str, message: bytes) -> None:
        """A list or a discovery message, which the broker keeps."""
        if self._client is not None:
            self._client.publish(topic, message, qos=1, retain=True)

    def send(self, topic: str, message: bytes, expires_in: int) -> None:
        """An order, which it does not. Lost while there is no connection: it is sent again."""
        if self._client is not None:
            self._client.publish(topic, message, qos=1, properties=_expiring(expires_in))

    def close(self) -> None:
        """Call once ``step`` is no longer running."""
        self._opening.close()
        if self._client is not None:
            self._client.disconnect()
            self._client.loop(GOODBYE_SECONDS)

    def _seek_client(self, wait: float) -> None:
        """Connect when that is due, on another thread: name servers that do not answer keep only that one waiting."""
        if self._opening.pending:
            if self._opening.done(wait):
                self._take_opened()
            elif self._opening.elapsed_s > SLOW_CONNECT_S:
                self.fault = f"no answer for {self._opening.elapsed_s:.0f} s from the broker at {self._broker.url}"
        elif pause := self._backoff.wait(self._clock()):
            self._pause.wait(min(pause, wait))
        else:
            self._opening.start(self._opened)

    def _opened(self) -> Client:
        client = new_client(self._client_id)
        client.manual_ack_set(False)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        connect(client, self._broker)
        return client

    def _take_opened(self) -> None:
        try:
            self._client = self._opening.result()
        except (OSError, ValueError) as error:
            self._give_up(f"cannot reach the broker at {self._broker.url}: {error}")
            return
        self._answer_by = self._clock() + ANSWER_SECONDS

    def _on_connect(self, client: Client, _: Any, __: Any, reason: ReasonCode, ___: Any) -> None:
        if reason.is_failure:
            self.fault = f"the broker at {self._broker.url} refuses the hub's lists: {reason}"
            return
        client.subscribe(self._filter, qos=1)

    def _on_subscribe(self, client: Client, _: Any, __: int, reasons: list[ReasonCode], ___: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self.fault = f"the broker refuses the subscription to {self._filter}; check its access rules"
            client.disconnect()
            return
        self.quiet_since, self.fault = self._clock(), ""
        self._backoff.succeeded(self._clock())

    def _on_publish(self, _: Client, __: Any, ___: int, reason: ReasonCode, ____: Any) -> None:
        self.fault = f"the broker refuses a list: {reason}; check its access rules" if reason.is_failure else ""

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        self.quiet_since = self._clock()
        try:
            version = claimed_version(payload)
        except ListError:
            version = 0
        self.retained[message.topic] = Retained(hashlib.sha256(payload).digest(), version)

    def _give_up(self, fault: str) -> None:
        self.fault, self._client, self.quiet_since = fault, None, None
        self.retained.clear()
        self._backoff.failed(self._clock())


def _expiring(seconds: int) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = seconds
    return properties
