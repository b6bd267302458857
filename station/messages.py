"""MQTT topics and payloads, shared by station and hub (DESIGN section 5).

Payloads are UTF-8 JSON objects with ``"v": 1``; unknown members are ignored, so that either side may be newer.
Nothing here names a person or a plate.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

VERSION = 1
ROOT = "checkpoint/v1"
LARGEST_SEGMENT = 64 * 1024  # what a station cuts
LIVE_EXPIRY = 300
DOWN_EXPIRY = 60
ALL = "all"  # in a station's place in a topic: for every station of the district
LARGEST_NUMBER = 2**63 - 1  # what an integer column takes
MAX_ROW = 2**40
"""Rows of a ledger, and what counts rows, segments or connections of one: 350 a second for a hundred years. Sums of
these over the epochs of a station overflow no column; how far such a number may be ahead of what the hub knows is in
``hub.plausibility``."""
MAX_LIST_VERSION = 2**53 - 1
LARGEST_COUNT = 2**31 - 1  # a key's total is of one minute; sums of these never overflow a column
MOST_LISTS = 32
MAX_FAULTS = 16
MAX_UPDATES = 4
MOST_SAID = 16
MAX_EARLIER_EPOCHS = 16
MAX_AMENDED = 1000  # more keys than a message of 64 KB holds

MAX_LEVELS = 7
MAX_LANES = 16  # a station has four at the most; a later one may have more
MAX_TALLIES = 1000  # more than the largest segment has room for
MAX_ACKNOWLEDGED = 1000  # names in one acknowledgement; a hub says them in several

# Bytes of a payload, looked at before anything of it is read. A segment that was cut at LARGEST_SEGMENT is longer when
# it is sent again later, for its totals and versions have more digits by then.
MAX_STATE_BYTES = 16 * 1024
MAX_LIVE_BYTES = 16 * 1024
MAX_SEGMENT_BYTES = LARGEST_SEGMENT * 3 // 2
MAX_EVENT_BYTES = 8 * 1024
MAX_ACK_BYTES = 16 * 1024
MAX_SYNC_BYTES = 1024

# What no store can choke on. msgspec holds every message to it while it reads.
Row = Annotated[int, Meta(ge=0, le=MAX_ROW)]
SegmentNumber = Annotated[int, Meta(ge=1, le=MAX_ROW)]
ListVersion = Annotated[int, Meta(ge=0, le=MAX_LIST_VERSION)]
Number = Annotated[int, Meta(ge=0, le=LARGEST_NUMBER)]
Count = Annotated[int, Meta(ge=0, le=LARGEST_COUNT)]
Difference = Annotated[int, Meta(ge=-LARGEST_COUNT, le=LARGEST_COUNT)]
EpochNumber = Annotated[int, Meta(ge=0, le=LARGEST_NUMBER)]
Word = Annotated[str, Meta(max_length=80)]
Text = Annotated[str, Meta(max_length=500)]
Time = Annotated[str, Meta(max_length=40)]
Minute = Annotated[str, Meta(max_length=80)]
LevelName = Annotated[str, Meta(max_length=64)]


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


class EarlierEpoch(msgspec.Struct, frozen=True, gc=False):
    """An epoch in which this ledger counts no more: its last row ``through_seq``, the last segment that the hub has
    acknowledged, and the row of the last event acknowledged."""

    epoch: EpochNumber
    through_seq: Row
    segment: Row
    events: Row = 0


@dataclass(frozen=True, slots=True)
class Update:
    """What became of the file of a release: ``outcome`` is ``installed``, ``refused`` or ``failed``."""

    file: Word
    outcome: Word
    reason: Word
    at: Time


@dataclass(frozen=True, slots=True)
class State:
    """Birth, goodbye and (as the will) loss of a station. ``conn`` counts connections inside an epoch. ``lists`` says
    which version of each signed list the station holds, ``events`` the ledger row of the last event that the hub has
    acknowledged: a hub that knows of none so late has lost some. ``machine`` tells this machine from others and names
    no serial number; ``earlier`` are the newest epochs the ledger has had before this one. ``faults`` are what is wrong
    with the station as a whole, in words of station_faults.py; a newer station may have others. ``updates`` are what
    its last updates came to, the newest last."""

    state: StationState
    epoch: int
    conn: Row
    boot: Word
    at: Time
    clock: Word
    name: Text
    levels: Annotated[tuple[LevelName, ...], Meta(max_length=MAX_LEVELS)]
    lanes: Annotated[tuple[Word, ...], Meta(max_length=MAX_LANES)]
    software: Word
    lists: Annotated[Mapping[Word, ListVersion], Meta(max_length=MOST_LISTS)] = field(default_factory=dict)
    events: Row = 0
    machine: Word = ""
    earlier: Annotated[tuple[EarlierEpoch, ...], Meta(max_length=MAX_EARLIER_EPOCHS)] = ()
    faults: Annotated[tuple[Word, ...], Meta(max_length=MAX_FAULTS)] = ()
    updates: Annotated[tuple[Update, ...], Meta(max_length=MAX_UPDATES)] = ()


class LiveLane(msgspec.Struct, frozen=True, gc=False):
    """A part of ``Live``; of parts there are tens of thousands a second, and a struct is the quickest to read."""

    granted: Count
    held: Count
    denied: Count
    vehicles: Count
    persons: Count
    crossings: Count
    unmatched: Count
    last_at: Time


LIVE_COUNTS = ("granted", "held", "denied", "vehicles", "persons", "crossings", "unmatched")  # a lane's, in order


@dataclass(frozen=True, slots=True)
class Live:
    """Every lane's counts of the local day in one frame. ``seq`` is the ledger's last row: it never goes back
    inside an epoch unless an old card was put back."""

    epoch: int
    seq: Row
    day: Time
    at: Time
    lanes: Annotated[Mapping[Word, LiveLane], Meta(max_length=MAX_LANES)]


class SegmentTally(msgspec.Struct, frozen=True, gc=False):
    """One key's total so far; zero when an amendment emptied the key."""

    lane: Word
    minute: Minute
    kind: Word
    origin: Word
    outcome: Word
    passages: Count
    vehicles: Count
    persons: Count
    version: Row


class SegmentMusts(msgspec.Struct, frozen=True, gc=False):
    """Of a lane's passages first decided in one local hour of the station: how many had each must. Totals so far, as
    of a tally. ``hour`` is the minute it begins with, in UTC."""

    lane: Word
    hour: Minute
    passages: Count
    identity: Count
    itinerary: Count
    test: Count
    temperature: Count
    disinfection: Count
    version: Row


class AmendedTally(msgspec.Struct, frozen=True, gc=False):
    """What amendments to passages of earlier epochs add to a key's total, or take away from it. The tally of the same
    key in the same segment holds the version."""

    lane: Word
    minute: Word
    kind: Word
    origin: Word
    outcome: Word
    passages: Difference
    vehicles: Difference
    persons: Difference


class AmendedMusts(msgspec.Struct, frozen=True, gc=False):
    """The same of an hour's required checks."""

    lane: Word
    hour: Word
    passages: Difference
    identity: Difference
    itinerary: Difference
    test: Difference
    temperature: Difference
    disinfection: Difference


@dataclass(frozen=True, slots=True)
class Segment:
    """Segments are numbered from 1. ``id`` is no other segment's, not even one's that took the same number in an old
    card that was put back. ``musts`` are of the hours that the tallies' minutes lie in; stations from before there were
    any do not say them. ``amended`` and ``amended_musts`` are to be added to the tally and the hour of the same key:
    what amendments to passages of earlier epochs change. Tallies and musts are of passages of this epoch alone."""

    epoch: int
    segment: SegmentNumber
    from_seq: Row
    through_seq: Row
    tallies: Annotated[tuple[SegmentTally, ...], Meta(max_length=MAX_TALLIES)]
    id: Word = ""
    musts: Annotated[tuple[SegmentMusts, ...], Meta(max_length=MAX_TALLIES)] = ()
    amended: Annotated[tuple[AmendedTally, ...], Meta(max_length=MAX_AMENDED)] = ()
    amended_musts: Annotated[tuple[AmendedMusts, ...], Meta(max_length=MAX_AMENDED)] = ()


@dataclass(frozen=True, slots=True)
class EventNotice:
    """One event of a station, an incident's or a receipt. ``id`` is no other event's; ``row`` is its place in the
    ledger, and ``event`` says what happened, ``said`` what about it."""

    epoch: int
    id: Annotated[str, Meta(min_length=1, max_length=80)]
    row: Row
    at: Time
    clock: Word
    lane: Word
    event: Word
    said: Annotated[Mapping[Word, Text], Meta(max_length=MOST_SAID)]


@dataclass(frozen=True, slots=True)
class Ack:
    """Every segment up to ``segment`` is stored for good, and so are the events with these ids. ``segments`` are the
    ids of segments just stored; a hub that says none at all leaves the number alone to go by. ``name_shared``: another
    machine connects under this station's name; ``epoch_shared``: it counts in this epoch too."""

    epoch: int
    segment: Row
    events: Annotated[tuple[Word, ...], Meta(max_length=MAX_ACKNOWLEDGED)] = ()
    segments: Annotated[tuple[Word, ...], Meta(max_length=MAX_ACKNOWLEDGED)] | None = None
    name_shared: bool = False
    epoch_shared: bool = False


@dataclass(frozen=True, slots=True)
class Sync:
    """Offer again from ``segment`` on; and if ``events`` is said, every event behind that ledger row."""

    epoch: int
    segment: Row
    events: Row | None = None


Message = State | Live | Segment | EventNotice | Ack | Sync

M = TypeVar("M", State, Live, Segment, EventNotice, Ack, Sync)
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_FIRST_HALVES, _SECOND_HALVES = (0xD800, 0xDBFF), (0xDC00, 0xDFFF)  # of a surrogate pair
_BEGINNING = b'{"v":%d,' % VERSION
_JSON = msgspec.json.Encoder()


class _Versioned(msgspec.Struct):
    v: Literal[1]


_VERSIONED = msgspec.json.Decoder(_Versioned)


def encode(message: Message) -> bytes:
    return _BEGINNING + _JSON.encode(message)[1:]


def members_json(value: object) -> str:
    """JSON of a value that may hold messages' parts, as their members."""
    return _JSON.encode(value).decode()


def _reader(kind: type[M], most: int) -> Callable[[bytes], M]:
    """What reads such a message of at most so many bytes. It raises ``MessageError`` and nothing else, whatever it is
    given."""
    decoder = msgspec.json.Decoder(kind)

    def read(payload: bytes) -> M:
        if len(payload) > most:
            raise MessageError(f"{len(payload)} bytes where {most} is most")
        try:
            if not payload.startswith(_BEGINNING):  # every station of ours begins with it
                _VERSIONED.decode(payload)
            message = decoder.decode(payload)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise MessageError(str(error)) from None
        except RecursionError:
            raise MessageError("nested too deeply") from None
        if not -(2**63) <= message.epoch < 2**64:  # no bound of msgspec goes so far
            raise MessageError("epoch: 64 bits expected")
        if b"\\" in payload:
            _check_escapes(payload)
        return message

    return read


def _check_escapes(payload: bytes) -> None:
    """Refuse what JSON can say and a database's text cannot hold: NUL, and half a surrogate pair. To be asked of JSON:
    there a backslash is always within a string.

    :raises MessageError: there is one, also in a member that nobody reads.
    """
    pair_until = -1  # where the second half of a pair has to begin
    for escape in _ESCAPE.finditer(payload):
        unit = int(escape[1], 16) if escape[1] else 0xFFFF
        if unit == 0:
            raise MessageError("a NUL is no text")
        is_second = _SECOND_HALVES[0] <= unit <= _SECOND_HALVES[1]
        if (pair_until >= 0 or is_second) and not (is_second and escape.start() == pair_until):
            raise MessageError("half a surrogate pair is no text")
        pair_until = escape.end() if _FIRST_HALVES[0] <= unit <= _FIRST_HALVES[1] else -1
    if pair_until >= 0:
        raise MessageError("half a surrogate pair is no text")


decode_state = _reader(State, MAX_STATE_BYTES)
decode_live = _reader(Live, MAX_LIVE_BYTES)
decode_segment = _reader(Segment, MAX_SEGMENT_BYTES)
decode_event = _reader(EventNotice, MAX_EVENT_BYTES)
decode_ack = _reader(Ack, MAX_ACK_BYTES)
decode_sync = _reader(Sync, MAX_SYNC_BYTES)
