"""MQTT 5 as a station keeps it, behaviour by behaviour: docs/uplink.md has the list."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from broker import Broker
from hub_running import Station as Listener
from paho.mqtt._packet import decode_publish
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from scripted_broker import (
    AUTH,
    CHATTER,
    CONNECT,
    DISCONNECT,
    PINGREQ,
    PUBACK,
    PUBLISH,
    SUBACK,
    SUBSCRIBE,
    UNSUBACK,
    Far,
    ScriptedBroker,
    granted,
    message,
    packed,
    packet,
    read_hello,
    welcome,
)
from waiting import until

from station.domain.lists import LARGEST_LIST
from station.messages import LIVE_EXPIRY
from station.outbox.connection import AT_ONCE, KEEPALIVE, LARGEST_PACKET, Connection, Received
from station.outbox.connection import Broker as Settings
from station.outbox.mailbox import Mailbox
from station.wire.packets import read_publish

pytestmark = pytest.mark.clock

UP, DOWN = "checkpoint/v1/pingyuan/up/north", "checkpoint/v1/pingyuan/down/north"
TOPICS = [f"{DOWN}/ack", f"{DOWN}/list/+"]


@dataclass
class Line:
    """A station's connection, and what came over it."""

    url: str

    def __post_init__(self) -> None:
        self.inbox: queue.Queue[Received] = queue.Queue(10)
        self.lists = Mailbox()
        settings = Settings(self.url, "pingyuan.north")
        self.connection = Connection(settings, (f"{UP}/state", b"lost"), TOPICS, self.inbox, self.lists)
        self.connection.open()

    def ended(self) -> str:
        """:return: why."""
        until(lambda: self.connection.ended)
        return self.connection.fault

    def joined(self) -> "Line":
        until(lambda: self.connection.up)
        return self


@pytest.fixture
def line() -> Iterator[tuple[Line, Far]]:
    broker = ScriptedBroker()
    line = Line(broker.url)
    far = broker.meets()
    yield line, far
    line.connection.close()
    far.sock.close()
    broker.close()


@pytest.fixture
def talking(line: tuple[Line, Far]) -> Callable[..., tuple[Line, Far]]:
    """Let it in and grant its subscriptions."""

    def let_in(said: tuple[int, bytes] = WELCOME) -> tuple[Line, Far]:
        station, far = line
        far.say(said)
        far.say(granted(far.listen(SUBSCRIBE)[0], 1, 1))
        station.joined()
        return line

    return let_in


WELCOME = welcome()


def test_it_begins_anew_with_a_will_that_is_said_at_once_and_asks_for_no_aliases(line) -> None:
    _, far = line
    hello = read_hello(far.listen(CONNECT)[0])
    assert (hello.clean_start, hello.will, hello.keepalive) == (True, (1, True), KEEPALIVE)
    assert (hello.properties, hello.will_properties) == ({"MaximumPacketSize": LARGEST_PACKET}, {})


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (0x84, "Unsupported protocol version"),
        (0x85, "Client identifier not valid"),
        (0x86, "Bad user name or password"),
        (0x87, "Not authorized"),
        (0x88, "Server unavailable"),
        (0x89, "Server busy"),
        (0x8A, "Banned"),
        (0x9F, "Connection rate exceeded"),
    ],
)
def test_a_broker_that_does_not_let_it_in_is_quoted(line, reason: int, why: str) -> None:
    station, far = line
    far.say(welcome(reason=reason))
    assert station.ended().startswith(f"the broker refused the connection: {why}")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (welcome(session=True), "a session that nobody asked it to keep"),
        (welcome(MaximumQoS=0), "acknowledges no message"),
        (welcome(RetainAvailable=0), "retains no message"),
        (welcome(ReceiveMaximum=AT_ONCE - 1), f"{AT_ONCE - 1} messages at once where {AT_ONCE} are needed"),
    ],
)
def test_a_broker_that_lacks_what_a_station_needs_is_left(line, said: tuple[int, bytes], why: str) -> None:
    station, far = line
    far.say(said)
    assert why in station.ended()
    assert far.listen(DISCONNECT)


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (0x80, "Unspecified error"),
        (0x87, "Not authorized"),
        (0x8F, "Topic filter invalid"),
        (0x97, "Quota exceeded"),
        (0xA2, "Wildcard subscription not supported"),
    ],
)
def test_a_refused_subscription_ends_the_connection_with_the_reason(line, reason: int, why: str) -> None:
    station, far = line
    far.say(WELCOME)
    far.say(granted(far.listen(SUBSCRIBE)[0], 1, reason))
    assert f"refused a subscription: {why}" in station.ended()
    assert not station.connection.up


def test_no_more_is_under_way_than_every_broker_takes(talking) -> None:
    station, far = talking(welcome(ReceiveMaximum=AT_ONCE))
    for number in range(AT_ONCE + 3):
        station.connection.publish(f"{UP}/segment", b"%d" % number, qos=1)
    station.connection.publish(f"{UP}/live", b"after them", qos=0)
    said = [read_publish(0x32, body) for body in far.listen(PUBLISH, AT_ONCE + 1) if b"after" not in body]
    assert [one.payload for one in said] == [b"%d" % number for number in range(AT_ONCE)]
    far.say((PUBACK, said[0].mid.to_bytes(2)))
    far.listen(PUBLISH, AT_ONCE + 2)
    assert read_publish(0x32, far.of(PUBLISH)[-1]).payload == b"%d" % AT_ONCE


def test_what_expires_says_when_and_what_does_not_says_nothing(talking) -> None:
    station, far = talking()
    station.connection.publish(f"{UP}/live", b"x", qos=0, retain=True, expiry=LIVE_EXPIRY)
    station.connection.publish(f"{UP}/segment", b"x", qos=0)
    read = [decode_publish(PUBLISH, body, MQTTProtocolVersion.MQTTv5) for body in far.listen(PUBLISH, 2)]
    assert [one.properties.json() for one in read] == [{"MessageExpiryInterval": LIVE_EXPIRY}, {}]


def test_what_is_larger_than_the_broker_takes_is_not_sent_and_told(talking) -> None:
    station, far = talking(welcome(MaximumPacketSize=200))
    station.connection.publish(f"{UP}/segment", b"x" * 200, qos=1)
    station.connection.publish(f"{UP}/segment", b"small", qos=1)
    assert [read_publish(0x32, body).payload for body in far.listen(PUBLISH)] == [b"small"]
    assert "the broker takes 200 bytes at most" in station.connection.fault


def test_the_brokers_keep_alive_holds_and_silence_ends_the_connection(talking) -> None:
    station, far = talking(welcome(ServerKeepAlive=1))
    assert far.listen(PINGREQ) == [b""]
    assert "Keep alive timeout" in station.ended()


@pytest.mark.parametrize(
    ("reason", "why"),
    [(0x00, ""), (0x10, ""), (0x80, "Unspecified error"), (0x87, "Not authorized"), (0x97, "Quota exceeded")],
)
def test_a_refused_message_is_told_and_the_connection_goes_on(talking, reason: int, why: str) -> None:
    station, far = talking()
    station.connection.publish(f"{UP}/segment", b"x", qos=1)
    mid = read_publish(0x32, far.listen(PUBLISH)[0]).mid
    far.say((PUBACK, mid.to_bytes(2) + bytes([reason]) + packed(PacketTypes.PUBACK, ReasonString="so")))
    far.say(message(f"{DOWN}/ack", b"after it"))
    assert station.inbox.get(timeout=10).payload == b"after it"
    assert (why in station.connection.fault, bool(station.connection.fault)) == (True, bool(why))


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (0x8B, "Server shutting down"),
        (0x8D, "Keep alive timeout"),
        (0x8E, "Session taken over"),
        (0x95, "Packet too large"),
        (0x97, "Quota exceeded"),
        (0x9C, "Use another server"),
        (0x9D, "Server moved"),
    ],
)
def test_a_goodbye_is_told_with_its_reason_and_nothing_else_of_it_matters(talking, reason: int, why: str) -> None:
    station, far = talking()
    more = packed(PacketTypes.DISCONNECT, ReasonString="so", ServerReference="hub-2.example", UserProperty=CHATTER[0])
    far.say((DISCONNECT, bytes([reason]) + more))
    assert station.ended() == f"disconnected: {why}"


def test_properties_it_did_not_ask_for_change_nothing(talking) -> None:
    station, far = talking(
        welcome(
            AssignedClientIdentifier="another",
            ReasonString="welcome",
            ResponseInformation="x",
            ServerReference="hub-2.example",
            TopicAliasMaximum=10,
            SessionExpiryInterval=5,
            UserProperty=CHATTER[0],
        )
    )
    far.say(
        message(
            f"{DOWN}/ack",
            b"{}",
            7,
            PayloadFormatIndicator=1,
            MessageExpiryInterval=60,
            ContentType="application/json",
            ResponseTopic="x",
            CorrelationData=b"x",
            SubscriptionIdentifier=3,
            UserProperty=CHATTER[1],
        )
    )
    assert station.inbox.get(timeout=10) == Received(f"{DOWN}/ack", b"{}")
    assert far.listen(PUBACK) == [b"\0\x07"]


@pytest.mark.parametrize(
    "nonsense",
    [
        packet(PUBLISH, b"\0\1x\xff\xff\xff\xff\xff"),
        packet(*message(f"{DOWN}/ack", b"{}", 7, header=PUBLISH | 6)),
        packet(PUBLISH, b"\0\2\xff\xfe\0"),
        packet(SUBACK, b"\0"),
        packet(UNSUBACK, b"\0\1"),
        packet(PUBACK, b"\0"),
        packet(AUTH, b"\x18\0"),
        packet(0x00, b""),
        packet(0x20, b"\0\0\2\x7e\0"),
        packet(DISCONNECT, b"\x3f\0"),
        bytes([PUBLISH, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
    ],
    ids=[
        *("properties without end", "QoS 3", "a topic that is no text", "no reasons", "an answer without reasons"),
        *("a number cut short", "authentication nobody began", "a kind that is none", "an unknown property"),
        *("an unknown reason", "a length of five bytes"),
    ],
)
def test_what_makes_no_sense_ends_the_connection(talking, nonsense: bytes) -> None:
    station, far = talking()
    far.sock.sendall(nonsense)
    assert station.ended()


@pytest.mark.parametrize(
    "unasked",
    [packet(UNSUBACK, b"\0\1\0\x87"), packet(PUBACK, b"\0\x63"), packet(*message("", b"x", TopicAlias=1))],
    ids=["an answer to no question", "an acknowledgement of nothing", "an alias in place of a topic"],
)
def test_what_nobody_asked_for_changes_nothing(talking, unasked: bytes) -> None:
    station, far = talking()
    far.sock.sendall(unasked)
    far.say(message(f"{DOWN}/ack", b"{}"))
    until(lambda: Received(f"{DOWN}/ack", b"{}") in station.inbox.queue)
    assert station.connection.up


def test_a_conversation_that_comes_byte_by_byte_is_the_same_conversation(line) -> None:
    station, far = line
    for byte in packet(*WELCOME):
        far.sock.sendall(bytes([byte]))
    told = [granted(far.listen(SUBSCRIBE)[0], 1, 1), message(f"{DOWN}/ack", b"x" * 200, 7), message(f"{DOWN}/ack", b"")]
    for byte in b"".join(packet(*one) for one in told):
        far.sock.sendall(bytes([byte]))
    assert [len(station.inbox.get(timeout=10).payload) for _ in range(2)] == [200, 0]
    assert station.connection.up


def test_the_largest_list_comes_through_whole(talking) -> None:
    station, far = talking()
    far.say(message(f"{DOWN}/list/watchlist", bytes(LARGEST_LIST), 7, header=PUBLISH | 1))
    assert far.listen(PUBACK) == [b"\0\x07"]
    assert station.lists.take() == (f"{DOWN}/list/watchlist", bytes(LARGEST_LIST))


def test_a_repeated_message_is_handed_on_and_acknowledged_like_any(talking) -> None:
    station, far = talking()
    far.say(message(f"{DOWN}/ack", b"{}", 7, header=PUBLISH | 8))
    assert station.inbox.get(timeout=10).payload == b"{}"
    assert far.listen(PUBACK) == [b"\0\x07"]


# Against a real mosquitto


def test_what_was_said_while_it_was_away_is_not_said_when_it_is_back(broker: Broker) -> None:
    hub, first = Listener(broker.url, "hub"), Line(broker.url).joined()
    first.connection.close()
    hub._client.publish(f"{DOWN}/ack", b"missed", qos=1).wait_for_publish(10)
    back = Line(broker.url).joined()
    hub._client.publish(f"{DOWN}/ack", b"heard", qos=1)
    assert back.inbox.get(timeout=10).payload == b"heard"
    back.connection.close()
    hub.close()


def test_a_second_one_of_its_name_ends_the_first_and_its_will_is_said(broker: Broker) -> None:
    heard: list[bytes] = []
    hub = Listener(broker.url, "hub")
    hub._client.on_message = lambda _, __, said: heard.append(said.payload)
    hub._client.subscribe(f"{UP}/state")
    first = Line(broker.url).joined()
    second = Line(broker.url).joined()
    assert first.ended()
    until(lambda: heard == [b"lost"])
    assert second.connection.up
    for each in (first, second):
        each.connection.close()
    hub.close()


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("max_qos 0", "QoS not supported"),
        ("retain_available false", "Retain not supported"),
        ("max_inflight_messages 5", "5 messages at once"),
    ],
)
def test_a_mosquitto_that_was_told_to_lack_something_is_quoted(tmp_path: Path, setting: str, why: str) -> None:
    broker = Broker(tmp_path / "broker", setting)
    station = Line(broker.url)
    assert why in station.ended()
    station.connection.close()
    broker.stop()
