import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.messages import (
    Ack,
    Live,
    LiveLane,
    MessageError,
    Segment,
    SegmentTally,
    State,
    StationState,
    Sync,
    decode_ack,
    decode_live,
    decode_segment,
    decode_state,
    decode_sync,
    encode,
    parse_up,
)

STATE = State(StationState.ONLINE, 7, 3, "boot0001", "2026-03-02T04:00:00Z", "trusted", "桥", ("a", "b"), ("1",), "x 1")
LANE = LiveLane(1, 2, 3, 4, 5, 0, 0, "2026-03-02T04:00:00Z")
LIVE = Live(7, 9, "2026-03-02", "2026-03-02T04:00:00Z", {"1": LANE})
TALLY = SegmentTally("1", "2026-03-02T04:00Z", "car", "unknown", "granted", 5, 5, 9, 12)
SEGMENT = Segment(2**63 - 1, 4, 10, 12, (TALLY,))
CASES = [(STATE, decode_state), (LIVE, decode_live), (SEGMENT, decode_segment)]
LATER = {
    State: {"lists", "events", "machine", "earlier", "faults", "updates"},
    Segment: {"id", "musts", "amended", "amended_musts"},
    Ack: {"events", "segments", "name_shared", "epoch_shared"},
    Sync: {"events"},
}
"""Stations and hubs from before there were any do not say them."""
CASES += [(Ack(7, 4), decode_ack), (Sync(7, 1), decode_sync)]


@pytest.mark.parametrize(("message", "decode"), CASES)
def test_every_message_is_a_versioned_json_object_and_reads_back(message, decode) -> None:
    payload = encode(message)
    assert json.loads(payload)["v"] == 1
    assert decode(payload) == message


@pytest.mark.parametrize(("message", "decode"), CASES)
def test_unknown_members_are_ignored_and_a_missing_one_is_named(message, decode) -> None:
    body = json.loads(encode(message))
    assert decode(json.dumps(body | {"new": [1]}).encode()) == message
    for member in set(body) - LATER.get(type(message), set()):
        without = {key: value for key, value in body.items() if key != member}
        with pytest.raises(MessageError, match=f'"{member}"|{member}'):
            decode(json.dumps(without).encode())


@pytest.mark.parametrize(("message", "decode"), CASES)
@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"\xff", b'{"v":2}', b"[" * 100_000, b'{"v":1,"epoch":true}'])
def test_what_does_not_keep_the_contract_is_an_error_of_its_own(message, decode, payload: bytes) -> None:
    with pytest.raises(MessageError):
        decode(payload)


def test_a_count_below_zero_is_refused() -> None:
    body = json.loads(encode(SEGMENT))
    body["tallies"][0]["persons"] = -1
    with pytest.raises(MessageError, match="persons"):
        decode_segment(json.dumps(body).encode())


@given(st.binary(max_size=100))
def test_no_bytes_raise_anything_else(payload: bytes) -> None:
    for _, decode in CASES:
        with pytest.raises(MessageError):
            decode(payload)


def test_a_topic_names_district_station_and_message() -> None:
    assert parse_up("checkpoint/v1/pingyuan/up/g107/live") == ("pingyuan", "g107", "live")
    with pytest.raises(MessageError):
        parse_up("checkpoint/v1/pingyuan/down/g107/ack")
