"""Presence sensor, panel and hand scanner of a lane, from its configuration."""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from station import config as cfg
from station.devices import DeviceError, Panel, Presence, Reader, load_driver, panel, presence, reader
from station.devices.clock import since_boot
from station.devices.missing import made_or_missing
from station.devices.worker import Lost, SensorWorker
from station.domain.crossings import SensorLost, Sighting
from station.domain.lane_faults import LaneFault
from station.domain.panel import PanelChange
from station.domain.scan import Frame
from station.runtime import Slot
from station.scanning.hand import HandScanner


@dataclass(frozen=True, slots=True)
class LaneSensors:
    """The lane's parts that tell by themselves, by name; only those it has. All stamp with the time since boot, which
    decisions are stamped with as well. ``watched`` wants the camera's frames, where presence is by video."""

    workers: Mapping[str, SensorWorker[Any]]
    watched: Slot[Frame] | None

    def lost(self) -> tuple[LaneFault, ...]:
        return tuple(LaneFault(f"{part}_lost") for part, worker in self.workers.items() if worker.fault)

    def close(self, hanging: Collection[str]) -> None:
        """But not those whose worker hangs in them."""
        for part, worker in self.workers.items():
            if part not in hanging:
                with suppress(DeviceError):  # the process ends, and with it what it holds
                    worker.close()


def lane_sensors(
    config: cfg.LaneConfig,
    tell: Callable[[Sighting | SensorLost | PanelChange], object],
    hand: HandScanner,
) -> LaneSensors:
    """:param tell: puts into the lane's inbox, and may wait."""

    def saw(told: Sighting | Lost) -> None:
        tell(SensorLost(told.at) if isinstance(told, Lost) else told)

    def touched(told: PanelChange | Lost) -> None:
        if not isinstance(told, Lost):  # the worker's fault says it on the screen
            tell(told)

    def read(told: str | Lost) -> None:
        if not isinstance(told, Lost):
            hand.read(told)

    workers: dict[str, SensorWorker[Any]] = {}
    watched = Slot[Frame]() if isinstance(config.presence, cfg.VideoPresenceConfig) else None
    if not isinstance(config.presence, cfg.NoPresenceConfig):
        beam: Presence = made_or_missing(f"presence {config.id}", lambda: _presence(config.presence, watched))
        workers["presence"] = SensorWorker(beam, saw, since_boot, name=f"presence {config.id}")
    if not isinstance(config.panel, cfg.NoPanelConfig):
        buttons: Panel = made_or_missing(
            f"panel {config.id}", lambda: load_driver(panel.DRIVERS, config.panel.driver)(config.panel, since_boot)
        )
        workers["panel"] = SensorWorker(buttons, touched, since_boot, name=f"panel {config.id}")
    if not isinstance(config.reader, cfg.NoReaderConfig):
        scanner: Reader = made_or_missing(
            f"reader {config.id}", lambda: load_driver(reader.DRIVERS, config.reader.driver)(config.reader)
        )
        workers["reader"] = SensorWorker(scanner, read, since_boot, name=f"reader {config.id}")
    return LaneSensors(workers, watched)


def _presence(config: cfg.PresenceConfig, watched: Slot[Frame] | None) -> Presence:
    driver = load_driver(presence.DRIVERS, config.driver)
    sensor: Presence = (
        driver(config, since_boot)
        if watched is None
        else driver(config, lambda timeout: _taken(watched, timeout), since_boot)
    )
    return sensor


def _taken(frames: Slot[Frame], timeout: float) -> Frame | None:
    """Frames are stamped by the runtime's clock, which stands still while the machine sleeps."""
    frame = frames.take(timeout)
    return None if frame is None else replace(frame, captured=frame.captured + since_boot() - time.monotonic())
