"""Where a station stands in the district's tree: as its certificate says, and else as its configuration does."""

from dataclasses import replace
from pathlib import Path

from station import config as cfg
from station.domain.levels import SEPARATOR
from station.enrolment.certified import levels_of_file


def placed(config: cfg.StationConfig) -> cfg.StationConfig:
    """The configuration, at the levels that the district certified. A certificate from before there were any names
    none; then the configuration's own hold."""
    levels = _certified(config)
    return replace(config, station=replace(config.station, levels=levels)) if levels else config


def place_fault(config: cfg.StationConfig) -> str:
    """What the configuration says otherwise than the certificate; empty where they agree."""
    certified, said = _certified(config), config.station.levels
    if not certified or certified == said:
        return ""
    return (
        f"station.levels says {SEPARATOR.join(said)}; the certificate says {SEPARATOR.join(certified)}, which holds: "
        "write that, or have the hub enrol it again"
    )


def _certified(config: cfg.StationConfig) -> tuple[str, ...]:
    return levels_of_file(Path(config.uplink.cert)) if config.uplink and config.uplink.cert else ()
