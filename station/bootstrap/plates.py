"""What suggests plates, from the configuration: one reader for all lanes, one watch for each lane that wants it."""

import time
from collections.abc import Callable, Iterable, Mapping

from station import config as cfg
from station.devices import DeviceError, load_driver
from station.domain.origin import OriginClasses
from station.domain.scan import Frame
from station.plates import DRIVERS, EXTRA, PlatesUnavailable, Reader
from station.plates.finder import PlateFinder
from station.plates.watch import Looking, PlateRounds, PlateWatch
from station.runtime import Slot

Finders = Mapping[str, PlateFinder]
"""By the driver's name."""
Wait = Callable[[float], object]


def plate_finders(lanes: Iterable[cfg.LaneConfig]) -> tuple[Finders, str]:
    """Every driver that a lane names, loaded once: a model is large.

    :return: the finders, and what is missing for the others with the remedy, empty while nothing is: a plate is then
        typed.
    """
    names = {lane.plates.driver for lane in lanes if not isinstance(lane.plates, cfg.NoPlatesConfig)}
    finders: dict[str, PlateFinder] = {}
    missing: list[str] = []
    for name in sorted(names):
        try:
            finders[name] = PlateFinder(_reader(name))
        except DeviceError as error:
            missing.append(str(error))
    return finders, "; ".join(missing)


def missing_for_plates(lanes: Iterable[cfg.LaneConfig]) -> str:
    """What is missing for the drivers that lanes name, and the remedy; empty while nothing is."""
    return plate_finders(lanes)[1]


def plate_watch(
    config: cfg.PlatesConfig,
    finders: Finders,
    frames: Slot[Frame],
    occupied: Callable[[], bool],
    origins: OriginClasses,
) -> PlateWatch | None:
    if isinstance(config, cfg.NoPlatesConfig) or config.driver not in finders:
        return None
    looking = Looking(config.region, config.every_seconds, config.least_confidence)
    return PlateWatch(looking, frames, finders[config.driver], occupied, origins, time.monotonic)


def plate_rounds(watches: Iterable[PlateWatch | None], frames: Iterable[Slot[Frame]], wait: Wait) -> PlateRounds | None:
    """None where no lane wants any."""
    wanted, slots = [watch for watch in watches if watch is not None], tuple(frames)
    if not wanted:
        return None
    return PlateRounds(wanted, lambda: any(slot.waiting for slot in slots), wait)


def _reader(name: str) -> Reader:
    try:
        reader: Reader = load_driver(DRIVERS, name, EXTRA)()
    except PlatesUnavailable as error:
        raise DeviceError(str(error)) from error
    return reader
