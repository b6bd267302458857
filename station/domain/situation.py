"""What is known at the moment of deciding, beside the pass itself."""

from dataclasses import dataclass, field
from enum import StrEnum

from station.domain.decision import Outcome
from station.domain.lists import ListHit
from station.domain.moment import Moment
from station.domain.passes import HealthKind, Must
from station.domain.reasons import Reason


class LaneKind(StrEnum):
    VEHICLE = "vehicle"
    PERSON = "person"


class Mode(StrEnum):
    """Attended: nothing opens before the operator's tap. Automatic: a clear case opens by itself."""

    ATTENDED = "attended"
    AUTOMATIC = "automatic"


ISSUER_LEEWAY_S = 60.0


class SensorState(StrEnum):
    """``NONE`` is a normal state (no such sensor on this lane); ``LOST`` is a fault."""

    NONE = "none"
    OK = "ok"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the district asks for. Temperatures in degrees Celsius, times in seconds.

    ``health_suffices`` says which health certificates stand for the test; a test's own for ``test_good_for``.
    ``issuer_leeway``: so far an issuer's clock may be ahead of the station's.
    """

    musts: frozenset[Must] = frozenset(Must)
    declared_suffices: frozenset[Must] = frozenset(Must)
    health_suffices: frozenset[HealthKind] = frozenset({HealthKind.TEST})
    test_good_for: float = 48 * 3600.0
    fever_from: float = 37.3
    reuse_after: float = 600.0
    issuer_leeway: float = ISSUER_LEEWAY_S


@dataclass(frozen=True, slots=True)
class Use:
    """An earlier passage on the same code and its outcome now. ``ago`` is in seconds."""

    passage: int
    row: int
    lane: str
    outcome: Outcome
    ago: float


@dataclass(frozen=True, slots=True)
class Beside:
    """What else was shown for the same passage: ``certificates`` that stand for the test and ``goods``, by what tells
    their codes, and what there is ``against`` any of them."""

    certificates: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    against: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    lane: str
    lane_kind: LaneKind
    mode: Mode
    at: Moment
    station: str
    levels: tuple[str, ...]
    grids: tuple[str, ...] = ()
    temperature: float | None = None
    thermometer: SensorState = SensorState.NONE
    ticks: frozenset[Must] = frozenset()
    recent_uses: tuple[Use, ...] = ()
    list_hits: frozenset[ListHit] = frozenset()
    beside: Beside = Beside()
    policy: Policy = field(default_factory=Policy)
