"""One MQTT 5 connection of the station, from the attempt to its end. Each attempt is a new object.

A client that reconnects by itself would send an old will and resend from a queue in memory; here the ledger is the
only outbox, and every connection begins with a will and a birth of its own.
"""

import queue
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.client import ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from station.background import BackgroundCall
from station.domain.lists import LARGEST_LIST
from station.domain.orders import LARGEST_ORDER
from station.messages import parse_list
from station.outbox.mailbox import Mailbox
from station.outbox.takeover import End
from station.tls import broker_context

KEEPALIVE = 20
CONNECT_WITHIN = 5.0
GOODBYE_TIMEOUT_S = 1.0
STOP_TIMEOUT_S = 1.0  # for the client's thread, before and after its socket is shut down
AT_ONCE = 10  # messages under way to the broker; the rest waits
LARGEST_PACKET = LARGEST_LIST + 4096  # the broker is told, and keeps what is larger to itself
ENVELOPE = 32  # bytes of a packet beside topic and payload, at most
SESSION_TAKEN_OVER = 0x8E
LOST_WITHOUT_REASON = 0x80  # paho's word for a connection that the other side closed
DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and who we are to it. ``url`` is ``mqtt://host[:port]`` or ``mqtts://``."""

    url: str
    client_id: str
    ca: str = ""
    cert: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    topic: str
    payload: bytes


class Connection:
    """``up`` once the broker has accepted us and our subscriptions; ``ended`` once it is over, with ``fault`` why."""

    def __init__(
        self,
        broker: Broker,
        will: tuple[str, bytes],
        topics: list[str],
        inbox: "queue.Queue[Received]",
        mailbox: Mailbox,
    ) -> None:
        self._broker = broker
        self._topics = topics
        self._inbox = inbox
        self._mailbox = mailbox
        self._up = threading.Event()
        self._ended = threading.Event()
        self.fault = ""
        self.end = End.OTHER
        self._largest = sys.maxsize  # packet that the broker takes
        self._client = self._new_client(will)

    def _new_client(self, will: tuple[str, bytes]) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._broker.client_id,
            protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_WITHIN
        client.max_inflight_messages = AT_ONCE
        client.will_set(will[0], will[1], qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        if self._broker.url.startswith("mqtts://"):
            client.tls_set_context(broker_context(self._broker.ca, self._broker.cert, self._broker.key))
        return client

    def open(self) -> None:
        """Begin the attempt. It takes as long as the name servers and each of the broker's addresses: for a thread that
        has no heartbeat.

        :raises OSError: the broker cannot be reached.
        """
        address = urlsplit(self._broker.url)
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = LARGEST_PACKET
        self._client.connect(
            address.hostname or "",
            address.port or DEFAULT_PORTS[address.scheme],
            keepalive=KEEPALIVE,
            clean_start=True,
            properties=properties,
        )
        self._client.loop_start()

    @property
    def up(self) -> bool:
        return self._up.is_set() and not self._ended.is_set()

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def publish(self, topic: str, payload: bytes, *, qos: int, retain: bool = False, expiry: int | None = None) -> None:
        """Hand a message to the client; the broker's own acknowledgement means nothing to us, its refusal does."""
        if len(topic.encode()) + len(payload) + ENVELOPE > self._largest:
            self.fault = (
                f"the broker takes {self._largest} bytes at most, and {topic} has {len(payload)}; raise its limit"
            )
            return
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if expiry is not None:
            properties.MessageExpiryInterval = expiry
        self._client.publish(topic, payload, qos=qos, retain=retain, properties=properties)

    def close(self, goodbye: tuple[str, bytes] | None = None) -> None:
        """Say goodbye if connected, and end, within some three seconds. The will is not sent after a clean goodbye."""
        if goodbye is not None and self.up:
            with suppress(RuntimeError, ValueError):  # the connection has just ended by itself
                message = self._client.publish(goodbye[0], goodbye[1], qos=1, retain=True)
                message.wait_for_publish(GOODBYE_TIMEOUT_S)
        self._client.disconnect()
        self._stop_loop()
        self._ended.set()
        self._release_client()

    def _release_client(self) -> None:
        """The client closes its last sockets when nobody holds it any more: it must not hold us, who hold it."""
        client = self._client
        client.on_connect = client.on_subscribe = client.on_publish = client.on_message = client.on_disconnect = None

    def _stop_loop(self) -> None:
        """The client joins its thread without a deadline, and that thread waits for as long as the network takes
        nothing of what is left to send."""
        stopping: BackgroundCall[object] = BackgroundCall("mqtt stop")
        stopping.start(self._client.loop_stop)
        if stopping.done(STOP_TIMEOUT_S):
            return
        sock = self._client.socket()
        if isinstance(sock, socket.socket):
            with suppress(OSError):  # closed meanwhile, which is what is asked for
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, which is for its thread alone
        stopping.done(STOP_TIMEOUT_S)

    def _on_connect(
        self, client: mqtt.Client, _data: Any, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._end(f"the broker refused the connection: {reason}; check the station's id and certificate")
        elif unfit := _unfit(flags, properties):
            self._end(f"this broker is of no use: {unfit}")
            client.disconnect()
        else:
            self._largest = getattr(properties, "MaximumPacketSize", self._largest)
            self._subscribe(client)

    def _subscribe(self, client: mqtt.Client) -> None:
        client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in self._topics])

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: list[ReasonCode], _properties: Any) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._end(f"the broker refused a subscription: {refused[0]}; check its access rules")
            return
        self._up.set()

    def _on_publish(self, _client: Any, _data: Any, _mid: int, reason: ReasonCode, _properties: Any) -> None:
        if reason.is_failure:
            self.fault = f"the broker refused a message: {reason}; check its access rules"

    def _on_message(self, client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            self._end("the broker sent a topic that is no text")
            client.disconnect()
            return
        self._hand_on(topic, bytes(message.payload))

    def _hand_on(self, topic: str, payload: bytes) -> None:
        if parse_list(topic) is not None:
            self.fault = self._mailbox.put(topic, payload) or self.fault
            return
        if len(payload) > LARGEST_ORDER:
            self.fault = f"{topic}: {len(payload)} bytes where {LARGEST_ORDER} is most; not read"
            return
        try:
            self._inbox.put_nowait(Received(topic, payload))
        except queue.Full:
            self.fault = "too many messages from the hub at once; it will say them again"

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        if reason.value == SESSION_TAKEN_OVER:
            self.end = End.TAKEN_OVER
        elif self._up.is_set() and not self.fault and reason.value == LOST_WITHOUT_REASON:
            self.end = End.HUNG_UP
        self._end(f"disconnected: {reason}")

    def _end(self, fault: str) -> None:
        self.fault = self.fault or fault
        self._ended.set()


def _unfit(flags: ConnectFlags, properties: Properties | None) -> str:
    """What a broker says of itself that a station cannot live with."""
    if flags.session_present:
        return "it goes on with a session that nobody asked it to keep"
    if getattr(properties, "MaximumQoS", 1) < 1:
        return "it acknowledges no message (QoS 1)"
    if not getattr(properties, "RetainAvailable", 1):
        return "it retains no message"
    if (at_once := getattr(properties, "ReceiveMaximum", AT_ONCE)) < AT_ONCE:
        return f"it takes {at_once} messages at once where {AT_ONCE} are needed"
    return ""
