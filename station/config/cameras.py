"""Every camera driver's table."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from station.config.values import ExposureBy, Rate, Size, Strict


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
    url: Annotated[str, Field(pattern=r"^(rtsps?|https?)://", max_length=2000)]
    user: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=200)] = ""


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
