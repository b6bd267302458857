"""MQTT topics and payloads, shared by station and hub (DESIGN section 5).

Payloads are UTF-8 JSON objects with ``"v": 1``; unknown members are ignored, so that either side may be newer.
Nothing here names a person or a plate.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

VERSION = 1
ROOT = "checkpoint/v1"
LARGEST_SEGMENT = 64 * 1024
LIVE_EXPIRY = 300
DOWN_EXPIRY = 60
ALL = "all"  # in a station's place in a topic: for every station of the district

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
    """Topics a station reads; ``station`` may be ``ALL``."""

    district: str
    station: str

    def __call__(self, name: str) -> str:
        return f"{ROOT}/{self.district}/down/{self.station}/{name}"


def parse_list(topic: str) -> tuple[str, str] | None:
    """Station (or ``ALL``) and name of a list's topic; None for any other topic."""
    match topic.split("/"):
        case ["checkpoint", "v1", _, "down", station, "list", name]:
            return station, name
        case _:
            return None


def parse_up(topic: str) -> tuple[str, str, str]:
    """District, station and message name of an up topic. :raises MessageError: another topic."""
    match topic.split("/"):
        case ["checkpoint", "v1", district, "up", station, name]:
            return district, station, name
        case _:
            raise MessageError(f"{topic!r} is no topic of a station")


@dataclass(frozen=True, slots=True)
class State:
    """Birth, goodbye and (as the will) loss of a station. ``conn`` counts connections inside an epoch. ``lists`` says
    which version of each signed list the station holds."""

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
    lists: Mapping[str, int] = field(default_factory=dict)


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


LIVE_COUNTS = ("granted", "held", "denied", "vehicles", "persons", "crossings", "unmatched")  # a lane's, in order


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


_TALLY_COUNTS = ("passages", "vehicles", "persons", "version")


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
    return members_json({"v": VERSION, **_members(message)}).encode()


def members_json(value: object) -> str:
    """JSON of a value that may hold messages' parts, as their members."""
    return _JSON.encode(value)


def _members(item: Any) -> dict[str, Any]:
    """What ``asdict`` says without its deep copies: messages are frozen, and there are thousands a second."""
    return {name: getattr(item, name) for name in item.__slots__}


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_members)


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
        lists=_versions(body),
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
    if not isinstance(body, dict):
        raise MessageError("lanes: an object with counts is expected")
    granted, held, denied, vehicles, persons, crossings, unmatched = _counts(body, LIVE_COUNTS)
    last_at = _get(body, "last_at", str)
    return LiveLane(granted, held, denied, vehicles, persons, crossings, unmatched, last_at)


def _segment_tally(body: Any) -> SegmentTally:
    if not isinstance(body, dict):
        raise MessageError("tallies: objects are expected")
    lane, minute = _get(body, "lane", str), _get(body, "minute", str)
    kind, origin, outcome = _get(body, "kind", str), _get(body, "origin", str), _get(body, "outcome", str)
    passages, vehicles, persons, version = _counts(body, _TALLY_COUNTS)
    return SegmentTally(lane, minute, kind, origin, outcome, passages, vehicles, persons, version)


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


def _counts(body: Mapping[str, Any], names: tuple[str, ...]) -> list[int]:
    """Several counts in one look: of these there are tens of thousands a second."""
    values: list[Any] = [body.get(name) for name in names]
    for value in values:
        if type(value) is not int or value < 0:
            return [_count(body, name) for name in names]  # says which one, and why
    return values


def _versions(body: Mapping[str, Any]) -> Mapping[str, int]:
    """A station without lists does not speak of them."""
    lists = _get({"lists": {}, **body}, "lists", dict)
    return {str(name): _count(lists, name) for name in lists}


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
