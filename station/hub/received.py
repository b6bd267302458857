"""What came from a station, read and held to bounds that no store can choke on; and what goes back."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter

from station.domain.decision import Outcome
from station.messages import (
    LIVE_COUNTS,
    Ack,
    Live,
    MessageError,
    Segment,
    SegmentTally,
    State,
    Sync,
    decode_live,
    decode_segment,
    decode_state,
)

LARGEST_NUMBER = 2**63 - 1  # what an integer column takes
LARGEST_COUNT = 2**31 - 1  # a key's total is of one minute; sums of these never overflow a column
LONGEST_WORD = 80
MOST_LISTS = 32
UNNAMED = "?"  # where messages of a station are counted whose name is none

_STATION = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ|boot:.{1,64}\+\d{1,12}")
_ESCAPED = re.compile(rb"\\u(?:d[89a-f]|0000)", re.IGNORECASE)  # halves of surrogate pairs, and NUL
_OUTCOMES = frozenset(Outcome)
_YEARS = (1970, 2999)
_COUNTS_OF = attrgetter(*LIVE_COUNTS)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A payload that does not keep the contract. It is counted and shown; nothing of it is stored."""

    error: str


@dataclass(frozen=True, slots=True)
class Received:
    """A message with its envelope. ``name`` is the topic's last word. ``retained``: the broker's copy of an older
    message, no sign of life. ``repeated``: delivered before, as far as the broker knows (MQTT's DUP).
    """

    station: str
    name: str
    message: State | Live | Segment | Unreadable
    at: datetime
    retained: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    station: str
    message: Ack | Sync


def read(received: Received, payload: bytes) -> Received:
    """``received`` with what its payload says in place of what it held. Never raises, whatever the payload is."""
    try:
        if not _STATION.fullmatch(received.station):
            raise MessageError(f"{received.station!r} is no name of a station")
        return replace(received, message=_READERS[received.name](payload))
    except KeyError:
        problem = f"no message is called {received.name!r}"
    except RecursionError:
        problem = "nested too deeply"
    except ValueError as error:
        problem = str(error)
    station = received.station if _STATION.fullmatch(received.station) else UNNAMED
    name = received.name if received.name in _READERS else UNNAMED
    return replace(received, station=station, name=name, message=Unreadable(problem[:200]))


def _state(payload: bytes) -> State:
    state = decode_state(_text_only(payload))
    _epoch(state.epoch)
    _number("conn", state.conn)
    _time("at", state.at)
    _word("clock", state.clock)
    if len(state.lists) > MOST_LISTS:
        raise MessageError(f"lists: at most {MOST_LISTS} expected, {len(state.lists)} found")
    for name, version in state.lists.items():
        _word("lists", name)
        _number("lists", version)
    return state


def _live(payload: bytes) -> Live:
    live = decode_live(_text_only(payload))
    _epoch(live.epoch)
    _number("seq", live.seq)
    _time("at", live.at)
    _day("day", live.day)
    for lane, counts in live.lanes.items():
        _word("lanes", lane)
        if max(_COUNTS_OF(counts)) > LARGEST_COUNT:
            raise MessageError(f"{', '.join(LIVE_COUNTS)}: at most {LARGEST_COUNT} expected")
    return live


def _segment(payload: bytes) -> Segment:
    segment = decode_segment(_text_only(payload))
    _epoch(segment.epoch)
    _number("segment", segment.segment)
    _number("through_seq", segment.through_seq)
    if segment.segment < 1:
        raise MessageError("segment: segments are numbered from 1")
    for tally in segment.tallies:
        _tally(tally)
    return segment


def _tally(tally: SegmentTally) -> None:
    if not _MINUTE.fullmatch(tally.minute):
        raise MessageError(f"minute: {tally.minute[:40]!r} is neither YYYY-MM-DDThh:mmZ nor boot:<id>+<minute>")
    if not tally.minute.startswith("boot:"):
        _time("minute", tally.minute)
    if tally.outcome not in _OUTCOMES:
        raise MessageError(f"outcome: one of {', '.join(Outcome)} expected, {tally.outcome[:40]!r} found")
    if max(len(tally.lane), len(tally.kind), len(tally.origin)) > LONGEST_WORD:
        raise MessageError(f"lane, kind, origin: at most {LONGEST_WORD} characters expected")
    if max(tally.passages, tally.vehicles, tally.persons) > LARGEST_COUNT:
        raise MessageError(f"passages, vehicles, persons: at most {LARGEST_COUNT} expected")
    _number("version", tally.version)


_READERS: Mapping[str, Callable[[bytes], State | Live | Segment]] = {
    "state": _state,
    "live": _live,
    "segment": _segment,
}


def _text_only(payload: bytes) -> bytes:
    """Refuse what JSON can say and a database's text cannot hold: NUL, and half a surrogate pair."""
    if _ESCAPED.search(payload):
        try:
            text = json.dumps(json.loads(payload), ensure_ascii=False)
            text.encode()
        except UnicodeEncodeError:
            raise MessageError("half a surrogate pair is no text") from None
        if "\\u0000" in text.replace("\\\\", ""):
            raise MessageError("a NUL is no text")
    return payload


def _epoch(value: int) -> None:
    if not -(2**63) <= value < 2**64:
        raise MessageError("epoch: 64 bits expected")


def _number(name: str, value: int, largest: int = LARGEST_NUMBER) -> None:
    if not 0 <= value <= largest:
        raise MessageError(f"{name}: 0 to {largest} expected, {str(value)[:40]} found")


def _word(name: str, value: str) -> None:
    if len(value) > LONGEST_WORD:
        raise MessageError(f"{name}: at most {LONGEST_WORD} characters expected, {len(value)} found")


def _day(name: str, value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise MessageError(f"{name}: {value[:40]!r} is no date") from None


def _time(name: str, value: str) -> None:
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise MessageError(f"{name}: {value[:40]!r} is no time") from None
    if time.tzinfo is None:
        raise MessageError(f"{name}: {value[:40]!r} has no offset from UTC")
    if not _YEARS[0] <= time.year <= _YEARS[1]:  # also keeps every change of time zone within what a date can be
        raise MessageError(f"{name}: the year {time.year} is out of range")
