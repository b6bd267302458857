"""The broker's end of a line, in raw packets: it says what a test tells it to, and remembers what it heard."""

import socket
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from waiting import until

from station.wire.packets import Reader, write_length

CONNECT, CONNACK, PUBLISH, PUBACK = 0x10, 0x20, 0x30, 0x40
SUBSCRIBE, SUBACK, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH = 0x80, 0x90, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0
CHATTER = [("made-up", "yes"), ("made-up", "twice")]
"""User properties, which nobody here knows."""


@dataclass(slots=True)
class Far:
    """``heard``: packets from the client."""

    sock: socket.socket
    reader: Reader = field(default_factory=Reader)
    heard: list[tuple[int, bytes]] = field(default_factory=list)

    def say(self, *packets: tuple[int, bytes]) -> None:
        for header, body in packets:
            self.sock.sendall(packet(header, body))

    def listen(self, kind: int, number: int = 1) -> list[bytes]:
        """Bodies of all packets of a kind so far, once there are that many."""

        def enough() -> bool:
            self.heard += self.reader.feed(self.sock.recv(65536))
            return len(self.of(kind)) >= number

        if len(self.of(kind)) < number:
            until(enough)
        return self.of(kind)

    def of(self, kind: int) -> list[bytes]:
        return [body for header, body in self.heard if header & 0xF0 == kind]


class ScriptedBroker:
    """Lets nobody in by itself."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(10)
        self._met: list[Far] = []
        self.url = f"mqtt://127.0.0.1:{self._server.getsockname()[1]}"

    def meets(self) -> Far:
        """The next who comes."""
        sock, _ = self._server.accept()
        sock.settimeout(10)
        self._met.append(Far(sock))
        return self._met[-1]

    def close(self) -> None:
        for far in self._met:
            far.sock.close()
        self._server.close()


@dataclass(frozen=True, slots=True)
class Hello:
    """What a CONNECT says, as far as tests ask."""

    clean_start: bool
    will: tuple[int, bool] | None  # QoS and retained
    keepalive: int
    properties: dict[str, Any]
    will_properties: dict[str, Any]


def read_hello(body: bytes) -> Hello:
    assert body.startswith(b"\0\4MQTT\5")
    flags, keepalive = body[7], int.from_bytes(body[8:10])
    properties, at = _read(PacketTypes.CONNECT, body, 10)
    at += 2 + int.from_bytes(body[at : at + 2])  # the client's id
    will = ((flags >> 3) & 3, bool(flags & 0x20)) if flags & 4 else None
    will_properties = _read(PacketTypes.WILLMESSAGE, body, at)[0] if will else {}
    return Hello(bool(flags & 2), will, keepalive, properties, will_properties)


def packet(header: int, body: bytes) -> bytes:
    return bytes([header]) + write_length(len(body)) + body


def welcome(*, session: bool = False, reason: int = 0, **properties: Any) -> tuple[int, bytes]:
    return CONNACK, bytes([session, reason]) + packed(PacketTypes.CONNACK, **properties)


def granted(subscribe: bytes, *reasons: int) -> tuple[int, bytes]:
    """The answer to a SUBSCRIBE."""
    return SUBACK, subscribe[:2] + packed(PacketTypes.SUBACK) + bytes(reasons)


def message(topic: str, payload: bytes, mid: int = 0, header: int = PUBLISH, **properties: Any) -> tuple[int, bytes]:
    """At QoS 1 if it has a number."""
    name, numbered = topic.encode(), mid.to_bytes(2) if mid else b""
    body = len(name).to_bytes(2) + name + numbered + packed(PacketTypes.PUBLISH, **properties) + payload
    return header | (2 if mid else 0), body


def packed(kind: int, **properties: Any) -> bytes:
    made = Properties(kind)
    for name, value in properties.items():
        setattr(made, name, value)
    return bytes(made.pack())


def _read(kind: int, body: bytes, at: int) -> tuple[dict[str, Any], int]:
    """Properties by name, and where they end."""
    properties = Properties(kind)
    _, length = properties.unpack(body[at:])
    return properties.json(), at + length
