"""What the station reads from the process of the supervisors' view."""

from hypothesis import strategies as st

from fuzzing.mutations import mutated_json
from station.supervisor import protocol
from station.supervisor.protocol import MAX_REQUEST_BYTES, ProtocolError, decode_request, encode

CORPUS = [
    encode(protocol.ReadLive()),
    encode(protocol.ReadHours()),
    encode(protocol.SignIn(number="0501", pin="258036", address="2001:db8::7")),
    encode(protocol.SignOut("5f" * 32)),
]
inputs: st.SearchStrategy[bytes] = mutated_json(CORPUS)


def check(packet: bytes) -> None:
    """Read or refused; what is read is bounded and says the same again."""
    try:
        request = decode_request(packet)
    except ProtocolError:
        return
    assert decode_request(encode(request)) == request
    assert len(packet) <= MAX_REQUEST_BYTES
    match request:
        case protocol.SignIn(number, pin, address):
            assert (len(number) <= 20, len(pin) <= 9, len(address) <= 64) == (True, True, True)
        case protocol.SignOut(fingerprint):
            assert len(fingerprint) <= 64
