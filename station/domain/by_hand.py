"""A passage that is registered by hand: what the operator says of it, as a ledger row.

What may name somebody or says where they go lies under the row's seal: the plate, and in ``said`` the destination and,
where the policy asks for them, the identity number and the phone number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from station.domain.bounds import require_texts
from station.domain.decision import Outcome, Source
from station.domain.documents import masked
from station.domain.origin import CLASSES, OriginClasses
from station.domain.passage import UNKNOWN_ORIGIN, Entry, EntryType, Personal, TallyKey
from station.domain.passes import Must, TrafficKind
from station.domain.reasons import Reason
from station.domain.situation import LaneKind, Situation

MOST_PERSONS = 99
LONGEST_DESTINATION = 60
_MAX_NUMBER_LENGTH = 20  # of a plate, an identity number or a phone number
DESTINATION = "by_hand.destination"
_NUMBERS = ("by_hand.id_number", "by_hand.phone")


@dataclass(frozen=True, slots=True)
class Told:
    """What the operator knows of who has no code. ``traffic`` is None for the lane's usual. ``origin`` is a class of
    origin.py. ``id_number`` and ``phone`` are whole; only a row's seal ever holds them."""

    plate: str = ""
    traffic: TrafficKind | None = None
    persons: int = 1
    origin: str = UNKNOWN_ORIGIN
    destination: str = ""
    musts: frozenset[Must] = frozenset()
    id_number: str = ""
    phone: str = ""

    def __post_init__(self) -> None:
        """:raises ValueError: more than the form has room for."""
        if not 1 <= self.persons <= MOST_PERSONS:
            raise ValueError(f"persons must be 1 to {MOST_PERSONS}")
        require_texts(_MAX_NUMBER_LENGTH, plate=self.plate, id_number=self.id_number, phone=self.phone)
        require_texts(LONGEST_DESTINATION, destination=self.destination, origin=self.origin)

    @property
    def said(self) -> dict[str, str]:
        texts = zip((DESTINATION, *_NUMBERS), (self.destination, self.id_number, self.phone), strict=True)
        return {name: text for name, text in texts if text}


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page for those without a code offers and asks. ``on_foot`` are the lanes for persons."""

    origins: tuple[str, ...] = CLASSES[:4]
    destinations: tuple[str, ...] = ()
    asks_id: bool = False
    asks_phone: bool = False
    classes: OriginClasses = field(default_factory=OriginClasses)
    on_foot: frozenset[str] = frozenset()


def registered(situation: Situation, outcome: Outcome, told: Told, operator: str) -> Entry:
    """A vehicle or person without a code, or with the camera lost."""
    usual = TrafficKind.PERSON if situation.lane_kind is LaneKind.PERSON else TrafficKind.CAR
    traffic = told.traffic or usual
    return Entry(
        type=EntryType.PASSAGE,
        at=situation.at,
        key=TallyKey(situation.lane, situation.at.minute, traffic, told.origin, outcome),
        vehicles=0 if traffic is TrafficKind.PERSON else 1,
        persons=told.persons,
        reasons=(Reason.BY_OPERATOR, Reason.WITHOUT_CODE),
        operator=operator,
        evidence={must.value: Source.OPERATOR.value for must in Must if must in told.musts},
        personal=Personal(plate=told.plate, said=told.said),
    )


def for_screen(said: Mapping[str, str]) -> dict[str, str]:
    """What a passage says, with the numbers of a person masked."""
    return {name: masked(text) if name in _NUMBERS else text for name, text in said.items()}
