"""Every text, list, map and number of every message has a bound, and so has the message itself, before it is read."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from station.messages import (
    MAX_ROW,
    Ack,
    EventNotice,
    Live,
    LiveLane,
    Message,
    MessageError,
    Segment,
    SegmentMusts,
    SegmentTally,
    State,
    StationState,
    Sync,
    decode_ack,
    decode_event,
    decode_live,
    decode_segment,
    decode_state,
    decode_sync,
)

AT = "2026-03-02T04:00:00Z"
MINUTE = "2026-03-02T04:00Z"
STATE = State(StationState.ONLINE, 7, 3, "boot1", AT, "trusted", "桥", ("a", "b"), ("1",), "x 1", {"trust": 1}, 2)
LIVE = Live(7, 9, "2026-03-02", AT, {"1": LiveLane(1, 2, 3, 4, 5, 0, 0, AT)})
TALLY = SegmentTally("1", MINUTE, "car", "unknown", "granted", 5, 5, 9, 12)
SEGMENT = Segment(7, 4, 10, 12, (TALLY,), "4-ab", (SegmentMusts("1", MINUTE, 1, 1, 1, 1, 1, 1, 12),))
EVENT = EventNotice(7, "id", 3, AT, "trusted", "1", "incident_opened", {"incident": "a"})
READERS: list[tuple[Message, Callable[[bytes], Message]]] = [
    (STATE, decode_state),
    (LIVE, decode_live),
    (SEGMENT, decode_segment),
    (EVENT, decode_event),
    (Ack(7, 4, ("a",), ("4-ab",)), decode_ack),
    (Sync(7, 4, 3), decode_sync),
]
NAMES = [type(message).__name__ for message, _ in READERS]
LONG_ENOUGH = {int: MAX_ROW + 1, str: "x" * 501}


@pytest.mark.parametrize(("message", "decode"), READERS, ids=NAMES)
def test_every_text_and_number_of_every_message_is_refused_beyond_a_bound(message, decode) -> None:
    for path, value in leaves(msgspec.to_builtins(message)):
        if type(value) is bool or path == ["epoch"]:  # 64 bits, tried below
            continue
        too_much = LONG_ENOUGH[type(value)] if path[0] != "lists" else 2**53
        with pytest.raises(MessageError):
            decode(payload(message, path, too_much))


@pytest.mark.parametrize(("message", "decode"), READERS, ids=NAMES)
def test_every_list_and_map_of_every_message_is_refused_beyond_a_bound(message, decode) -> None:
    for name, value in msgspec.to_builtins(message).items():
        if isinstance(value, list | tuple) and value:
            more: Any = list(value) * 1001
        elif isinstance(value, dict) and value:
            more = {str(number): next(iter(value.values())) for number in range(40)}
        else:
            continue
        with pytest.raises(MessageError):
            decode(payload(message, [name], more))


@pytest.mark.parametrize("epoch", [2**64, -(2**63) - 1, 10**400])
@pytest.mark.parametrize(("message", "decode"), READERS, ids=NAMES)
def test_an_epoch_has_64_bits(message, decode, epoch: int) -> None:
    with pytest.raises(MessageError):
        decode(payload(message, ["epoch"], epoch))
    assert decode(payload(message, ["epoch"], 2**64 - 1)).epoch == 2**64 - 1


@pytest.mark.parametrize(("message", "decode"), READERS, ids=NAMES)
def test_a_payload_beyond_its_kinds_size_is_refused_unread(message, decode) -> None:
    """Deep as it is, it is not even looked into."""
    with pytest.raises(MessageError, match="bytes where"):
        decode(b'{"v":1,"later":' + b"[" * 200_000)
    with pytest.raises(MessageError, match="bytes where"):
        decode(payload(message, ["later"], "x" * 200_000))


@pytest.mark.parametrize("text", ["\0", "\ud800", "\udc00\ud800", "\ud800\ud800\udc00"])
@pytest.mark.parametrize(("message", "decode"), READERS, ids=NAMES)
def test_what_json_can_say_and_no_database_can_hold_is_refused(message, decode, text: str) -> None:
    with pytest.raises(MessageError):
        decode(json.dumps({"v": 1} | msgspec.to_builtins(message) | {"later": text}).encode())


def test_a_pair_of_surrogates_and_an_escaped_backslash_are_text() -> None:
    name = 'a\U0001f600\\u0000\\"\\ud800'
    assert decode_state(payload(STATE, ["name"], name)).name == name


def test_seven_levels_of_64_characters_are_the_most() -> None:
    levels = ["桥" * 64] * 7
    assert decode_state(payload(STATE, ["levels"], levels)).levels == tuple(levels)
    for too_much in (["a"] * 8, ["a"] * 1500, ["x" * 65]):
        with pytest.raises(MessageError, match="levels"):
            decode_state(payload(STATE, ["levels"], too_much))


def test_a_segment_that_is_sent_again_with_longer_numbers_is_read() -> None:
    """It was cut at 64 KB when its totals had one digit; it must not be stuck for good when they have more."""
    from station.messages import LARGEST_SEGMENT, encode

    tallies: tuple[SegmentTally, ...] = ()
    small = msgspec.structs.replace(TALLY, version=1)
    while len(encode(Segment(7, 4, 1, 9, (*tallies, small)))) <= LARGEST_SEGMENT:
        tallies = (*tallies, *[small] * 8)
    grown = tuple(msgspec.structs.replace(one, passages=99999, persons=99999, version=10**9) for one in tallies)
    again = Segment(7, 4, 1, 9, grown)
    assert len(encode(again)) > LARGEST_SEGMENT
    assert decode_segment(encode(again)) == again


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[list[Any], Any]]:
    if isinstance(value, dict):
        return [leaf for key, one in value.items() for leaf in leaves(one, (*path, key))]
    if isinstance(value, list | tuple):
        return [leaf for at, one in enumerate(value) for leaf in leaves(one, (*path, at))]
    return [(list(path), value)]


def payload(message: Message, path: list[Any], value: Any) -> bytes:
    """The message with another value at that place."""
    said = {"v": 1} | json.loads(json.dumps(msgspec.to_builtins(message)))
    inside = said
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return json.dumps(said).encode()
