"""What a kind of pass says beyond what every pass says."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class DeclarationDetails:
    """``itinerary``: where the party has been, GB/T 2260 codes of six digits, the latest last."""

    itinerary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VehicleDetails:
    """``seats`` of a regular vehicle or bus; 0 where it is not said."""

    seats: int = 0


@dataclass(frozen=True, slots=True)
class ResidentDetails:
    """The household; how many persons it has is the pass's party, its gates are the pass's scope."""

    building: str
    unit: str


class BadgeRole(StrEnum):
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"


@dataclass(frozen=True, slots=True)
class BadgeDetails:
    """``number`` names the operator in the ledger; the grids the badge is good in are the pass's scope."""

    number: str
    team: str = ""
    role: BadgeRole = BadgeRole.OPERATOR


@dataclass(frozen=True, slots=True)
class VoucherDetails:
    """A delivery; its prescribed route and its drop-offs are the pass's scope, its window the pass's times."""

    order: str


@dataclass(frozen=True, slots=True)
class BatchDetails:
    """Cold-chain goods: who sends them, which lot, and the number of the certificate that came with it."""

    firm: str
    batch: str
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class ManifestDetails:
    """A bus's passengers, as far as they declared: ``declared`` of ``seats`` taken."""

    seats: int
    declared: int = 0

    @property
    def missing(self) -> int:
        return max(0, self.seats - self.declared)


Details = (
    DeclarationDetails
    | VehicleDetails
    | ResidentDetails
    | BadgeDetails
    | VoucherDetails
    | BatchDetails
    | ManifestDetails
)
