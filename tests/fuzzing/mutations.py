"""Inputs made from real ones: bytes changed, members taken away, doubled and replaced by what is extreme."""

import copy
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

EXTREMES: tuple[Any, ...] = (
    *(0, -1, 1, 2**31 - 1, 2**31, 2**40, 2**40 + 1, 2**53, 2**63 - 1, 2**63, 2**64, 10**300, -(2**63), 0.5, 1e308),
    *(None, True, "", "\0", "\ud800", "\udfff\ud800", "a" * 65, "桥" * 501, "x" * 20_000, "²", "१२", "1970-01-01"),
    *("9999-12-31T23:59Z", "0001-01-01T00:00:00+14:00", "2026-03-01T03:59Z", "boot:x+999999999999", "2026-W09-7"),
    *([], {}, [[]], [None] * 2000, ["x"] * 1500, {"x" * 100: 1}, {str(n): n for n in range(100)}),
)


def _nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


values = st.one_of(
    st.sampled_from(EXTREMES),
    st.integers(),
    st.text(max_size=100),
    st.integers(1, 400).map(_nested),
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists, max_leaves=8),
)


def mutated_json(corpus: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """JSON objects that were real messages."""
    return st.one_of(_changed_members(corpus), mutated_bytes(corpus), st.binary(max_size=300), _deep)


_deep = st.tuples(st.sampled_from((b"[", b'{"v":', b'{"v":1,"a":[')), st.integers(1, 50_000)).map(
    lambda piece: piece[0] * piece[1]
)


@st.composite
def _changed_members(draw: st.DrawFn, corpus: Sequence[bytes]) -> bytes:
    message = json.loads(draw(st.sampled_from(list(corpus))))
    for _ in range(draw(st.integers(1, 4))):
        _change(draw, message)
    return json.dumps(message, ensure_ascii=draw(st.booleans())).encode(errors="surrogatepass")


def _change(draw: st.DrawFn, message: Any) -> None:
    """One member somewhere within."""
    inside = message
    while True:
        places = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        if not places:
            return
        place = draw(st.sampled_from(places))
        if isinstance(inside[place], dict | list) and inside[place] and draw(st.booleans()):
            inside = inside[place]
            continue
        match draw(st.sampled_from(("replace", "delete", "repeat"))):
            case "replace":
                inside[place] = copy.deepcopy(draw(values))  # it may be changed in its turn
            case "delete":
                del inside[place]
            case _ if isinstance(inside, list):
                inside.extend([copy.deepcopy(inside[place])] * draw(st.sampled_from((1, 10, 2000))))
            case _:
                inside[draw(st.text(max_size=100))] = copy.deepcopy(inside[place])
        return


@st.composite
def mutated_bytes(draw: st.DrawFn, corpus: Sequence[bytes]) -> bytes:
    """Bytes that were real ones."""
    data = bytearray(draw(st.sampled_from(list(corpus))))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(("flip", "cut", "insert", "double"))):
            case "flip" if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del data[at : at + draw(st.integers(1, 50))]
            case "insert":
                data[at:at] = draw(st.binary(max_size=20) | st.sampled_from((b"\\u0000", b"\\ud800", b"\xff", b"\0")))
            case _:
                data[at:at] = data[: draw(st.integers(0, 200))]
    return bytes(data)
