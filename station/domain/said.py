"""What a pass says beside its plate and its holder, in plain texts: sealed with the row, shown on the screen.

Each name begins with its kind (``health.result``), so that what a certificate says stands beside what the pass says.
"""

from collections.abc import Mapping
from datetime import MAXYEAR, datetime

from station.domain.details import (
    BadgeDetails,
    BatchDetails,
    DeclarationDetails,
    Details,
    ManifestDetails,
    ResidentDetails,
    VehicleDetails,
    VoucherDetails,
)
from station.domain.passes import Health, Pass
from station.domain.times import utc_text


def said_by(shown: Pass) -> dict[str, str]:
    """Empty where the pass says nothing more. Never the holder's name."""
    said = _details(shown.details) if shown.details is not None else {}
    if isinstance(shown.details, VoucherDetails):
        said["drop_offs"] = ", ".join(shown.scope.drop_offs)
    if shown.health is not None:
        said |= _health(shown.health) | {"until": until(shown.expires)}
    return {f"{shown.kind}.{name}": text for name, text in said.items() if text}


def with_said(before: Mapping[str, str], fresh: Mapping[str, str]) -> dict[str, str]:
    """What has been said so far; of each kind only what the last one of it said."""
    kinds = {_kind(name) for name in fresh}
    return {name: text for name, text in before.items() if _kind(name) not in kinds} | dict(fresh)


def _kind(name: str) -> str:
    return name.partition(".")[0]


def until(expires: datetime) -> str:
    """Empty for a card that never expires."""
    return "" if expires.year == MAXYEAR else utc_text(expires, "auto")


def _details(details: Details) -> dict[str, str]:
    match details:
        case DeclarationDetails(itinerary):
            return {"itinerary": " ".join(itinerary)}
        case VehicleDetails(seats):
            return {"seats": str(seats) if seats else ""}
        case ResidentDetails(building, unit):
            return {"building": building, "unit": unit}
        case BadgeDetails(number, team, role):
            return {"number": number, "team": team, "role": role.value}
        case VoucherDetails(order):
            return {"order": order}
        case BatchDetails(firm, batch, certificate):
            return {"firm": firm, "batch": batch, "certificate": certificate}
        case ManifestDetails(taken, declared):
            return {"taken": str(taken), "declared": str(declared)}


def _health(health: Health) -> dict[str, str]:
    return {
        "kind": health.kind.value,
        "on": utc_text(health.on, "auto"),
        "result": health.result.value if health.result is not None else "",
        "dose": f"{health.dose}/{health.doses}" if health.dose and health.doses else "",
    }
