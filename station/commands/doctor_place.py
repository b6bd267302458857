"""Where the station stands in the district's tree, as ``station doctor`` finds it said."""

from station.bootstrap.place import place_fault, placed
from station.commands.doctor_check import Check
from station.config import StationConfig


def look_at_place(config: StationConfig) -> Check:
    levels = "/".join(placed(config).station.levels)
    fault = place_fault(config)
    return Check("level", not fault, levels, fault)
