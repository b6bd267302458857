"""What the hub reads from stations, and stores."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from hub_messages import NOW, SHANGHAI, STATION, live, segment, state, tally
from hypothesis import strategies as st

from fuzzing.mutations import mutated_json
from station.hub.overview import Overview
from station.hub.queries import Queries
from station.hub.received import Unreadable, read
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.messages import MAX_ROW, EventNotice, SegmentMusts, encode

EVENTS = [
    {"incident": "a1b2", "kind": "fever", "severity": "serious", "text": "38.4 at the window"},
    {"inspection": "c3d4", "finding": "e5f6", "kind": "post", "severity": "minor", "text": "无人"},
    {"notice": "77aa", "inspection": "c3d4", "findings": '["e5f6"]', "due": "2026-03-09", "text": "整改"},
    {"order": "o-1234", "reason": "expired"},
]
KINDS = ("incident_opened", "finding_made", "notice_served", "order_refused")
MUSTS = SegmentMusts("1", "2026-03-01T03:00Z", 5, 5, 4, 3, 2, 1, 12)
CORPUS: dict[str, list[bytes]] = {
    "state": [encode(state()), encode(state("lost", lists={"revocations": 4}, events=7)), encode(state(name="桥\\"))],
    "live": [encode(live(9, lane_1=3, lane_2=4)), encode(live(10, epoch=2))],
    "segment": [
        encode(segment(1, tally(), tally(4, minute="boot:7f-a+3", outcome="held"))),
        encode(replace(segment(2, tally(9)), musts=(MUSTS,), id="2-9f2c")),
    ],
    "incident": [
        encode(EventNotice(1, f"id{row}", row, "2026-03-01T12:00:00+08:00", "trusted", "1", kind, said))
        for row, (kind, said) in enumerate(zip(KINDS, EVENTS, strict=True), 3)
    ],
}
CORPUS["receipt"] = CORPUS["incident"][-1:]
inputs = st.sampled_from(sorted(CORPUS)).flatmap(lambda name: st.tuples(st.just(name), mutated_json(CORPUS[name])))


def check(value: tuple[str, bytes]) -> None:
    """Read or refused with a reason; what is read is bounded and says the same again."""
    name, payload = value
    message = read(STATION, name, payload, NOW).message
    if isinstance(message, Unreadable):
        assert message.error
        assert len(message.error) <= 200
        return
    assert read(STATION, name, encode(message), NOW).message == message
    check_bounds(msgspec.to_builtins(message))


def check_bounds(value: Any) -> None:
    """Nothing in it is longer, larger or deeper than any store, sum or page can take."""
    waiting = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        assert depth <= 4
        match part:
            case str():
                assert len(part) <= 500
                assert "\0" not in part
                part.encode()
            case int():
                assert -(2**63) <= part < 2**64
            case dict():
                assert len(part) <= 32
                waiting += [(key, depth) for key in part]
                waiting += [(one, depth + 1) for key, one in part.items() if key not in ("epoch", "lists")]
                assert all(-MAX_ROW <= one <= MAX_ROW for key, one in part.items() if _counts(key, one))
            case list() | tuple():
                assert len(part) <= 1000
                waiting += [(one, depth + 1) for one in part]


def _counts(key: str, value: Any) -> bool:
    return isinstance(value, int) and key != "epoch"


@contextmanager
def store() -> Iterator[Callable[[tuple[str, bytes]], None]]:
    """Stored and looked at for the pages, one after another in one store."""
    with TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder))
        kept = Store(database, SHANGHAI)
        overview = Overview(
            Queries(database, "pingyuan", SHANGHAI, lambda: NOW), lambda: NOW, iter(range(10**9)).__next__
        )
        at = NOW

        def keep(value: tuple[str, bytes]) -> None:
            nonlocal at
            at += timedelta(seconds=1)
            kept.apply([read(STATION, *value, at)])
            overview.touch([STATION])
            overview.look()
            assert overview.tree.node("pingyuan")["stations"] == 1

        try:
            yield keep
        finally:
            database.close()
