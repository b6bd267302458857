"""One TOML file to frozen dataclasses. Every mistake is told at once, with its key and what to do."""

import difflib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

T = TypeVar("T")


class ConfigError(Exception):
    """``mistakes`` holds one line each, naming the key and the remedy."""

    def __init__(self, path: Path, mistakes: list[str]) -> None:
        super().__init__("\n".join(f"{path}: {mistake}" for mistake in mistakes))
        self.mistakes = mistakes


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"no time zone is called {name!r}; use a name like Asia/Shanghai")
    return name


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("give an address as host:port, such as 127.0.0.1:8080")
    return text


Strict = ConfigDict(extra="forbid", strict=True)
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
Address = Annotated[str, AfterValidator(_address)]
Size = tuple[Annotated[int, Field(ge=16, le=10000)], Annotated[int, Field(ge=16, le=10000)]]
Rate = Annotated[float, Field(gt=0, le=240)]
ExposureBy = Literal["auto", "bracket"]
Must = Literal["identity", "itinerary", "test", "temperature", "disinfection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class V4l2CameraConfig:
    __pydantic_config__ = Strict
    driver: Literal["v4l2"] = "v4l2"
    device: str = "/dev/video0"
    size: Size = (1280, 720)
    fps: Rate = 15
    exposure: ExposureBy = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class PiCameraConfig:
    __pydantic_config__ = Strict
    driver: Literal["picamera"] = "picamera"
    camera: int = 0
    size: Size = (1280, 720)
    fps: Rate = 15
    exposure: ExposureBy = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCameraConfig:
    __pydantic_config__ = Strict
    driver: Literal["network"] = "network"
    url: Annotated[str, Field(pattern=r"^(rtsps?|https?)://")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCameraConfig:
    __pydantic_config__ = Strict
    driver: Literal["file"] = "file"
    path: str
    pace: Literal["real", "fast"] = "real"
    loop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCameraConfig:
    """``passes`` is a file of code texts, one JSON array a line (the codes one vehicle shows); ``record`` receives a
    JSON line for every vehicle shown. ``seconds`` ends the traffic (0: never) with the last vehicle gone."""

    __pydantic_config__ = Strict
    driver: Literal["simulated"] = "simulated"
    passes: str
    record: str = ""
    size: Size = (1280, 720)
    fps: Rate = 15
    seed: int = 1
    seconds: Annotated[float, Field(ge=0)] = 0


CameraConfig = Annotated[
    V4l2CameraConfig | PiCameraConfig | NetworkCameraConfig | FileCameraConfig | SimulatedCameraConfig,
    Field(discriminator="driver"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPresenceConfig:
    __pydantic_config__ = Strict
    driver: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoThermometerConfig:
    __pydantic_config__ = Strict
    driver: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedThermometerConfig:
    __pydantic_config__ = Strict
    driver: Literal["simulated"] = "simulated"
    seed: int = 1
    fever_every: Annotated[int, Field(ge=0)] = 0


ThermometerConfig = Annotated[NoThermometerConfig | SimulatedThermometerConfig, Field(discriminator="driver")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoGateConfig:
    __pydantic_config__ = Strict
    driver: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedGateConfig:
    __pydantic_config__ = Strict
    driver: Literal["simulated"] = "simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class GpioGateConfig:
    __pydantic_config__ = Strict
    driver: Literal["gpio"] = "gpio"
    barrier: int
    green: int
    red: int
    buzzer: int | None = None
    open_seconds: Annotated[float, Field(gt=0, le=60)] = 1.0


GateConfig = Annotated[NoGateConfig | SimulatedGateConfig | GpioGateConfig, Field(discriminator="driver")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReaderConfig:
    __pydantic_config__ = Strict
    driver: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneConfig:
    __pydantic_config__ = Strict
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,16}$")]
    name: str = ""
    kind: Literal["vehicle", "person"] = "vehicle"
    direction: Literal["in", "out", "both"] = "in"
    mode: Literal["attended", "automatic"] = "attended"
    camera: CameraConfig
    presence: NoPresenceConfig = field(default_factory=NoPresenceConfig)
    thermometer: ThermometerConfig = field(default_factory=NoThermometerConfig)
    gate: GateConfig = field(default_factory=NoGateConfig)
    reader: NoReaderConfig = field(default_factory=NoReaderConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSection:
    __pydantic_config__ = Strict
    id: Identifier
    name: str
    district: Identifier
    levels: Annotated[tuple[str, ...], Field(min_length=1, max_length=7)]
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Shanghai"
    data_dir: str = "/var/lib/station"
    clock: Literal["kernel", "always"] = "kernel"
    trust_dir: str = ""


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
    __pydantic_config__ = Strict
    listen: Address = "127.0.0.1:8080"
    language: Literal["zh", "en"] = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanningSection:
    """``absence_seconds``: a code out of view for longer is a new presentation when it comes back."""

    __pydantic_config__ = Strict
    absence_seconds: Annotated[float, Field(gt=0, le=600)] = 3.0
    second_reader: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySection:
    __pydantic_config__ = Strict
    musts: tuple[Must, ...] = get_args(Must)
    declared_suffices: tuple[Must, ...] = get_args(Must)
    fever_from: Annotated[float, Field(ge=30, le=45)] = 37.3
    reuse_after_seconds: Annotated[float, Field(ge=0)] = 600.0
    home_province: Annotated[str, Field(pattern=r"^(\d\d)?$")] = ""
    risk_areas: tuple[Annotated[str, Field(pattern=r"^\d{2,6}$")], ...] = ()
    keep_personal_days: Annotated[int, Field(ge=1, le=3650)] = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class StationConfig:
    __pydantic_config__ = Strict
    station: StationSection
    lanes: Annotated[tuple[LaneConfig, ...], Field(min_length=1, max_length=4)]
    uplink: UplinkSection | None = None
    kiosk: KioskSection = field(default_factory=KioskSection)
    scanning: ScanningSection = field(default_factory=ScanningSection)
    policy: PolicySection = field(default_factory=PolicySection)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSection:
    __pydantic_config__ = Strict
    district: Identifier
    data_dir: str = "/var/lib/checkpoint-hub"
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSection:
    __pydantic_config__ = Strict
    url: Annotated[str, Field(pattern=r"^mqtts?://[^/]+$")] = "mqtt://127.0.0.1:1883"
    ca: str = ""
    cert: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSection:
    __pydantic_config__ = Strict
    url: Literal["sqlite"] = "sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSection:
    __pydantic_config__ = Strict
    listen: Address = "127.0.0.1:8090"
    anonymous_read: bool = False
    language: Literal["zh", "en"] = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubConfig:
    __pydantic_config__ = Strict
    hub: HubSection
    broker: BrokerSection = field(default_factory=BrokerSection)
    store: StoreSection = field(default_factory=StoreSection)
    web: WebSection = field(default_factory=WebSection)


def load_station(path: Path) -> StationConfig:
    """:raises ConfigError: with every mistake in the file."""
    config = _load(path, StationConfig)
    mistakes = [*_station_mistakes(config)]
    if mistakes:
        raise ConfigError(path, mistakes)
    return config


def load_hub(path: Path) -> HubConfig:
    """:raises ConfigError: with every mistake in the file."""
    config = _load(path, HubConfig)
    mistakes = []
    if config.broker.url.startswith("mqtt://") and not _on_loopback(config.broker.url):
        mistakes.append("broker.url: mqtt:// is for a broker on this machine; use mqtts:// across a network")
    if config.web.anonymous_read and not _on_loopback(config.web.listen):
        mistakes.append("web.anonymous_read: true is accepted on a loopback address only")
    if mistakes:
        raise ConfigError(path, mistakes)
    return config


def _load(path: Path, kind: type[T]) -> T:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(path, [f"cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise ConfigError(path, ["is not UTF-8 text; save it as UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, [f"is not TOML: {error}"]) from None
    try:
        # As JSON, because strict validation takes tables for dataclasses and arrays for tuples only from there.
        return TypeAdapter(kind).validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        raise ConfigError(path, _mistakes(error, kind)) from None


def _station_mistakes(config: StationConfig) -> Iterator[str]:
    ids = [lane.id for lane in config.lanes]
    for lane in sorted({lane for lane in ids if ids.count(lane) > 1}):
        yield f"lanes: the id {lane!r} is used more than once; give each lane its own"
    if not _on_loopback(config.kiosk.listen):
        yield "kiosk.listen: the touchscreen has no login, so it listens on this machine only; give 127.0.0.1:PORT"
    uplink = config.uplink
    if uplink is None:
        return
    if uplink.url.startswith("mqtt://") and not _on_loopback(uplink.url):
        yield "uplink.url: mqtt:// is for a broker on this machine; use mqtts:// with ca, cert and key"
    if bool(uplink.cert) != bool(uplink.key):
        yield "uplink: cert and key go together; give both or neither"


def _on_loopback(address: str) -> bool:
    host = re.sub(r"^\w+://", "", address)
    return bool(re.match(r"^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$", host))


def _mistakes(error: ValidationError, kind: type) -> list[str]:
    """One line a mistake. An array that is empty only because its items are wrong is not a mistake of its own."""
    details = error.errors()
    wrong = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    return [_mistake(d, kind) for d in details if d["type"] != "too_short" or d["loc"] not in wrong]


def _mistake(detail: ErrorDetails, kind: type) -> str:
    path = [part for part in detail["loc"] if not _is_tag(part)]
    key = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in path)
    match detail["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return f"{key}: no such key{_suggestion(str(path[-1]), kind)}"
        case "union_tag_invalid":
            found, known = detail["ctx"]["tag"], detail["ctx"]["expected_tags"]
            return f"{key}.driver: no driver is called {found!r}; there are {known}"
        case "union_tag_not_found":
            return f"{key}.driver: is missing"
        case "missing":
            return f"{key}: is missing"
        case "string_pattern_mismatch":
            return f"{key}: {detail['input']!r} does not have the form {detail['ctx']['pattern']}"
        case _:
            message = detail["msg"].removeprefix("Value error, ")
            return f"{key}: {message[0].lower()}{message[1:]} (found {detail['input']!r})"


_TAGS = {"v4l2", "picamera", "network", "file", "simulated", "none", "gpio"}


def _is_tag(part: object) -> bool:
    """Pydantic puts the driver's name into the location of a mistake inside a driver's table."""
    return part in _TAGS


def _suggestion(key: str, kind: type) -> str:
    close = difflib.get_close_matches(key, sorted(set(_all_keys(kind))), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _all_keys(kind: Any) -> Iterator[str]:
    """Every key anywhere below a dataclass, through tuples, unions and annotations."""
    if is_dataclass(kind):
        for item in fields(kind):
            yield item.name
            yield from _all_keys(item.type)
        return
    for argument in get_args(kind):
        yield from _all_keys(argument)
