"""What a shift does around the lanes: disinfection rounds, goods kept at the gate, people handed to a waiting car.

Each carries an id that the form drew when it was opened: sent twice, it is still one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from station.domain.events.event import Event


@dataclass(frozen=True, slots=True)
class Disinfected(Event):
    """A round (消毒) at these lanes is done."""

    KIND: ClassVar = "disinfected"

    round: str
    lanes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliveryLeft(Event):
    """Goods wait at the gate for somebody; ``shelf`` says where."""

    KIND: ClassVar = "delivery_left"
    SEALED: ClassVar = frozenset({"whose", "what"})

    delivery: str
    shelf: str
    whose: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryCollected(Event):
    KIND: ClassVar = "delivery_collected"
    SEALED: ClassVar = frozenset({"by"})

    delivery: str
    by: str = ""


class Vulnerable(StrEnum):
    """Who is not left standing at a checkpoint."""

    ELDERLY = "elderly"
    CHILD = "child"
    PREGNANT = "pregnant"
    DISABLED = "disabled"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class HandedToCar(Event):
    """``persons`` of a group went on in a waiting car; ``car`` says which."""

    KIND: ClassVar = "handed_to_car"
    SEALED: ClassVar = frozenset({"car"})

    handing: str
    group: Vulnerable
    persons: int
    car: str = ""
