"""MQTT topics and payloads, shared by station and hub (DESIGN section 5).

Payloads are UTF-8 JSON objects with ``"v": 1``; unknown members are ignored, so that either side may be newer.
Nothing here names a person or a plate.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

VERSION = 1
ROOT = "checkpoint/v1"
LARGEST_SEGMENT = 64 * 1024
LIVE_EXPIRY = 300
DOWN_EXPIRY = 60

T = TypeVar("T")


class MessageError(ValueError):
    """A payload that does not keep the contract; the message names the member."""


class StationState(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Up:
    """Topics a station writes."""

    district: str
    station: str

    def __call__(self, name: str) -> str:
        return f"{ROOT}/{self.district}/up/{self.station}/{name}"


@dataclass(frozen=True, slots=True)
class Down:
    """Topics a station reads; ``station`` may be ``all``."""

    district: str
    station: str

    def __call__(self, name: str) -> str:
        return f"{ROOT}/{self.district}/down/{self.station}/{name}"


def parse_up(topic: str) -> tuple[str, str, str]:
    """District, station and message name of an up topic. :raises MessageError: another topic."""
    match topic.split("/"):
        case ["checkpoint", "v1", district, "up", station, name]:
            return district, station, name
        case _:
            raise MessageError(f"{topic!r} is no topic of a station")


@dataclass(frozen=True, slots=True)
class State:
    """Birth, goodbye and (as the will) loss of a station. ``conn`` counts connections inside an epoch."""

    state: StationState
    epoch: int
    conn: int
    boot: str
    at: str
    clock: str
    name: str
    levels: tuple[str, ...]
    lanes: tuple[str, ...]
    software: str


@dataclass(frozen=True, slots=True)
class LiveLane:
    granted: int
    held: int
    denied: int
    vehicles: int
    persons: int
    crossings: int
    unmatched: int
    last_at: str


@dataclass(frozen=True, slots=True)
class Live:
    """Every lane's counts of the local day in one frame. ``seq`` is the ledger's last row: it never goes back
    inside an epoch unless an old card was put back."""

    epoch: int
    seq: int
    day: str
    at: str
    lanes: Mapping[str, LiveLane]


@dataclass(frozen=True, slots=True)
class SegmentTally:
    """One key's total so far; zero when an amendment emptied the key."""

    lane: str
    minute: str
    kind: str
    origin: str
    outcome: str
    passages: int
    vehicles: int
    persons: int
    version: int


@dataclass(frozen=True, slots=True)
class Segment:
    epoch: int
    segment: int
    from_seq: int
    through_seq: int
    tallies: tuple[SegmentTally, ...]


@dataclass(frozen=True, slots=True)
class Ack:
    """Every segment up to ``segment`` is stored for good."""

    epoch: int
    segment: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Offer again from ``segment`` on."""

    epoch: int
    segment: int


Message = State | Live | Segment | Ack | Sync


def encode(message: Message) -> bytes:
    return json.dumps({"v": VERSION, **asdict(message)}, ensure_ascii=False, separators=(",", ":")).encode()


def decode_state(payload: bytes) -> State:
    body = _body(payload)
    return State(
        state=_enum(body, "state", StationState),
        epoch=_get(body, "epoch", int),
        conn=_get(body, "conn", int),
        boot=_get(body, "boot", str),
        at=_get(body, "at", str),
        clock=_get(body, "clock", str),
        name=_get(body, "name", str),
        levels=_strings(body, "levels"),
        lanes=_strings(body, "lanes"),
        software=_get(body, "software", str),
    )


def decode_live(payload: bytes) -> Live:
    body = _body(payload)
    lanes = _get(body, "lanes", dict)
    return Live(
        epoch=_get(body, "epoch", int),
        seq=_get(body, "seq", int),
        day=_get(body, "day", str),
        at=_get(body, "at", str),
        lanes={str(lane): _live_lane(counts) for lane, counts in lanes.items()},
    )


def decode_segment(payload: bytes) -> Segment:
    body = _body(payload)
    return Segment(
        epoch=_get(body, "epoch", int),
        segment=_get(body, "segment", int),
        from_seq=_get(body, "from_seq", int),
        through_seq=_get(body, "through_seq", int),
        tallies=tuple(_segment_tally(item) for item in _get(body, "tallies", list)),
    )


def decode_ack(payload: bytes) -> Ack:
    body = _body(payload)
    return Ack(_get(body, "epoch", int), _get(body, "segment", int))


def decode_sync(payload: bytes) -> Sync:
    body = _body(payload)
    return Sync(_get(body, "epoch", int), _get(body, "segment", int))


def _live_lane(body: Any) -> LiveLane:
    if not isinstance(body, Mapping):
        raise MessageError("lanes: an object with counts is expected")
    return LiveLane(
        granted=_count(body, "granted"),
        held=_count(body, "held"),
        denied=_count(body, "denied"),
        vehicles=_count(body, "vehicles"),
        persons=_count(body, "persons"),
        crossings=_count(body, "crossings"),
        unmatched=_count(body, "unmatched"),
        last_at=_get(body, "last_at", str),
    )


def _segment_tally(body: Any) -> SegmentTally:
    if not isinstance(body, Mapping):
        raise MessageError("tallies: objects are expected")
    return SegmentTally(
        lane=_get(body, "lane", str),
        minute=_get(body, "minute", str),
        kind=_get(body, "kind", str),
        origin=_get(body, "origin", str),
        outcome=_get(body, "outcome", str),
        passages=_count(body, "passages"),
        vehicles=_count(body, "vehicles"),
        persons=_count(body, "persons"),
        version=_count(body, "version"),
    )


def _body(payload: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise MessageError(f"not JSON: {error}") from None
    if not isinstance(body, dict) or body.get("v") != VERSION:
        raise MessageError(f'no object with "v": {VERSION}')
    return body


def _get(body: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = body.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise MessageError(f"{name}: {kind.__name__} expected, {type(value).__name__} found")
    return value


def _count(body: Mapping[str, Any], name: str) -> int:
    value = _get(body, name, int)
    if value < 0:
        raise MessageError(f"{name}: a count is never below zero")
    return value


def _strings(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = _get(body, name, list)
    if not all(isinstance(value, str) for value in values):
        raise MessageError(f"{name}: a list of strings expected")
    return tuple(values)


def _enum(body: Mapping[str, Any], name: str, kind: type[StationState]) -> StationState:
    try:
        return kind(_get(body, name, str))
    except ValueError:
        raise MessageError(f"{name}: one of {', '.join(kind)} expected") from None
