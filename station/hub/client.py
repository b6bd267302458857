"""A paho client set up as the collector needs it, for one connection."""

import ssl
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.config import BrokerSection

SESSION_SECONDS = 600
RECEIVE_MAXIMUM = 2000
KEEPALIVE_SECONDS = 20
CONNECT_SECONDS = 3.0
# Acks waiting for the broker; one more is dropped, the station then offers again. paho reads as many packets at once.
LONGEST_OUTBOX = 1000


def new_client(client_id: str) -> Client:
    client = Client(
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
    """Open the connection and ask for the session of before. :raises OSError: the broker cannot be reached."""
    url = urlsplit(broker.url)
    tls = url.scheme == "mqtts"
    if tls:
        client.tls_set_context(_context(broker))
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = SESSION_SECONDS
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    port = url.port or (8883 if tls else 1883)
    client.connect(url.hostname or "", port, KEEPALIVE_SECONDS, clean_start=False, properties=properties)


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


def _leave_to_the_loop(_: Client, __: Any, ___: Any) -> None:
    """See where it is set."""
