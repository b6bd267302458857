"""A paho client set up as the collector needs it, for one connection."""

import ssl
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.config import BrokerSection

SESSION_SECONDS = 600
RECEIVE_MAXIMUM = 2000
KEEPALIVE_SECONDS = 20
CONNECT_SECONDS = 3.0
# Acks waiting for the broker; one more is dropped, the station then offers again. paho reads as many packets at once.
LONGEST_OUTBOX = 1000


class QuickClient(Client):
    """paho, with its costliest step left out: for every message it draws up a table of all properties there are and
    reads them by name. That is three quarters of the time a message takes, and the hub looks at no property."""

    def _handle_publish(self) -> MQTTErrorCode:
        message = read_publish(self._in_packet["command"], bytes(self._in_packet["packet"]))
        self._handle_on_message(message)
        return MQTTErrorCode.MQTT_ERR_SUCCESS


def read_publish(header: int, packet: bytes) -> MQTTMessage:
    """A PUBLISH of MQTT 5 at QoS 0 or 1, its properties skipped."""
    at = 2 + int.from_bytes(packet[:2])
    topic, number = packet[2:at], 0
    if header & 0x06:
        number, at = int.from_bytes(packet[at : at + 2]), at + 2
    length, shift = 0, 0
    while packet[at] & 0x80:
        length, shift, at = length | (packet[at] & 0x7F) << shift, shift + 7, at + 1
    message = MQTTMessage(number, topic)
    message.dup, message.qos, message.retain = bool(header & 0x08), header >> 1 & 0x03, bool(header & 0x01)
    message.payload = packet[at + 1 + (length | packet[at] << shift) :]
    return message


def new_client(client_id: str) -> Client:
    client = QuickClient(
        CallbackAPIVersion.VERSION2,
        client_id,
        protocol=MQTTProtocolVersion.MQTTv5,
        reconnect_on_failure=False,
        manual_ack=True,
    )
    client.connect_timeout = CONNECT_SECONDS
    client.max_queued_messages_set(LONGEST_OUTBOX)
    # With this set, paho queues what is published and leaves writing to its loop: a batch goes out at once.
    client.on_socket_register_write = _leave_to_the_loop
    return client


def connect(client: Client, broker: BrokerSection) -> None:
    """Open the connection and ask for the session of before.

    :raises OSError: the broker cannot be reached, or a key or the password cannot be read.
    """
    url = urlsplit(broker.url)
    tls = url.scheme == "mqtts"
    if tls:
        client.tls_set_context(_context(broker))
    if broker.username:
        client.username_pw_set(broker.username, _first_line(broker.password_file))
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = SESSION_SECONDS
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    port = url.port or (8883 if tls else 1883)
    client.connect(url.hostname or "", port, KEEPALIVE_SECONDS, clean_start=False, properties=properties)


@lru_cache(maxsize=8)
def expiring(seconds: int) -> Properties:
    """Properties of a message that is of no use after ``seconds``."""
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = seconds
    return properties


def _context(broker: BrokerSection) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=broker.ca or None)
    if broker.cert:
        context.load_cert_chain(broker.cert, broker.key or None)
    return context


def _first_line(file: str) -> str:
    return next(iter(Path(file).read_text(encoding="utf-8", errors="replace").splitlines()), "")


def _leave_to_the_loop(_: Client, __: Any, ___: Any) -> None:
    """See where it is set."""
