"""Our own reading of MQTT: as paho reads it, wherever the stream is cut, and whatever is in it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt._packet import decode_publish
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.wire.handshake import read_goodbye, read_granted, read_stored, read_welcome, refusal_of
from station.wire.packets import LARGEST_PACKET, PacketError, Reader, publish, read_length, read_publish, write_length

HEADERS = st.sampled_from([0x30, 0x31, 0x32, 0x33, 0x3A, 0x3B])
WORD = st.text(st.characters(categories=("L", "N", "P")), max_size=60)
TOPIC = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=60)
PAIRS = st.lists(st.tuples(WORD, WORD), max_size=5)
PACKETS = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=300)), max_size=5)
A_BIRTH = publish("checkpoint/v1/pingyuan/up/north/state", b'{"v":1}' * 20, 7, 60)


def stream(packets: list[tuple[int, bytes]]) -> bytes:
    return b"".join(bytes([header]) + write_length(len(body)) + body for header, body in packets)


@given(HEADERS, TOPIC, st.integers(1, 65535), st.integers(0, 2**32 - 1), PAIRS, st.binary())
def test_a_message_reads_as_paho_itself_reads_it(header, topic, number, expiry, pairs, payload) -> None:
    properties = Properties(PacketTypes.PUBLISH)
    properties.MessageExpiryInterval = expiry
    for pair in pairs:
        properties.UserProperty = pair
    name = topic.encode()
    numbered = number.to_bytes(2) if header & 0x06 else b""
    packet = len(name).to_bytes(2) + name + numbered + properties.pack() + payload
    known = decode_publish(header, packet, MQTTProtocolVersion.MQTTv5)
    read = read_publish(header, packet)
    assert (read.topic, read.payload, read.mid) == (topic, known.payload, known.mid)
    assert (read.qos, read.retained, read.repeated) == (known.qos, known.retain, known.dup)


@given(TOPIC, st.integers(1, 65535), st.integers(0, 2**32 - 1), st.binary(max_size=500))
def test_what_is_published_reads_as_it_was_meant(topic, number, expiry, payload) -> None:
    ((header, body),) = Reader().feed(publish(topic, payload, number, expiry))
    assert read_publish(header, body)[:4] == (topic, payload, 1, number)
    known = decode_publish(header, body, MQTTProtocolVersion.MQTTv5)
    assert (known.payload, known.properties.MessageExpiryInterval) == (payload, expiry)


@given(TOPIC, st.sampled_from([0, 7]), st.booleans(), st.none() | st.integers(0, 2**32 - 1))
def test_quality_retaining_and_expiry_read_as_they_were_meant(topic, number, retain, expiry) -> None:
    ((header, body),) = Reader().feed(publish(topic, b"{}", number, expiry, retain=retain))
    read = read_publish(header, body)
    assert (read.topic, read.qos, read.mid, read.retained) == (topic, 1 if number else 0, number, retain)
    known = decode_publish(header, body, MQTTProtocolVersion.MQTTv5)
    assert getattr(known.properties, "MessageExpiryInterval", None) == expiry


@given(PACKETS, st.lists(st.integers(0, 2000), max_size=10))
def test_a_stream_cut_anywhere_gives_the_same_packets(packets, cuts) -> None:
    data, reader = stream(packets), Reader()
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    assert [packet for begin, end in pairwise(places) for packet in reader.feed(data[begin:end])] == packets


def test_a_stream_that_comes_byte_by_byte_gives_the_same_packets() -> None:
    packets, reader = [(0x32, b"x" * 200), (0xD0, b""), (0x30, b"y" * 20_000), (0x40, b"ab")], Reader()
    assert [packet for byte in stream(packets) for packet in reader.feed(bytes([byte]))] == packets


@pytest.mark.parametrize("length", [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455])
def test_a_length_is_read_as_it_was_written_and_waits_for_its_last_byte(length: int) -> None:
    written = write_length(length)
    assert read_length(b"\0" + written + b"\0", 1) == (length, 1 + len(written))
    assert [read_length(written[:part], 0) for part in range(len(written))] == [(0, 0)] * len(written)


@pytest.mark.parametrize(
    "begun",
    [b"\x30\xff\xff\xff\xff", b"\x30\xff\xff\xff\x7f", stream([(0x30, b"")])[:1] + write_length(LARGEST_PACKET + 1)],
)
def test_a_length_no_packet_has_is_refused_before_anything_is_kept(begun: bytes) -> None:
    with pytest.raises(PacketError):
        list(Reader().feed(begun))


@pytest.mark.parametrize("end", range(len(A_BIRTH)))
def test_a_message_that_is_shorter_than_it_says_is_refused_or_shorter(end: int) -> None:
    body = A_BIRTH[3:][:end]
    try:
        read = read_publish(A_BIRTH[0], body)
    except PacketError:
        return
    assert (read.mid, (b'{"v":1}' * 20).startswith(read.payload)) == (7, True)


@given(HEADERS, st.binary(max_size=60))
def test_bytes_that_are_no_message_are_refused_or_stay_within_their_packet(header, body) -> None:
    try:
        read = read_publish(header, body)
    except PacketError:
        return
    assert len(read.payload) < len(body)


@given(st.binary(max_size=40))
def test_bytes_that_are_no_answer_raise_nothing_else(body: bytes) -> None:
    for read in (lambda: read_welcome(body, 20), lambda: read_granted(body), lambda: read_stored(body)):
        try:
            read()
        except PacketError:
            continue
    assert read_goodbye(body)


def test_a_welcome_says_how_much_the_broker_takes_at_once() -> None:
    properties = Properties(PacketTypes.CONNACK)
    properties.ReceiveMaximum, properties.ServerKeepAlive = 20, 5
    welcome = read_welcome(b"\0\0" + properties.pack(), 60)
    assert (welcome.refusal, welcome.at_once, welcome.keepalive) == ("", 20, 5)
    assert read_welcome(b"\0\x87\0", 60).refusal == "Not authorized"


def test_a_reason_nobody_knows_is_told_by_its_number() -> None:
    assert [refusal_of(PacketTypes.PUBACK, reason) for reason in (0, 0x10, 0x87, 0xEE)] == [
        "",
        "",
        "Not authorized",
        "reason 0xee",
    ]
