"""A lane's parts, as ``station doctor`` finds them. The station has to be stopped: a part serves one program."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from station import config as cfg
from station.bootstrap.plates import missing_for_plates
from station.commands.aim_lines import ADVICE
from station.commands.doctor_check import Check
from station.devices import (
    Camera,
    DeviceError,
    Drivers,
    EndOfStream,
    Sensor,
    camera,
    gate,
    load_driver,
    panel,
    presence,
    reader,
    thermometer,
)
from station.domain.aim import Verdict, aim_of
from station.domain.scan import Image

WATCH = 1.0
SLOWEST = 0.5  # of the rate that was asked for
# Parts that tell by themselves; each is opened, asked once and closed.
_SENSORS: tuple[tuple[str, Drivers], ...] = (
    ("presence", presence.DRIVERS),
    ("panel", panel.DRIVERS),
    ("reader", reader.DRIVERS),
)
_WITH_THE_STATION = ("none", "simulated", "video")


def look_at_lane(lane: cfg.LaneConfig) -> Iterator[Check]:
    yield from _camera(lane)
    yield _thermometer(lane)
    yield _gate(lane)
    for family, drivers in _SENSORS:
        yield _sensor(f"{family} of lane {lane.id}", drivers, getattr(lane, family))
    yield _plates(lane)


def look_for_cameras() -> Check:
    devices = sorted(Path("/dev").glob("video*"))
    names = ", ".join(map(str, devices)) or "no /dev/video*; give --config to try the lanes' own cameras"
    return Check("cameras", True if devices else None, names)


def _camera(lane: cfg.LaneConfig) -> Iterator[Check]:
    """Open the camera, take pictures for a second, and look at the last one's light."""
    name = f"camera of lane {lane.id}"
    try:
        source: Camera = load_driver(camera.DRIVERS, lane.camera.driver)(lane.camera)
    except DeviceError as error:
        yield Check(name, False, str(error))
        return
    try:
        source.open()
        rate, image = _watch(source)
    except (DeviceError, EndOfStream) as error:
        yield Check(name, False, str(error) or "the file has no pictures")
        return
    finally:
        source.close()
    yield _rate(name, lane.camera, rate, image)
    yield _light(f"light of lane {lane.id}", image)


def _watch(source: Camera) -> tuple[float, Image]:
    image, _ = source.grab()
    pictures, began = 0, time.monotonic()
    while (taken := time.monotonic() - began) < WATCH:
        image, _ = source.grab()
        pictures += 1
    return pictures / taken, image


def _rate(name: str, config: cfg.CameraConfig, rate: float, image: Image) -> Check:
    found = f"{config.driver}, {image.shape[1]}x{image.shape[0]}, {rate:.1f} pictures a second"
    wanted = getattr(config, "fps", 0.0)
    if rate < wanted * SLOWEST:
        remedy = f"{wanted:g} are asked for: more light, another USB port, or a smaller size"
        return Check(name, False, found, remedy)
    return Check(name, True, found)


def _light(name: str, image: Image) -> Check:
    aim = aim_of(image)
    light = aim.frame
    found = f"{aim.light}: mean {light.mean:.0f} of 255, burnt {light.burnt:.0%}, black {light.black:.0%}"
    if aim.light is Verdict.BAD:
        return Check(name, False, found, "; ".join(ADVICE[advice] for advice in aim.advice))
    return Check(name, True, found)


def _thermometer(lane: cfg.LaneConfig) -> Check:
    name = f"thermometer of lane {lane.id}"
    if lane.thermometer.driver == "none":
        return Check(name, None, "none")
    try:
        sensor: Any = load_driver(thermometer.DRIVERS, lane.thermometer.driver)(lane.thermometer)
        try:
            degrees = sensor.read()
        finally:
            sensor.close()
    except DeviceError as error:
        return Check(name, False, str(error))
    return Check(name, True, f"{lane.thermometer.driver}, {'nobody before it' if degrees is None else f'{degrees} °C'}")


def _gate(lane: cfg.LaneConfig) -> Check:
    """The pins are taken for a moment and given back; nothing moves."""
    name = f"gate of lane {lane.id}"
    if lane.gate.driver == "none":
        return Check(name, None, "none")
    try:
        load_driver(gate.DRIVERS, lane.gate.driver)(lane.gate).close()
    except DeviceError as error:
        return Check(name, False, str(error))
    return Check(name, True, f"{lane.gate.driver}, its pins are free")


def _plates(lane: cfg.LaneConfig) -> Check:
    name, driver = f"plates of lane {lane.id}", lane.plates.driver
    if driver == "none":
        return Check(name, None, "none")
    missing = missing_for_plates([lane])
    return Check(name, not missing, missing or f"{driver}, its model loads")


def _sensor(name: str, drivers: Drivers, config: Any) -> Check:
    if config.driver in _WITH_THE_STATION:
        return Check(name, None, config.driver)
    try:
        sensor: Sensor[object] = load_driver(drivers, config.driver)(config)
        sensor.open()
        sensor.close()
    except DeviceError as error:
        return Check(name, False, str(error))
    return Check(name, True, f"{config.driver} opens")
