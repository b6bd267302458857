"""Connections to the broker, as the hub opens them: the collector's own channel, and paho for what is no hurry."""

import socket
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.config import BrokerSection
from station.tls import broker_context
from station.wire.channel import Channel
from station.wire.handshake import Caller
from station.wire.packets import LARGEST_PACKET

SESSION_SECONDS = 600
RECEIVE_MAXIMUM = 2000
KEEPALIVE_SECONDS = 20
CONNECT_SECONDS = 3.0


def new_client(client_id: str) -> Client:
    """For one connection; whoever has it makes the next."""
    client = Client(
        CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=False
    )
    client.connect_timeout = CONNECT_SECONDS
    return client


def open_channel(broker: BrokerSection, client_id: str, filters: Sequence[tuple[str, int]]) -> Channel:
    """The collector's: the session of before goes on, and ``filters`` are subscribed to.

    :raises OSError: the broker cannot be reached, or a key or the password cannot be read.
    :raises ChannelLost: it is gone at once.
    """
    password = _first_line(broker.password_file) if broker.username else ""
    held = (KEEPALIVE_SECONDS, SESSION_SECONDS, RECEIVE_MAXIMUM, LARGEST_PACKET)
    caller = Caller(client_id, broker.username, password, *held)
    host, port = _address(broker)
    sock = socket.create_connection((host, port), CONNECT_SECONDS)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if _by_tls(broker):
            sock = broker_context(broker.ca, broker.cert, broker.key).wrap_socket(sock, server_hostname=host)
    except BaseException:
        sock.close()
        raise
    return Channel(sock, caller, filters)


def connect(client: Client, broker: BrokerSection) -> None:
    """Open the connection and ask for the session of before.

    :raises OSError: the broker cannot be reached, or a key or the password cannot be read.
    """
    if _by_tls(broker):
        client.tls_set_context(broker_context(broker.ca, broker.cert, broker.key))
    if broker.username:
        client.username_pw_set(broker.username, _first_line(broker.password_file))
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = SESSION_SECONDS
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    client.connect(*_address(broker), KEEPALIVE_SECONDS, clean_start=False, properties=properties)


def _by_tls(broker: BrokerSection) -> bool:
    return urlsplit(broker.url).scheme == "mqtts"


def _address(broker: BrokerSection) -> tuple[str, int]:
    url = urlsplit(broker.url)
    return url.hostname or "", url.port or (8883 if _by_tls(broker) else 1883)


def _first_line(file: str) -> str:
    return next(iter(Path(file).read_text(encoding="utf-8", errors="replace").splitlines()), "")
