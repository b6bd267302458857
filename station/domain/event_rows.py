"""Events as ledger rows, and back.

A row of an event is no passage: its passages, vehicles and persons are 0, and no count looks at it. Its lane is empty
where it is about none. ``evidence`` holds ``event``, the kind, and the fields by name; those that are sealed lie in the
row's ``personal`` instead.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from station.domain.decision import Outcome
from station.domain.events import EVENTS, Event
from station.domain.moment import Moment
from station.domain.passage import UNKNOWN_ORIGIN, Entry, EntryType, Personal, Row, TallyKey
from station.domain.passes import TrafficKind

KIND = "event"
ID_BYTES = 12
_BY_KIND: Mapping[str, type[Event]] = {kind.KIND: kind for kind in EVENTS}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event that is on disk. ``id`` is the beginning of its row's hash: no other event has it, not even one that
    took the same number in an old card that was put back."""

    seq: int
    id: str
    at: Moment
    lane: str
    operator: str
    event: Event

    def told(self) -> dict[str, str]:
        """What the hub is told of it beside where and when."""
        return {name: _text(getattr(self.event, name)) for name in self.event.TOLD}


def entry_of(event: Event, now: Moment, lane: str = "", operator: str = "") -> Entry:
    texts = {field.name: _text(getattr(event, field.name)) for field in fields(event)}
    sealed = {name: text for name, text in texts.items() if name in event.SEALED and text}
    return Entry(
        type=EntryType.EVENT,
        at=now,
        key=TallyKey(lane, now.minute, TrafficKind.CAR, UNKNOWN_ORIGIN, Outcome.GRANTED),
        passages=0,
        vehicles=0,
        persons=0,
        reasons=(),
        operator=operator,
        evidence={KIND: event.KIND} | {name: text for name, text in texts.items() if name not in event.SEALED},
        personal=Personal(said=sealed),
    )


def recorded(rows: Iterable[Row]) -> Iterator[Recorded]:
    """The events among rows. A kind that only newer software knows is passed over."""
    for row in rows:
        if row.entry.type is EntryType.EVENT and row.entry.evidence[KIND] in _BY_KIND:
            entry = row.entry
            event = _event(_BY_KIND[entry.evidence[KIND]], {**entry.personal.said, **entry.evidence})
            yield Recorded(row.seq, row.hash[:ID_BYTES].hex(), entry.at, entry.key.lane, entry.operator, event)


def names(kinds: Collection[type[Event]]) -> tuple[str, ...]:
    """The kinds as rows call them."""
    return tuple(kind.KIND for kind in kinds)


def _event(kind: type[Event], texts: Mapping[str, str]) -> Event:
    """A field that a row does not have was added later, or was sealed and is forgotten."""
    given: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in texts:
            given[field.name] = _value(field.type, texts[field.name])
        elif field.name in kind.SEALED:
            given[field.name] = ""
    return kind(**given)


def _text(value: str | int | tuple[str, ...]) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else str(value)


def _value(kind: Any, text: str) -> Any:
    return tuple(json.loads(text)) if kind == tuple[str, ...] else kind(text)
