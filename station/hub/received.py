"""What came from a station, read and held to bounds that no store can choke on; and what goes back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import astuple

from station.domain.decision import Outcome
from station.messages import (
    LARGEST_COUNT,
    Ack,
    EventNotice,
    Live,
    MessageError,
    Segment,
    State,
    Sync,
    decode_event,
    decode_live,
    decode_segment,
    decode_state,
)

UNNAMED = "?"  # where messages of a station are counted whose name is none

_STATION = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ|boot:.{1,64}\+\d{1,12}")
_OUTCOMES = frozenset(Outcome)
_YEARS = (1970, 2999)


Message = State | Live | Segment | EventNotice


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A payload that does not keep the contract. It is counted and shown; nothing of it is stored."""

    error: str


class Received(NamedTuple):
    """A message with its envelope. ``name`` is the topic's last word. ``retained``: the broker's copy of an older
    message, no sign of life. ``repeated``: delivered before, as far as the broker knows (MQTT's DUP).
    """

    station: str
    name: str
    message: Message | Unreadable
    at: datetime
    retained: bool = False
    repeated: bool = False


class Reply(NamedTuple):
    station: str
    message: Ack | Sync


def read(
    station: str, name: str, payload: bytes, at: datetime, retained: bool = False, repeated: bool = False
) -> Received:
    """What came ``at`` some time under a station's name. Never raises, whatever the payload is."""
    try:
        if not _STATION.fullmatch(station):
            raise MessageError(f"{station!r} is no name of a station")
        return Received(station, name, _READERS[name](payload), at, retained, repeated)
    except KeyError:
        wrong = f"no message is called {name!r}"
    except ValueError as error:
        wrong = str(error)
    station = station if _STATION.fullmatch(station) else UNNAMED
    name = name if name in _READERS else UNNAMED
    return Received(station, name, Unreadable(wrong[:200]), at, retained, repeated)


def _state(payload: bytes) -> State:
    state = decode_state(payload)
    _time("at", state.at)
    return state


def _live(payload: bytes) -> Live:
    live = decode_live(payload)
    _time("at", live.at)
    _check_day(live.day)
    return live


def _segment(payload: bytes) -> Segment:
    segment = decode_segment(payload)
    for minute in {tally.minute for tally in segment.tallies}:
        check_minute(minute)
    for hour in {musts.hour for musts in segment.musts}:
        if hour.startswith("boot:"):
            raise MessageError(f"hour: {hour[:40]!r} is no minute in UTC")
        check_minute(hour)
    if segment.amended or segment.amended_musts:
        _amended(segment)
    for outcome in {tally.outcome for tally in segment.tallies} - _OUTCOMES:
        raise MessageError(f"outcome: one of {', '.join(Outcome)} expected, {outcome[:40]!r} found")
    return segment


def _amended(segment: Segment) -> None:
    """Each is of a tally's or an hour's key, which has its version, and their sum is a count that a column takes."""
    tallies = {astuple(one)[:5]: astuple(one)[5:8] for one in segment.tallies}
    for change in segment.amended:
        _add("amended", tallies.get(astuple(change)[:5]), astuple(change)[5:])
    hours = {astuple(one)[:2]: astuple(one)[2:8] for one in segment.musts}
    for hour in segment.amended_musts:
        _add("amended_musts", hours.get(astuple(hour)[:2]), astuple(hour)[2:])


def _add(name: str, counts: tuple[int, ...] | None, changes: tuple[int, ...]) -> None:
    if counts is None:
        raise MessageError(f"{name}: of a key that this segment says nothing else of")
    if any(abs(sum(both)) > LARGEST_COUNT for both in zip(counts, changes, strict=True)):
        raise MessageError(f"{name}: more than {LARGEST_COUNT} together with what it amends")


def _event(payload: bytes) -> EventNotice:
    notice = decode_event(payload)
    _time("at", notice.at)
    return notice


_READERS: Mapping[str, Callable[[bytes], Message]] = {
    "state": _state,
    "live": _live,
    "segment": _segment,
    "incident": _event,
    "receipt": _event,
}


@lru_cache(maxsize=4096)
def check_minute(value: str) -> None:
    """Asked of every segment, and thousands of them are of one minute. :raises MessageError: it is none."""
    if not _MINUTE.fullmatch(value):
        raise MessageError(f"minute: {value[:40]!r} is neither YYYY-MM-DDThh:mmZ nor boot:<id>+<minute>")
    if not value.startswith("boot:"):
        _time("minute", value)


@lru_cache(maxsize=64)
def _check_day(value: str) -> None:
    """Asked of every live frame, and nearly all of them are of one day. :raises MessageError: it is none."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise MessageError(f"day: {value[:40]!r} is no date") from None
    if day.isoformat() != value or not _YEARS[0] <= day.year <= _YEARS[1]:
        raise MessageError(f"day: {value[:40]!r} is no date as YYYY-MM-DD, or out of range")


def _time(name: str, value: str) -> None:
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise MessageError(f"{name}: {value[:40]!r} is no time") from None
    if time.tzinfo is None:
        raise MessageError(f"{name}: {value[:40]!r} has no offset from UTC")
    if not _YEARS[0] <= time.year <= _YEARS[1]:  # also keeps every change of time zone within what a date can be
        raise MessageError(f"{name}: the year {time.year} is out of range")
