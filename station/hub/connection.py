"""The hub's connection to the broker: connect, subscribe, read; and once it is lost, again with full jitter.

Each connection is a new paho client. A message is acknowledged on the connection it came by or not at all: its
number means another message on the next one. The broker keeps the session, so it delivers again what was not.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from station.config import BrokerSection
from station.hub.client import LONGEST_OUTBOX, connect, expiring, new_client
from station.hub.inbox import Delivery, Inbox
from station.messages import DOWN_EXPIRY, ROOT

SUBSCRIBED_WITHIN = 10.0
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
READ_ON = 100
GOODBYE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Link:
    """How the connection stands. ``fault`` is the last thing that went wrong, kept until all is well again."""

    connected: bool
    fault: str


class Connection:
    """``step`` does all reading and writing, on the thread that also stores."""

    def __init__(
        self,
        broker: BrokerSection,
        district: str,
        client_id: str,
        inbox: Inbox,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._broker = broker
        self._client_id = client_id
        self._inbox = inbox
        self._clock = clock
        up = f"{ROOT}/{district}/up/+"
        self._filters = ((f"{up}/state", 1), (f"{up}/live", 0), (f"$share/hub/{up}/segment", 1))
        self._client: Client | None = None
        self._fault = "not connected yet"
        self._subscribed = False
        self._failures = 0
        self._deadline = 0.0  # of the next attempt while there is no client, else of being subscribed
        self._pause = threading.Event()  # never set: only waited on
        self._arrived = self._seen = 0  # messages so far, and when last looked at

    @property
    def link(self) -> Link:
        return Link(self._subscribed, self._fault)

    def step(self, wait: float) -> None:
        """One bounded piece of work: wait for the next attempt, attempt, or read and write what there is.

        Waits up to ``wait`` seconds for something to happen.
        """
        if self._client is None:
            pause = self._deadline - self._clock()
            if pause > 0:
                self._pause.wait(min(pause, wait))
            else:
                self._connect()
            return
        code = self._exchange(self._client, wait)
        if code is not MQTTErrorCode.MQTT_ERR_SUCCESS or self._client.socket() is None:
            self._give_up(self._fault or f"the broker at {self._broker.url}: {code.name}")
        elif not self._subscribed and self._clock() > self._deadline:
            self._give_up(f"the broker at {self._broker.url} does not answer")

    def _exchange(self, client: Client, wait: float) -> MQTTErrorCode:
        if self._inbox.crowded(LONGEST_OUTBOX):
            # Not reading holds the broker back. It takes us for dead in the end if the store never moves again;
            # then it delivers again to the next connection.
            return client.loop_write() or client.loop_misc()
        code = client.loop(wait)
        for _ in range(READ_ON):  # as long as messages come there is no need to ask the system each time
            before = self._arrived
            done = before == self._seen or self._inbox.crowded(LONGEST_OUTBOX)
            if done or code is not MQTTErrorCode.MQTT_ERR_SUCCESS or client.socket() is None:
                break
            self._seen = before
            code = client.loop_read()
        return code

    def publish(self, topic: str, payload: bytes) -> None:
        """QoS 1 with an expiry. Lost while there is no connection: the station offers again."""
        client = self._client
        if client is None or not self._subscribed:
            return
        client.publish(topic, payload, qos=1, properties=expiring(DOWN_EXPIRY))

    def acknowledge(self, deliveries: list[Delivery]) -> None:
        """Tell the broker, in the order they came. What came by an older connection goes nowhere, as it should."""
        for delivery in deliveries:
            if delivery.qos > 0:
                delivery.link.ack(delivery.mid, delivery.qos)

    def close(self) -> None:
        """Say goodbye; the session stays for whoever comes back. Call once ``step`` is no longer running."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop(GOODBYE_SECONDS)
        self._forget()

    def _connect(self) -> None:
        client = new_client(self._client_id)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        try:
            connect(client, self._broker)
        except OSError as error:  # ssl.SSLError is one
            self._give_up(f"cannot reach the broker at {self._broker.url}: {error}")
            return
        self._client = client
        self._deadline = self._clock() + SUBSCRIBED_WITHIN

    def _on_connect(self, client: Client, _: Any, __: ConnectFlags, reason: ReasonCode, ___: Properties | None) -> None:
        if reason.is_failure:
            self._fault = f"the broker at {self._broker.url} refuses the hub: {reason}"
            return
        client.subscribe([(topic, SubscribeOptions(qos)) for topic, qos in self._filters])

    def _on_subscribe(self, client: Client, _: Any, __: int, reasons: list[ReasonCode], ___: Properties | None) -> None:
        for (topic, _qos), reason in zip(self._filters, reasons, strict=True):
            if reason.is_failure:
                self._fault = f"the broker refuses the subscription to {topic}: {reason}; check its access rules"
                client.disconnect()
                return
        self._subscribed, self._fault, self._failures = True, "", 0

    def _on_disconnect(
        self, _: Client, __: Any, flags: DisconnectFlags, reason: ReasonCode, ___: Properties | None
    ) -> None:
        who = "the broker ended the connection" if flags.is_disconnect_packet_from_server else "the connection is lost"
        self._fault = self._fault or f"{who}: {reason}"

    def _on_publish(self, _: Client, __: Any, ___: int, reason: ReasonCode, ____: Properties | None) -> None:
        if reason.is_failure:
            self._fault = f"the broker refuses what the hub publishes: {reason}; check its access rules"

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        delivery = Delivery(
            topic=message.topic,
            payload=bytes(message.payload),
            qos=message.qos,
            mid=message.mid,
            retained=message.retain,
            repeated=message.dup,
            arrived=self._clock(),
            link=client,
        )
        self._arrived += 1
        if message.qos == 0:
            self._inbox.put_live(delivery)
        elif not self._inbox.put(delivery):
            # Cannot be, as reading stops before; it delivers again.
            self._fault = "the store is too slow: the inbox is full"
            client.disconnect()

    def _give_up(self, fault: str) -> None:
        self._fault = fault
        self._forget()
        self._failures += 1
        longest = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(self._failures, 10))
        self._deadline = self._clock() + random.uniform(0, longest)

    def _forget(self) -> None:
        self._client, self._subscribed = None, False
