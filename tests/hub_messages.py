"""Messages as a station sends them, with only what a test is about spelled out."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from station.hub.received import Received
from station.messages import Live, LiveLane, Segment, SegmentTally, State, StationState

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai
MINUTE = "2026-03-01T03:59Z"
STATION = "bridge-north"


def received(message: Any, station: str = STATION, *, at: datetime = NOW, **envelope: bool) -> Received:
    return Received(station, type(message).__name__.lower(), message, at, **envelope)


def state(said: str = "online", **given: Any) -> State:
    known = {
        "epoch": 1,
        "conn": 1,
        "boot": "b",
        "at": "2026-03-01T12:00:00+08:00",
        "clock": "trusted",
        "name": "北岸",
        "levels": ("pingyuan", "qiaobei", "bridge-north"),
        "lanes": ("1", "2"),
        "software": "1",
    }
    return State(StationState(said), **(known | given))


def tally(version: int = 1, passages: int = 1, **given: Any) -> SegmentTally:
    known = {"lane": "1", "minute": MINUTE, "kind": "car", "origin": "unknown", "outcome": "granted"}
    counts = {"passages": passages, "vehicles": passages, "persons": passages * 2, "version": version}
    return SegmentTally(**(known | counts | given))


def segment(number: int, *tallies: SegmentTally, epoch: int = 1, through: int | None = None) -> Segment:
    last = number * 10 if through is None else through
    return Segment(epoch, number, last - 9, last, tallies)


def live(
    seq: int, *, epoch: int = 1, day: str = "2026-03-01", at: str = "2026-03-01T12:00:00+08:00", **lanes: int
) -> Live:
    """``lanes`` are passages granted, by lane: ``lane_1=3``."""
    counts = {name.removeprefix("lane_"): LiveLane(n, 0, 0, n, 2 * n, n, 0, at) for name, n in lanes.items()}
    return Live(epoch, seq, day, at, counts)
