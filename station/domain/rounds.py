"""What an operator does around the lanes, and how it stands on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass

from station.domain.event_rows import Recorded
from station.domain.events.rounds import DeliveryCollected, DeliveryLeft


@dataclass(frozen=True, slots=True)
class RoundView:
    """Disinfection. Times are RFC 3339 UTC: the last round's, empty before any, and when the next is due, empty where
    the policy asks for none. ``today`` is how many rounds the local day has had."""

    last_at: str
    due_at: str
    today: int


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """Goods that wait at the gate."""

    id: str
    shelf: str
    whose: str
    what: str
    left_at: str


@dataclass(frozen=True, slots=True)
class HourCounts:
    """Passages first decided in one local hour at one lane, under their outcome now."""

    lane: str
    hour: int
    granted: int
    held: int
    denied: int


Waiting = Mapping[str, DeliveryView]


def after(waiting: Waiting, row: Recorded) -> Waiting:
    match row.event:
        case DeliveryLeft(delivery, shelf, whose, what):
            return {**waiting, delivery: DeliveryView(delivery, shelf, whose, what, row.at.text)}
        case DeliveryCollected(delivery):
            return {known: view for known, view in waiting.items() if known != delivery}
        case _:
            return waiting
