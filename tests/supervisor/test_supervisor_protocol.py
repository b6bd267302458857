"""What may be said on the socket between the view and the station, and what becomes of anything else."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.supervision import SignInRefusal
from station.supervisor import protocol
from station.supervisor.protocol import (
    MAX_REQUEST_BYTES,
    ProtocolError,
    Reply,
    Request,
    decode_reply,
    decode_request,
    encode,
)

REQUESTS: tuple[Request, ...] = (
    protocol.ReadLive(),
    protocol.ReadDuty(),
    protocol.ReadIncidents(),
    protocol.ReadHours(),
    protocol.ReadCondition(),
    protocol.SignIn(number="0501", pin="258036", address="2001:db8::7"),
    protocol.SignOut("f" * 64),
)
REPLIES: tuple[Reply, ...] = (
    protocol.SignedOut(),
    protocol.Refused(SignInRefusal.SHORT_PIN),
    protocol.Failed("no request"),
    protocol.Live({"rounds": {"due_at": ""}}, ("f" * 64,)),
)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: type(one).__name__)
def test_a_request_is_read_as_it_was_said(request_: Request) -> None:
    assert decode_request(encode(request_)) == request_


@pytest.mark.parametrize("reply", REPLIES, ids=lambda one: type(one).__name__)
def test_a_reply_is_read_as_it_was_said(reply: Reply) -> None:
    assert decode_reply(encode(reply)) == reply


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"null",
        b"{}",
        b'{"type":"grant","lane":"1"}',
        b'{"type":"sign_in","number":"0501"}',
        b'{"type":"sign_in","number":501,"pin":"258036","address":""}',
        encode(protocol.SignIn(number="5" * 21, pin="258036", address="")),
        encode(protocol.SignIn(number="0501", pin="2" * 10, address="")),
        encode(protocol.SignIn(number="0501", pin="258036", address="x" * 65)),
        encode(protocol.SignOut("f" * 65)),
        b"[" * MAX_REQUEST_BYTES,
        b'{"type":"live"}' + b" " * MAX_REQUEST_BYTES,
        b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x93\x94.",  # of a pickle nothing is read
    ],
)
def test_what_is_no_request_is_refused(packet: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_request(packet)


@given(st.binary(max_size=2 * MAX_REQUEST_BYTES))
def test_no_bytes_do_more_than_be_refused(packet: bytes) -> None:
    for decode in (decode_request, decode_reply):
        with suppress(ProtocolError):
            decode(packet)
