"""MQTT 5 on the wire, what of it comes and goes by the thousand: messages in, acknowledgements and messages out, each
in as few steps as Python allows. What is said once a connection is in ``handshake``."""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

PING = b"\xc0\x00"
GOODBYE = b"\xe0\x00"
NO_SENSE = b"\xe0\x01\x81"  # goodbye, for what came is malformed
LARGEST_MID = 65535
LARGEST_PACKET = 16 * 1024 * 1024  # the broker is told, and keeps what is larger to itself
ENVELOPE = 32  # bytes of a packet beside topic and payload, at most
_LENGTH_BYTES = 4
_EXPIRY = b"\x05\x02"  # five bytes of properties: the message's expiry


class Kind(IntEnum):
    """The upper half of a packet's first byte, of those a broker sends."""

    CONNACK = 0x20
    PUBLISH = 0x30
    PUBACK = 0x40
    SUBACK = 0x90
    PONG = 0xD0
    DISCONNECT = 0xE0


class PacketError(Exception):
    """What came is not MQTT: of what follows nothing can be made sense."""


class Published(NamedTuple):
    """A message as it came. ``mid`` is its number on this connection, 0 at QoS 0."""

    topic: str
    payload: bytes
    qos: int
    mid: int
    retained: bool
    repeated: bool


class Reader:
    """Cuts a stream into packets, wherever it was cut on the way."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, received: bytes) -> Iterator[tuple[int, bytes]]:
        """First byte and body of each packet that is whole by now. To be read to its end.

        :raises PacketError: no packet is as long as this one says it is.
        """
        data = self._rest + received
        at, end = 0, len(data)
        while at + 1 < end:
            length, body = data[at + 1], at + 2
            if length & 0x80:
                length, body = read_length(data, at + 1)
                if length > LARGEST_PACKET:
                    raise PacketError(f"a packet of {length:,} bytes")
            if body == 0 or body + length > end:
                break
            yield data[at], data[body : body + length]
            at = body + length
        self._rest = data[at:]


def read_length(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends: 0 if that is not here yet.

    :raises PacketError: it is longer than four bytes.
    """
    value = 0
    for place, byte in enumerate(data[at : at + _LENGTH_BYTES]):
        value |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return value, at + place + 1
    if at + _LENGTH_BYTES > len(data):
        return 0, 0
    raise PacketError("a length of more than four bytes")


def write_length(value: int) -> bytes:
    if 0x7F < value < 0x4000:  # most messages
        return bytes((value & 0x7F | 0x80, value >> 7))
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))


def read_publish(header: int, body: bytes) -> Published:
    """A message of QoS 0 or 1. Its properties are skipped: nobody here looks at any.

    :raises PacketError: it ends before it should, or is of a kind that nobody asked for: in place of its topic a
        number, or at QoS 2.
    """
    at = 2 + int.from_bytes(body[:2])
    topic, qos, mid = body[2:at], header >> 1 & 3, 0
    if not topic or qos > 1:
        raise PacketError("a message without a topic" if not topic else f"a message at QoS {qos}")
    if qos:
        mid, at = int.from_bytes(body[at : at + 2]), at + 2
    if at >= len(body):
        raise PacketError("a message ends before its properties")
    skipped, at = (body[at], at + 1) if body[at] < 0x80 else read_length(body, at)
    if at == 0 or at + skipped > len(body):
        raise PacketError("a message ends within its properties")
    return Published(_text(topic), body[at + skipped :], qos, mid, header & 1 == 1, header & 8 == 8)


@lru_cache(maxsize=65536)
def _text(topic: bytes) -> str:
    """Brokers let UTF-8 through alone. One that did not would send a topic of nobody's, and it is counted as that."""
    return topic.decode(errors="replace")


def acknowledgements(mids: Iterable[int]) -> bytes:
    """A PUBACK for each."""
    return b"".join([b"\x40\x02" + mid.to_bytes(2) for mid in mids])


def publish(topic: str, payload: bytes, mid: int, expiry: int | None, *, retain: bool = False) -> bytes:
    """A message at QoS 1, or without a number (``mid`` 0) at QoS 0. After ``expiry`` seconds it is of no use."""
    name = topic.encode()
    numbered = mid.to_bytes(2) if mid else b""
    properties = b"\0" if expiry is None else _EXPIRY + expiry.to_bytes(4)
    body = b"".join((len(name).to_bytes(2), name, numbered, properties, payload))
    return bytes((0x30 | (2 if mid else 0) | retain,)) + write_length(len(body)) + body
