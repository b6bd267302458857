"""What a code carries, once read: a genuine pass, or why it is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from station.domain.details import Details
from station.domain.reasons import Reason


class PassKind(StrEnum):
    DECLARATION = "declaration"
    VEHICLE = "vehicle"
    RESIDENT = "resident"
    BADGE = "badge"
    VOUCHER = "voucher"
    BATCH = "batch"
    HEALTH = "health"
    MANIFEST = "manifest"


class Must(StrEnum):
    """The five musts (五必): what is checked of every vehicle and person."""

    IDENTITY = "identity"
    ITINERARY = "itinerary"
    TEST = "test"
    TEMPERATURE = "temperature"
    DISINFECTION = "disinfection"


class TrafficKind(StrEnum):
    """What passes the lane, as tallies count it."""

    CAR = "car"
    BUS = "bus"
    TRUCK = "truck"
    VAN = "van"
    MOTORCYCLE = "motorcycle"
    BICYCLE = "bicycle"
    OTHER = "other"
    PERSON = "person"


class Attestation(StrEnum):
    """How a must comes with a pass: the holder said so, or the issuer vouches for it."""

    DECLARED = "declared"
    ATTESTED = "attested"


COVID_19 = "840539006"  # SNOMED CT


class HealthKind(StrEnum):
    """What a health certificate vouches for."""

    VACCINATION = "vaccination"
    TEST = "test"
    RECOVERY = "recovery"


class TestResult(StrEnum):
    __test__ = False  # for pytest: no test

    NEGATIVE = "negative"
    POSITIVE = "positive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Health:
    """What a third party's health certificate says.

    ``on`` is when the sample or the dose was taken, or the first positive test of a recovery; of a bare date, its
    midnight UTC. ``dose`` of ``doses`` are 0 where they are not said. ``name`` is the holder's full name: it is kept
    apart from ``Pass.label`` so that a screen shows it only when the operator asks, and no log repeats it.
    """

    kind: HealthKind
    on: datetime
    result: TestResult | None = None
    dose: int = 0
    doses: int = 0
    country: str = ""
    disease: str = COVID_19
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a pass is good. An empty member does not limit; a filled one must name the place."""

    levels: tuple[str, ...] = ()
    grids: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    drop_offs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass whose signature holds. Whether it is good here and now is for the rules to say.

    ``id`` is the pass id in hex; of a third party's certificate, SHA-256 over its unique identifier. ``label`` names
    the holder masked, as on the screen (王**). ``origin`` is a GB/T 2260 code of six digits. Times are aware UTC.
    """

    format: str
    kind: PassKind
    id: str
    issuer: str
    issued_at: datetime
    not_before: datetime
    expires: datetime
    label: str = ""
    plate: str = ""
    traffic: TrafficKind | None = None
    party: int = 1
    origin: str = ""
    scope: Scope = Scope()
    musts: Mapping[Must, Attestation] = field(default_factory=dict)
    health: Health | None = None
    details: Details | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A code that is no pass of ours (``NOT_A_PASS``) or a bad one (every other reason)."""

    reason: Reason
    text: str
    format: str = ""


Presented = Pass | Rejected
