"""The tables of a lane's other devices: presence, thermometer, gate, panel, reader, plates."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from station.config.values import Pin, Share, Strict


def _pattern(text: str) -> str:
    try:
        found = re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    if found.groups != 1:
        raise ValueError("put one pair of parentheses around the number, as in 'T=([0-9.]+)'")
    return text


def _region(shares: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, width, height = shares
    if min(width, height) < 0.05 or left + width > 1 or top + height > 1:
        raise ValueError("give left, top, width, height as shares of the picture, such as [0.2, 0.5, 0.6, 0.4]")
    return shares


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPresenceConfig:
    __pydantic_config__ = Strict
    driver: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class GpioPresenceConfig:
    """``broken`` is the level of the pin while something is in the way. ``second_pin``: a second beam further along
    the lane; with two the direction is known."""

    __pydantic_config__ = Strict
    driver: Literal["gpio"] = "gpio"
    pin: Pin
    second_pin: Pin | None = None
    broken: Literal["high", "low"] = "high"
    pull: Literal["up", "down", "none"] = "up"
    debounce_seconds: Annotated[float, Field(ge=0, le=0.3)] = 0.05
    gap_seconds: Annotated[float, Field(ge=0, le=0.7)] = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoPresenceConfig:
    """``region`` is left, top, width and height as shares of the picture; something is there while more than ``share``
    of it differs from the empty lane."""

    __pydantic_config__ = Strict
    driver: Literal["video"] = "video"
    region: Annotated[tuple[Share, Share, Share, Share], AfterValidator(_region)] = (0.2, 0.3, 0.6, 0.6)
    share: Annotated[float, Field(ge=0.01, le=0.9)] = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPresenceConfig:
    """Something crosses every so many seconds (0: only when a test says so)."""

    __pydantic_config__ = Strict
    driver: Literal["simulated"] = "simulated"
    every_seconds: Annotated[float, Field(ge=0)] = 0


PresenceConfig = Annotated[
    NoPresenceConfig | GpioPresenceConfig | VideoPresenceConfig | SimulatedPresenceConfig,
    Field(discriminator="driver"),
]

Bus = Annotated[int, Field(ge=0, le=99)]
I2cAddress = Annotated[int, Field(ge=0x03, le=0x77)]
Offset = Annotated[float, Field(ge=-5, le=5)]
"""Degrees that are added to what was measured, found with a good thermometer beside the sensor."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Mlx90614Config:
    __pydantic_config__ = Strict
    driver: Literal["mlx90614"] = "mlx90614"
    bus: Bus = 1
    address: I2cAddress = 0x5A
    emissivity: Annotated[float, Field(ge=0.5, le=1)] = 0.98
    burst: Annotated[int, Field(ge=1, le=25)] = 5
    offset: Offset = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Amg8833Config:
    __pydantic_config__ = Strict
    driver: Literal["amg8833"] = "amg8833"
    bus: Bus = 1
    address: I2cAddress = 0x69
    burst: Annotated[int, Field(ge=1, le=25)] = 3
    offset: Offset = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialThermometerConfig:
    """``request`` is sent before each measurement (empty: the sensor talks by itself); ``pattern`` finds the number in
    a line of its answer."""

    __pydantic_config__ = Strict
    driver: Literal["serial"] = "serial"
    device: str
    baud: Annotated[int, Field(ge=300, le=4_000_000)] = 9600
    request: str = ""
    pattern: Annotated[str, AfterValidator(_pattern)] = r"(\d+\.\d+)"
    offset: Offset = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpThermometerConfig:
    """The sensor answers GET with JSON; ``member`` names the number in it."""

    __pydantic_config__ = Strict
    driver: Literal["http"] = "http"
    url: Annotated[str, Field(pattern=r"^https?://[^/]+")]
    member: str = "celsius"
    offset: Offset = 0.0


ThermometerConfig = Annotated[
    NoThermometerConfig
    | SimulatedThermometerConfig
    | Mlx90614Config
    | Amg8833Config
    | SerialThermometerConfig
    | HttpThermometerConfig,
    Field(discriminator="driver"),
]


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
    """``relay``: a pulse that the barrier's own controller opens on, or a level that holds the arm up. ``lower`` is a
    second relay that a pulse lowers the arm with. ``feedback`` is a switch that closes to ground when the arm is up.
    """

    __pydantic_config__ = Strict
    driver: Literal["gpio"] = "gpio"
    barrier: Pin
    green: Pin
    red: Pin
    amber: Pin | None = None
    buzzer: Pin | None = None
    lower: Pin | None = None
    feedback: Pin | None = None
    relay: Literal["pulse", "level"] = "pulse"
    pulse_seconds: Annotated[float, Field(gt=0, le=10)] = 1.0
    open_seconds: Annotated[float, Field(gt=0, le=600)] = 8.0
    moves_within: Annotated[float, Field(gt=0, le=60)] = 6.0


GateConfig = Annotated[NoGateConfig | SimulatedGateConfig | GpioGateConfig, Field(discriminator="driver")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPanelConfig:
    __pydantic_config__ = Strict
    driver: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class GpioPanelConfig:
    """Contacts to ground: ``grant`` closes when pressed, ``emergency`` and ``door`` open when something is up."""

    __pydantic_config__ = Strict
    driver: Literal["gpio"] = "gpio"
    grant: Pin | None = None
    emergency: Pin | None = None
    door: Pin | None = None
    debounce_seconds: Annotated[float, Field(ge=0, le=1)] = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPanelConfig:
    __pydantic_config__ = Strict
    driver: Literal["simulated"] = "simulated"


PanelConfig = Annotated[NoPanelConfig | GpioPanelConfig | SimulatedPanelConfig, Field(discriminator="driver")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReaderConfig:
    __pydantic_config__ = Strict
    driver: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvdevReaderConfig:
    """``device`` is a path such as /dev/input/by-id/usb-...-event-kbd, or vendor:product in hexadecimal. ``layout`` is
    the keyboard layout that the scanner is set to; ``auto`` finds it by the first pass. ``prefix`` and ``suffix`` are
    texts that the scanner is set to put around each code; they are taken off."""

    __pydantic_config__ = Strict
    driver: Literal["evdev"] = "evdev"
    device: Annotated[str, Field(pattern=r"^(/dev/input/.+|[0-9a-fA-F]{4}:[0-9a-fA-F]{4})$")]
    layout: Literal["auto", "us", "gb", "de", "fr", "it", "es", "jp"] = "auto"
    prefix: Annotated[str, Field(max_length=16)] = ""
    suffix: Annotated[str, Field(max_length=16)] = ""


ReaderConfig = Annotated[NoReaderConfig | EvdevReaderConfig, Field(discriminator="driver")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPlatesConfig:
    __pydantic_config__ = Strict
    driver: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class RapidOcrPlatesConfig:
    """``region`` is left, top, width and height as shares of the picture: where plates are looked for, at most every
    ``every_seconds``. A plate less sure than ``least_confidence`` is not suggested."""

    __pydantic_config__ = Strict
    driver: Literal["rapidocr"] = "rapidocr"
    region: Annotated[tuple[Share, Share, Share, Share], AfterValidator(_region)] = (0.0, 0.0, 1.0, 1.0)
    every_seconds: Annotated[float, Field(ge=0.2, le=60)] = 1.0
    least_confidence: Share = 0.3


PlatesConfig = Annotated[NoPlatesConfig | RapidOcrPlatesConfig, Field(discriminator="driver")]
