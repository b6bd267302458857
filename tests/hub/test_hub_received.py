"""No payload, whatever is in it, comes further than being counted as unreadable."""

import json
from typing import Any

import msgspec
import pytest
from hub_messages import NOW, live, received, segment, state, tally
from hypothesis import given
from hypothesis import strategies as st

from station.hub.received import UNNAMED, Unreadable, read


def payload(message: Any, **changed: Any) -> bytes:
    return json.dumps({"v": 1} | msgspec.to_builtins(message) | changed).encode()


@pytest.mark.parametrize("message", [state(), live(3, lane_1=2), segment(1, tally(), tally(minute="boot:7f-a+3"))])
def test_a_message_by_the_contract_is_read(message: Any) -> None:
    name = type(message).__name__.lower()
    unknown_members_ignored = payload(message, newer={"a": 1})
    assert read("s", name, unknown_members_ignored, NOW) == received(message, "s")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("segment", b"[" * 100_000),
        ("segment", b'{"v":1,"epoch":' + b"9" * 5000 + b"}"),
        ("segment", b"\xff\xfe\x00"),
        ("segment", b""),
        ("segment", payload(segment(0))),
        ("segment", payload(segment(2**63))),
        ("segment", payload(segment(1, epoch=2**64))),
        ("segment", payload(segment(1, tally(passages=2**31)))),
        ("segment", payload(segment(1, tally(version=2**63)))),
        ("segment", payload(segment(1, tally(minute="2026-13-01T00:00Z")))),
        ("segment", payload(segment(1, tally(minute="9999-12-31T23:59Z")))),
        ("segment", payload(segment(1, tally(outcome="waved")))),
        ("segment", payload(segment(1, tally(kind="k" * 81)))),
        ("segment", payload(segment(1, tally(lane="\ud800")))),
        ("segment", payload(segment(1, tally(lane="a\0b")))),
        ("state", payload(state(), at="0001-01-01T00:00:00+08:00")),
        ("state", payload(state(), at="2026-03-01T00:00:00")),
        ("state", payload(state(), state="asleep")),
        ("state", payload(state(), lists=["revocations"])),
        ("state", payload(state(), lists={"revocations": -1})),
        ("state", payload(state(), lists={"revocations": 2**63})),
        ("state", payload(state(), lists={"n" * 81: 1})),
        ("state", payload(state(), lists={f"list {number}": 1 for number in range(33)})),
        ("live", payload(live(1), day="today")),
        ("live", payload(live(2**63))),
        ("live", payload(live(2**64))),
        ("segment", payload(segment(1, tally(passages=2**64)))),
        ("segment", payload(segment(1, tally(passages=-1)))),
        ("unheard", b"{}"),
    ],
)
def test_a_payload_against_the_contract_is_unreadable(name: str, content: bytes) -> None:
    message = read("s", name, content, NOW).message
    assert isinstance(message, Unreadable)
    assert message.error


def test_an_escaped_chinese_name_and_a_backslash_before_a_zero_are_text() -> None:
    read_back = read("s", "state", payload(state(name="桥\U0001f600\\u0000")), NOW)
    assert read_back.message == state(name="桥\U0001f600\\u0000")


@pytest.mark.parametrize("station", ["", "UPPER", "a b", "x" * 64, "-a"])
def test_a_station_with_no_proper_name_is_counted_without_one(station: str) -> None:
    assert read(station, "state", payload(state()), NOW).station == UNNAMED


@given(st.binary(max_size=300))
def test_reading_never_raises(content: bytes) -> None:
    assert isinstance(read("bridge-north", "segment", content, NOW).message, Unreadable)
