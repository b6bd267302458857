"""MQTT 5 on the wire, what is said once a connection: who comes, what is subscribed to, and what the broker answers.
Properties and the names of reasons are paho's."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from paho.mqtt import MQTTException
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from station.wire.packets import LARGEST_PACKET, PacketError, read_length, write_length

REFUSED = 0x80  # a reason from here on is a refusal
_PROTOCOL = b"\x00\x04MQTT\x05"
_NO_PROPERTIES = b"\x00"
_USERNAME, _PASSWORD, _CLEAN_START = 0x80, 0x40, 0x02
_WILL = 0x04 | 1 << 3 | 0x20  # at QoS 1, retained
_NEEDED = {
    "MaximumQoS": "messages at QoS 1",
    "RetainAvailable": "retained messages",
    "WildcardSubscriptionAvailable": "subscriptions with wildcards",
    "SharedSubscriptionAvailable": "shared subscriptions",
}
_MALFORMED = (IndexError, KeyError, ValueError, struct.error, MQTTException)


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says, at QoS 1 and retained, for somebody who is gone without a goodbye."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """Who comes, and how much the broker may have under way to it. Unless with a ``clean_start`` its session of before
    goes on."""

    client_id: str
    username: str
    password: str
    keepalive: int
    session_seconds: int
    receive_maximum: int
    largest_packet: int
    clean_start: bool = False
    will: Will | None = None

    def connect(self) -> bytes:
        flags, said = _CLEAN_START if self.clean_start else 0, _string(self.client_id)
        if self.will is not None:
            flags |= _WILL
            said += _NO_PROPERTIES + _string(self.will.topic) + _binary(self.will.payload)
        if self.username:
            flags |= _USERNAME | _PASSWORD
            said += _string(self.username) + _string(self.password)
        properties = _connect_properties(self.session_seconds, self.receive_maximum, self.largest_packet)
        return _packet(0x10, _PROTOCOL + bytes([flags]) + self.keepalive.to_bytes(2) + properties + said)


@dataclass(frozen=True, slots=True)
class Welcome:
    """``refusal`` is why not, if so. ``at_once``: how many messages may be under way to the broker, ``largest``: how
    many bytes each may have as a packet."""

    refusal: str
    at_once: int
    keepalive: int
    largest: int


def subscribe(mid: int, filters: Sequence[tuple[str, int]]) -> bytes:
    wanted = b"".join(_string(topic) + bytes([qos]) for topic, qos in filters)
    return _packet(0x82, mid.to_bytes(2) + _NO_PROPERTIES + wanted)


@lru_cache(maxsize=64)
def read_welcome(body: bytes, keepalive: int) -> Welcome:
    """A CONNACK. ``keepalive`` holds unless the broker says another. A broker says the same to thousands of stations.

    :raises PacketError: it is none.
    """
    properties = Properties(PacketTypes.CONNACK)  # type: ignore[no-untyped-call]
    try:
        refusal = refusal_of(PacketTypes.CONNACK, body[1])
        properties.unpack(body[2:])  # type: ignore[no-untyped-call]
    except _MALFORMED as error:
        raise PacketError(f"the broker's welcome cannot be read: {error}") from error
    said = properties.json()  # type: ignore[no-untyped-call]
    lacking = [f"it has no {needed}" for name, needed in _NEEDED.items() if not said.get(name, 1)]
    return Welcome(
        refusal or ", ".join(lacking),
        said.get("ReceiveMaximum", 65535),
        said.get("ServerKeepAlive", keepalive),
        said.get("MaximumPacketSize", LARGEST_PACKET),
    )


def read_granted(body: bytes) -> list[str]:
    """A SUBACK: for each filter why it was refused, if so. :raises PacketError: it is none."""
    skipped, at = read_length(body, 2)
    if at == 0:
        raise PacketError("the broker's answer to a subscription cannot be read")
    return [refusal_of(PacketTypes.SUBACK, reason) for reason in body[at + skipped :]]


def read_stored(body: bytes) -> tuple[int, str]:
    """A PUBACK: the number of the message, and why it was refused, if so."""
    return int.from_bytes(body[:2]), refusal_of(PacketTypes.PUBACK, body[2]) if len(body) > 2 else ""


def read_goodbye(body: bytes) -> str:
    """A DISCONNECT: why."""
    return (refusal_of(PacketTypes.DISCONNECT, body[0]) if body else "") or "it stops"


def refusal_of(packet: int, reason: int) -> str:
    """A reason's name; empty if it refuses nothing."""
    if reason < REFUSED:
        return ""
    try:
        return str(ReasonCode(packet, identifier=reason))
    except (KeyError, ValueError):  # none that MQTT knows of
        return f"reason {reason:#04x}"


@lru_cache(maxsize=64)
def _connect_properties(session_seconds: int, receive_maximum: int, largest_packet: int) -> bytes:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = session_seconds
    properties.ReceiveMaximum = receive_maximum
    properties.MaximumPacketSize = largest_packet
    return bytes(properties.pack())  # type: ignore[no-untyped-call]


def _packet(header: int, body: bytes) -> bytes:
    return bytes([header]) + write_length(len(body)) + body


def _string(text: str) -> bytes:
    return _binary(text.encode())


def _binary(data: bytes) -> bytes:
    return len(data).to_bytes(2) + data
