"""Everything that belongs to one lane, from camera to gate, made from its configuration."""

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass

from station import config as cfg
from station.bootstrap.aiming import bracketing
from station.bootstrap.eyes import lane_eyes
from station.bootstrap.lane_settings import lane_settings
from station.bootstrap.plates import Finders, plate_watch
from station.bootstrap.sensors import LaneSensors, lane_sensors
from station.devices import Camera, Clock, DeviceError, Gate, Thermometer, camera, gate, load_driver, thermometer
from station.devices.camera.worker import CameraWorker
from station.devices.gate.reopening import ReopeningGate
from station.devices.missing import made_or_missing
from station.devices.thermometer.reopening import ReopeningThermometer
from station.domain.lane import LaneSettings
from station.domain.scan import Frame
from station.feed import Feed
from station.lane import BadgeDesk, Lane, Told
from station.ledger import Ledger
from station.lists import Lists
from station.plates.watch import PlateWatch
from station.runtime import Slot, put_until
from station.scanning.guard import RepeatGuard
from station.scanning.hand import HandScanner
from station.scanning.reader import LiveReader
from station.scanning.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Shared:
    """What the lanes of a station have in common. ``stopped``: the station is ending, so nobody waits any more."""

    config: cfg.StationConfig
    guard: RepeatGuard
    lists: Lists
    ledger: Ledger
    clock: Clock
    feed: Feed
    badge_desk: BadgeDesk
    finders: Finders
    stopped: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class LaneParts:
    settings: LaneSettings
    frames: Slot[Frame]
    camera: CameraWorker
    scanner: Scanner
    gate: Gate
    thermometer: Thermometer | None
    sensors: LaneSensors
    plates: PlateWatch | None
    lane: Lane

    def close(self, hanging: Collection[str]) -> None:
        """:param hanging: workers that did not end. What they hold goes with the process: a driver is not to be touched
        by two threads."""
        lane = self.settings.lane
        if f"camera {lane}" not in hanging:
            self.camera.close()
        self.sensors.close({part for part in self.sensors.workers if f"{part} {lane}" in hanging})
        with suppress(DeviceError):  # the process ends, and with it what it holds
            self.gate.close()
        if self.thermometer is not None:
            with suppress(DeviceError):
                self.thermometer.close()


def lane_parts(shared: Shared, config: cfg.LaneConfig) -> LaneParts:
    """A part that cannot be made is lost from the beginning, and the lane works without it."""

    def tell(told: Told) -> bool:
        """A full inbox makes the scan thread or the sensor's wait: what was presented or seen is never dropped."""
        return put_until(lane.inbox, told, shared.stopped)

    frames: Slot[Frame] = Slot()
    hand = HandScanner(config.id, shared.guard, tell, shared.clock.now, time.monotonic)
    sensors = lane_sensors(config, tell, hand)
    reader = LiveReader(second_reader=shared.config.scanning.second_reader)
    scanner = Scanner(config.id, frames, reader, shared.guard, tell, shared.clock.now, time.monotonic)
    worker = _camera(config, scanner, frames, sensors.watched)
    settings = lane_settings(shared.config, config)
    lane_gate = _gate(config)
    sensor = _thermometer(config.id, config.thermometer)
    plates = plate_watch(config.plates, shared.finders, frames, lambda: lane.occupied, settings.origins)
    lane = Lane(
        settings,
        shared.lists.trust,
        shared.lists.hits,
        shared.ledger,
        lane_gate,
        sensor,
        shared.clock,
        shared.feed,
        lane_eyes(worker, scanner, hand, sensors, plates),
        shared.badge_desk,
    )
    return LaneParts(settings, frames, worker, scanner, lane_gate, sensor, sensors, plates, lane)


def _camera(config: cfg.LaneConfig, scanner: Scanner, frames: Slot[Frame], watched: Slot[Frame] | None) -> CameraWorker:
    driver: Camera = made_or_missing(
        f"camera {config.id}", lambda: load_driver(camera.DRIVERS, config.camera.driver)(config.camera)
    )
    exposure = bracketing(config.camera, driver, lambda: scanner.last, time.monotonic)
    take = frames.put if watched is None else _to_both(frames, watched)
    return CameraWorker(config.id, driver, take, bracketing=exposure)


def _to_both(first: Slot[Frame], second: Slot[Frame]) -> Callable[[Frame], None]:
    def put(frame: Frame) -> None:
        first.put(frame)
        second.put(frame)

    return put


def _gate(config: cfg.LaneConfig) -> Gate:
    reopening = ReopeningGate(
        f"gate {config.id}", lambda: load_driver(gate.DRIVERS, config.gate.driver)(config.gate), time.monotonic
    )
    with suppress(DeviceError):  # it has said so in the journal, and the lane tells it on the screen
        reopening.open()
    return reopening


def _thermometer(lane: str, config: cfg.ThermometerConfig) -> Thermometer | None:
    if isinstance(config, cfg.NoThermometerConfig):
        return None
    return ReopeningThermometer(
        made_or_missing(f"thermometer {lane}", lambda: load_driver(thermometer.DRIVERS, config.driver)(config)),
        name=f"thermometer {lane}",
    )
