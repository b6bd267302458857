"""Orders as the district writes them and looks at them: what is wanted, and what came of it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from station.domain.orders import Urgency

SHORTEST_LASTS, LONGEST_LASTS = timedelta(minutes=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to order. ``level`` is a path of names, and last, for one station alone, its id."""

    level: str
    urgency: Urgency
    zh: str
    en: str
    lasts: timedelta


class OrderFault(StrEnum):
    LASTS = "lasts"
    LEVEL = "level"
    TEXT = "text"
    NO_KEY = "no_key"


class OrderNotWritten(ValueError):
    """The order cannot be sent as it is; the message says what to change."""

    def __init__(self, why: OrderFault, detail: str) -> None:
        super().__init__(detail)
        self.why = why


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order with how many stations it is for, and how many of them have come how far. ``seconds`` is how long the
    middle one of those that acknowledged it took from when it was written, None while nobody has."""

    id: str
    level: str
    urgency: str
    zh: str
    en: str
    issued_at: str
    expires: str
    written_by: str
    expired: bool
    stations: int
    received: int
    shown: int
    acknowledged: int
    refused: int
    seconds: int | None


@dataclass(frozen=True, slots=True)
class OrderStation:
    """What one station did with an order: ``step`` is acknowledged, shown, received, refused or waiting. Times are
    RFC 3339 UTC, empty for what has not happened."""

    station: str
    name: str
    state: str
    step: str
    received_at: str
    shown_at: str
    acknowledged_at: str
    refused_at: str
    reason: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class StrangeOrder:
    """What a station refused and this hub never wrote: somebody else speaks in its name, or its store is a backup's."""

    station: str
    order: str
    refused_at: str
    reason: str
