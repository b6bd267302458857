"""MQTT 5 as the collector keeps it, behaviour by behaviour: docs/uplink.md has the list."""

from contextlib import suppress
from pathlib import Path

import pytest
from broker import Broker
from hub_messages import segment, state, tally
from hub_running import DISTRICT, Station
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
    ScriptedBroker,
    granted,
    message,
    packed,
    packet,
    read_hello,
    welcome,
)
from waiting import until

from station.config import BrokerSection
from station.hub.client import KEEPALIVE_SECONDS, RECEIVE_MAXIMUM, SESSION_SECONDS, open_channel
from station.hub.connection import Connection, Link
from station.hub.inbox import Delivery, Inbox
from station.wire.channel import ChannelLost
from station.wire.packets import LARGEST_MID, LARGEST_PACKET, read_publish

pytestmark = pytest.mark.clock

REFUSALS = {0x86: "Bad user name or password", 0x87: "Not authorized", 0x84: "Unsupported protocol version"} | {
    0x85: "Client identifier not valid",
    0x88: "Server unavailable",
    0x89: "Server busy",
    0x8A: "Banned",
    0x9F: "Connection rate exceeded",
}
GOODBYES = {0x81: "Malformed packet", 0x8B: "Server shutting down", 0x8D: "Keep alive timeout"} | {
    0x8E: "Session taken over",
    0x95: "Packet too large",
    0x97: "Quota exceeded",
    0x9C: "Use another server",
    0x9D: "Server moved",
}
SUBSCRIPTIONS_REFUSED = {0x80: "Unspecified error", 0x87: "Not authorized", 0x8F: "Topic filter invalid"} | {
    0x97: "Quota exceeded",
    0x9E: "Shared subscription not supported",
    0xA2: "Wildcard subscription not supported",
}


class Line:
    """A hub's connection to a real broker, read and never acknowledged by itself."""

    def __init__(self, broker: Broker, client_id: str) -> None:
        self.heard: list[Delivery] = []
        self._inbox = Inbox()
        self.connection = Connection(BrokerSection(url=broker.url), DISTRICT, client_id, self._inbox)

    def stepped(self) -> Link:
        self.connection.step(0.05)
        self.heard += self._inbox.take(10_000)
        return self.connection.link

    def joined(self) -> "Line":
        until(lambda: self.stepped().connected)
        return self

    def of(self, name: str) -> list[bool]:
        """Of each message so called, whether the broker had retained it."""
        self.stepped()
        return [one.message.retained for one in self.heard if one.message.topic.endswith(f"/{name}")]


def test_its_session_goes_on_and_the_broker_hears_what_it_takes() -> None:
    broker = ScriptedBroker()
    channel = open_channel(BrokerSection(url=broker.url), "hub-x", ())
    far = broker.meets()
    hello = read_hello(far.listen(CONNECT)[0])
    assert (hello.clean_start, hello.will, hello.keepalive) == (False, None, KEEPALIVE_SECONDS)
    assert hello.properties == {
        "SessionExpiryInterval": SESSION_SECONDS,
        "ReceiveMaximum": RECEIVE_MAXIMUM,
        "MaximumPacketSize": LARGEST_PACKET,
    }
    channel.drop()
    broker.close()


@pytest.mark.parametrize("session", [False, True], ids=["a new session", "the session of before"])
def test_it_subscribes_anew_whether_the_broker_kept_its_session_or_not(talking, session: bool) -> None:
    _, far, _ = talking(welcome(session=session))
    assert len(far.listen(SUBSCRIBE)) == 1


@pytest.mark.parametrize(("reason", "why"), REFUSALS.items())
def test_a_broker_that_does_not_let_it_in_is_quoted(line, reason: int, why: str) -> None:
    channel, far, _ = line
    far.say(welcome(reason=reason))
    with pytest.raises(ChannelLost, match=f"refuses hub-x: {why}"):
        channel.read(1)


@pytest.mark.parametrize(
    ("property_", "why"),
    [
        ("MaximumQoS", "messages at QoS 1"),
        ("RetainAvailable", "retained messages"),
        ("WildcardSubscriptionAvailable", "subscriptions with wildcards"),
        ("SharedSubscriptionAvailable", "shared subscriptions"),
    ],
)
def test_a_broker_that_lacks_what_a_hub_needs_is_left(line, property_: str, why: str) -> None:
    channel, far, _ = line
    far.say(welcome(**{property_: 0}))
    with pytest.raises(ChannelLost, match=f"it has no {why}"):
        channel.read(1)


@pytest.mark.parametrize(("reason", "why"), SUBSCRIPTIONS_REFUSED.items())
def test_a_refused_subscription_is_told_with_its_topic(line, reason: int, why: str) -> None:
    channel, far, _ = line
    far.say(granted(b"\0\1", 1, reason))
    with pytest.raises(ChannelLost, match=f"subscription to up/[+]/live: {why}"):
        channel.read(1)


@pytest.mark.parametrize(("reason", "why"), GOODBYES.items())
def test_a_goodbye_is_told_with_its_reason_and_nothing_else_of_it_matters(talking, reason: int, why: str) -> None:
    channel, far, _ = talking()
    more = packed(PacketTypes.DISCONNECT, ReasonString="so", ServerReference="hub-2.example", UserProperty=CHATTER[0])
    far.say((DISCONNECT, bytes([reason]) + more))
    with pytest.raises(ChannelLost, match=f"ended the connection: {why}"):
        channel.read(1)


@pytest.mark.parametrize(
    ("reason", "why"),
    [(0x00, ""), (0x10, ""), (0x80, "Unspecified error"), (0x87, "Not authorized"), (0x97, "Quota exceeded")],
)
def test_a_refused_message_is_told_and_the_connection_goes_on(talking, reason: int, why: str) -> None:
    channel, far, _ = talking()
    channel.publish("down/north/ack", b"{}", 60)
    channel.write()
    mid = read_publish(0x32, far.listen(PUBLISH)[0]).mid
    far.say((PUBACK, mid.to_bytes(2) + bytes([reason]) + packed(PacketTypes.PUBACK, ReasonString="so")))
    channel.read(1)
    assert (why in channel.fault, bool(channel.fault)) == (True, bool(why))


def test_the_brokers_keep_alive_holds_in_place_of_its_own(talking) -> None:
    channel, far, clock = talking(welcome(ServerKeepAlive=4))
    clock.now = 2.1
    channel.keep_alive()
    assert far.listen(PINGREQ) == [b""]
    clock.now = 8.1
    with pytest.raises(ChannelLost, match="silent"):
        channel.keep_alive()


def test_what_is_larger_than_the_broker_takes_is_not_sent_and_told(talking) -> None:
    channel, far, _ = talking(welcome(MaximumPacketSize=200))
    channel.publish("down/north/ack", b"x" * 200, 60)
    channel.publish("down/north/ack", b"small", 60)
    channel.write()
    assert [read_publish(0x32, body).payload for body in far.listen(PUBLISH)] == [b"small"]
    assert "the broker takes 200 bytes at most" in channel.fault


def test_properties_it_did_not_ask_for_change_nothing(talking) -> None:
    channel, far, _ = talking(
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
            "up/north/state",
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
    (said,) = channel.read(1)
    assert (said.topic, said.payload, said.mid) == ("up/north/state", b"{}", 7)


@pytest.mark.parametrize(
    "nonsense",
    [
        packet(*message("", b"{}", 7, TopicAlias=1)),
        packet(*message("up/north/state", b"{}", 7, header=PUBLISH | 4)),
        packet(*message("up/north/state", b"{}", 7, header=PUBLISH | 6)),
        packet(PUBLISH, b"\0\1x\xff\xff\xff\xff\xff"),
        packet(SUBACK, b"\0\1"),
        packet(UNSUBACK, b"\0\1\0\0"),
        packet(AUTH, b"\x18\0"),
        packet(0x00, b""),
        packet(0x20, b"\0\0\2\x7e\0"),
        bytes([PUBLISH, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
    ],
    ids=[
        *("a topic alias", "QoS 2", "QoS 3", "properties without end", "no reasons", "an answer nobody asked for"),
        *("authentication nobody began", "a kind that is none", "an unknown property", "a length of five bytes"),
    ],
)
def test_what_makes_no_sense_ends_the_connection_with_malformed_packet(talking, nonsense: bytes) -> None:
    channel, far, _ = talking()
    far.sock.sendall(nonsense)
    with pytest.raises(ChannelLost, match="no sense"):
        channel.read(1)
    assert far.listen(DISCONNECT) == [b"\x81"]


def test_a_conversation_that_comes_byte_by_byte_is_the_same_conversation(line) -> None:
    channel, far, _ = line
    said = [welcome(), granted(b"\0\1", 1, 0), message("up/x/state", b"{}" * 100, 7), message("up/x/live", b"")]
    heard = []
    for byte in b"".join(packet(*one) for one in said):
        far.sock.sendall(bytes([byte]))
        heard += channel.read(1)
    assert [(one.topic, len(one.payload), one.mid) for one in heard] == [
        ("up/x/state", 200, 7),
        ("up/x/live", 0, 0),
    ]
    assert channel.subscribed


def test_a_message_as_large_as_a_packet_may_be_is_read(talking) -> None:
    channel, far, _ = talking()
    payload = bytes(1_000_000)
    header, body = message("up/north/segment", payload, 7)
    heard, rest = [], memoryview(packet(header, body))
    far.sock.setblocking(False)
    while not heard:
        with suppress(BlockingIOError):
            rest = rest[far.sock.send(rest) :]
        heard = channel.read(0.01)
    assert [len(one.payload) for one in heard] == [len(payload)]


def test_flags_of_repeated_and_retained_messages_are_handed_on(talking) -> None:
    channel, far, _ = talking()
    far.say(message("up/north/state", b"{}", 7, header=PUBLISH | 8 | 1), message("up/north/state", b"{}", 8))
    assert [(one.repeated, one.retained) for one in channel.read(1)] == [(True, True), (False, False)]


def test_numbers_of_messages_begin_again_after_the_last_and_leave_out_those_under_way(talking) -> None:
    channel, far, _ = talking()
    channel._last_mid = LARGEST_MID - 1
    channel._under_way = {1, 2}
    for _ in range(3):
        channel.publish("down/north/ack", b"{}", 60)
    channel.write()
    assert [read_publish(0x32, body).mid for body in far.listen(PUBLISH, 3)] == [LARGEST_MID, 3, 4]


# Against a real mosquitto


def test_two_hubs_share_the_segments_and_each_hears_every_state_retained_or_new(broker: Broker) -> None:
    north = Station(broker.url, "north")
    north.say(state(conn=1), retain=True)
    hubs = [Line(broker, "hub-x").joined(), Line(broker, "hub-y").joined()]
    north.say(state(conn=2), retain=True)
    for number in range(1, 21):
        north.say(segment(number, tally()))
    until(lambda: sum(len(hub.of("segment")) for hub in hubs) == 20)
    assert all(hub.of("segment") for hub in hubs)
    assert {tuple(hub.of("state")) for hub in hubs} == {(True, False)}
    for hub in hubs:
        hub.connection.close()
    north.close()


def test_no_more_come_than_it_takes_until_it_acknowledges(broker: Broker) -> None:
    hub, north = Line(broker, "hub-x").joined(), Station(broker.url, "north")
    for number in range(1, RECEIVE_MAXIMUM + 101):
        north.say(segment(number, tally()))
    until(lambda: len(hub.of("segment")) >= RECEIVE_MAXIMUM)
    north.say(state(), qos=0)  # QoS 0 is not held back: by the time it comes all others would have
    until(lambda: hub.of("state"))
    assert len(hub.of("segment")) == RECEIVE_MAXIMUM
    hub.connection.acknowledge(hub.heard)
    until(lambda: len(hub.of("segment")) == RECEIVE_MAXIMUM + 100)
    hub.connection.close()
    north.close()


def test_who_takes_its_name_takes_its_place_and_it_says_so(broker: Broker) -> None:
    first, second = Line(broker, "hub-x").joined(), Line(broker, "hub-x").joined()
    until(lambda: "the broker ended the connection" in first.stepped().fault)  # mosquitto 2.0 says no reason
    second.connection.close()


def test_a_broker_that_was_told_to_lack_something_is_left_with_its_name(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "broker", "max_qos 0")
    hub = Line(broker, "hub-x")
    until(lambda: "it has no messages at QoS 1" in hub.stepped().fault)
    broker.stop()
