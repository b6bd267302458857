"""What a pass says in words beside its code: what a person at the window needs, and never more than the pass holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import assert_never

from station.domain.details import (
    BadgeDetails,
    BatchDetails,
    DeclarationDetails,
    ManifestDetails,
    ResidentDetails,
    VehicleDetails,
    VoucherDetails,
)
from station.domain.passes import Pass
from station.printing import words
from station.printing.errors import PrintError
from station.printing.words import Both

SHORT_ID = 8
"""Characters of the pass id that stand on paper."""


@dataclass(frozen=True, slots=True)
class Fact:
    caption: Both
    value: str


def names(found: Pass) -> tuple[str, ...]:
    """What the pass is known by, the first the largest: a badge's number, a plate, and the masked holder."""
    number = found.details.number if isinstance(found.details, BadgeDetails) else ""
    return tuple(name for name in (number, found.plate, found.label) if name)


def facts(found: Pass) -> tuple[Fact, ...]:
    persons = Fact(words.PERSONS, str(found.party) if found.party > 1 else "")
    scope = (Fact(caption, " ".join(getattr(found.scope, name))) for name, caption in words.SCOPE.items())
    return tuple(fact for fact in (*_details(found), persons, *scope) if fact.value)


def _details(found: Pass) -> Iterator[Fact]:
    match found.details:
        case VehicleDetails(seats):
            yield Fact(words.SEATS, str(seats or ""))
        case ResidentDetails(building, unit):
            yield Fact(words.BUILDING, building)
            yield Fact(words.UNIT, unit)
        case BadgeDetails(_, team, role):
            yield Fact(words.TEAM, team)
            yield Fact(words.ROLE, " ".join(words.ROLES[role]))
        case VoucherDetails(order):
            yield Fact(words.ORDER, order)
        case BatchDetails(firm, batch, certificate):
            yield Fact(words.FIRM, firm)
            yield Fact(words.BATCH, batch)
            yield Fact(words.CERTIFICATE, certificate)
        case ManifestDetails(seats, declared):
            yield Fact(words.SEATS, str(seats))
            yield Fact(words.DECLARED, str(declared))
        case DeclarationDetails() | None:
            return
        case unknown:
            assert_never(unknown)


def validity(found: Pass, zone: tzinfo) -> tuple[Fact, ...]:
    """Until when, and from when if not from its issue on; who signed it, and the beginning of its id."""
    begins = _minute(found.not_before, zone) if found.not_before > found.issued_at else ""
    said = (
        Fact(words.FROM, begins),
        Fact(words.UNTIL, _minute(found.expires, zone)),
        Fact(words.ISSUER, found.issuer),
        Fact(words.PASS_ID, found.id[:SHORT_ID].upper()),
    )
    return tuple(fact for fact in said if fact.value)


def _minute(at: datetime, zone: tzinfo) -> str:
    try:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    except OverflowError:
        raise PrintError("a time beyond the year 9999 cannot be printed; issue the pass anew") from None
