"""station.toml."""

from dataclasses import dataclass, field
from typing import Annotated, Literal, get_args

from pydantic import Field

from station.config.cameras import CameraConfig
from station.config.devices import (
    GateConfig,
    NoGateConfig,
    NoPanelConfig,
    NoPlatesConfig,
    NoPresenceConfig,
    NoReaderConfig,
    NoThermometerConfig,
    PanelConfig,
    PlatesConfig,
    PresenceConfig,
    ReaderConfig,
    ThermometerConfig,
)
from station.config.values import (
    Address,
    HealthKind,
    HostName,
    HstsDays,
    Identifier,
    Must,
    OptionalAddress,
    OriginClass,
    Strict,
    Timezone,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneConfig:
    __pydantic_config__ = Strict
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,16}$")]
    name: str = ""
    kind: Literal["vehicle", "person"] = "vehicle"
    direction: Literal["in", "out", "both"] = "in"
    mode: Literal["attended", "automatic"] = "attended"
    camera: CameraConfig
    presence: PresenceConfig = field(default_factory=NoPresenceConfig)
    thermometer: ThermometerConfig = field(default_factory=NoThermometerConfig)
    gate: GateConfig = field(default_factory=NoGateConfig)
    panel: PanelConfig = field(default_factory=NoPanelConfig)
    reader: ReaderConfig = field(default_factory=NoReaderConfig)
    plates: PlatesConfig = field(default_factory=NoPlatesConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSection:
    __pydantic_config__ = Strict
    id: Identifier
    name: Annotated[str, Field(max_length=200)]
    district: Identifier
    levels: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=64)], ...], Field(min_length=1, max_length=7)]
    grids: tuple[str, ...] = ()
    timezone: Timezone = "Asia/Shanghai"
    data_dir: str = "/var/lib/station"
    clock: Literal["kernel", "always"] = "kernel"
    trust_dir: str = ""
    list_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UplinkSection:
    __pydantic_config__ = Strict
    url: Annotated[str, Field(pattern=r"^mqtts?://[^/]+$")]
    ca: str = ""
    cert: str = ""
    key: str = ""
    segment_seconds: Annotated[float, Field(ge=0.1, le=300)] = 5.0
    live_seconds: Annotated[float, Field(ge=0.1, le=60)] = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskSection:
    """``hosts`` are names that a browser may call it by beside loopback's and the address of ``listen``."""

    __pydantic_config__ = Strict
    listen: Address = "127.0.0.1:8080"
    hosts: tuple[HostName, ...] = ()
    language: Literal["zh", "en"] = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorSection:
    """Without ``listen`` there is no view over the network. ``socket`` is where its process asks the station; the
    system takes a path of 107 bytes. A session ends after ``idle_minutes`` without a request
    and after ``session_hours`` anyhow. ``hosts`` are names that a browser may call it by beside the certificate's;
    ``hsts_days`` is for how long browsers are told to come by TLS alone, 0 tells them nothing."""

    __pydantic_config__ = Strict
    listen: OptionalAddress = ""
    cert: str = ""
    key: str = ""
    socket: Annotated[str, Field(pattern=r"^/", max_length=100)] = "/run/station/supervisor.sock"
    hosts: tuple[HostName, ...] = ()
    hsts_days: HstsDays = 180
    idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    session_hours: Annotated[int, Field(ge=1, le=168)] = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanningSection:
    """``absence_seconds``: a code out of view for longer is a new presentation when it comes back. ``ignored``: shell
    patterns of texts of strangers' codes that count nothing."""

    __pydantic_config__ = Strict
    absence_seconds: Annotated[float, Field(gt=0, le=600)] = 3.0
    second_reader: bool = True
    ignored: Annotated[tuple[Annotated[str, Field(min_length=2, max_length=200)], ...], Field(max_length=32)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySection:
    __pydantic_config__ = Strict
    musts: tuple[Must, ...] = get_args(Must)
    declared_suffices: tuple[Must, ...] = get_args(Must)
    health_suffices: tuple[HealthKind, ...] = ("test",)
    test_good_for_hours: Annotated[float, Field(gt=0, le=8760)] = 48.0
    fever_from: Annotated[float, Field(ge=30, le=45)] = 37.3
    reuse_after_seconds: Annotated[float, Field(ge=0)] = 600.0
    issuer_leeway_seconds: Annotated[float, Field(ge=0, le=3600)] = 60.0
    crosses_within_seconds: Annotated[float, Field(gt=0, le=3600)] = 120.0
    tails_within_seconds: Annotated[float, Field(ge=0, le=120)] = 8.0
    stuck_after_seconds: Annotated[float, Field(gt=0, le=3600)] = 60.0
    home_province: Annotated[str, Field(pattern=r"^(\d\d)?$")] = ""
    risk_areas: tuple[Annotated[str, Field(pattern=r"^\d{2,6}$")], ...] = ()
    hand_over_pin: bool = False
    incident_on_unmatched: bool = False
    incident_photos: bool = False
    disinfect_every_minutes: Annotated[int, Field(ge=0, le=1440)] = 120
    ask_id: bool = False
    ask_phone: bool = False
    keep_personal_days: Annotated[int, Field(ge=1, le=3650)] = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHandSection:
    """What the page for those without a code offers."""

    __pydantic_config__ = Strict
    origins: Annotated[tuple[OriginClass, ...], Field(min_length=1)] = get_args(OriginClass)[:4]
    destinations: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=20)], ...], Field(max_length=6)] = ()
    regulars_days: Annotated[int, Field(ge=0, le=90)] = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class StationConfig:
    __pydantic_config__ = Strict
    station: StationSection
    lanes: Annotated[tuple[LaneConfig, ...], Field(min_length=1, max_length=4)]
    uplink: UplinkSection | None = None
    kiosk: KioskSection = field(default_factory=KioskSection)
    supervisor: SupervisorSection = field(default_factory=SupervisorSection)
    scanning: ScanningSection = field(default_factory=ScanningSection)
    policy: PolicySection = field(default_factory=PolicySection)
    by_hand: ByHandSection = field(default_factory=ByHandSection)
