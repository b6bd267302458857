"""What the hub's client leaves out of paho's reading of a message changes nothing the hub looks at."""

from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt._packet import decode_publish
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.hub.client import read_publish

HEADERS = st.sampled_from([0x30, 0x31, 0x32, 0x33, 0x3A, 0x3B])
WORD = st.text(st.characters(categories=("L", "N", "P")), max_size=60)
PAIRS = st.lists(st.tuples(WORD, WORD), max_size=5)


@given(HEADERS, WORD, st.integers(1, 65535), st.integers(0, 2**32 - 1), PAIRS, st.binary())
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
    assert (read.qos, read.retain, read.dup) == (known.qos, known.retain, known.dup)
