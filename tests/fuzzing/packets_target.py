"""What the collector reads from the broker, cut anywhere."""

from contextlib import suppress

from hypothesis import strategies as st

from fuzzing.mutations import mutated_bytes
from station.wire.handshake import read_goodbye, read_granted, read_stored, read_welcome
from station.wire.packets import Kind, PacketError, Reader, publish, read_publish

STREAM = b"".join(
    (
        b"\x20\x09\x00\x00\x06\x21\x07\xd0\x22\x00\x0a",
        b"\x90\x04\x00\x01\x00\x01",
        publish("checkpoint/v1/pingyuan/up/north/state", b'{"v":1}' * 30, 7, None, retain=True),
        publish("checkpoint/v1/pingyuan/up/north/live", b"{}", 0, 300),
        b"\x40\x02\x00\x07",
        b"\xd0\x00",
        b"\xe0\x01\x8b",
    )
)
inputs = st.tuples(mutated_bytes([STREAM]), st.integers(1, 400))
_READERS = {
    Kind.CONNACK: lambda body: read_welcome(body, 20),
    Kind.SUBACK: read_granted,
    Kind.PUBACK: read_stored,
    Kind.DISCONNECT: read_goodbye,
}


def check(value: tuple[bytes, int]) -> None:
    """Read, or refused as a packet that is none: nothing else comes out."""
    stream, piece = value
    reader = Reader()
    for at in range(0, len(stream), piece):
        try:
            packets = list(reader.feed(stream[at : at + piece]))
        except PacketError:
            return
        for header, body in packets:
            with suppress(PacketError):
                if header & 0xF0 == Kind.PUBLISH:
                    read_publish(header, body)
                elif header & 0xF0 in _READERS:
                    _READERS[Kind(header & 0xF0)](body)
