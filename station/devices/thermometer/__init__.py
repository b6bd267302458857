"""Temperature sensors. A lane without one is configured with ``driver = "none"`` and has no thermometer object."""

from station.devices import Drivers

DRIVERS: Drivers = (("simulated", "station.devices.thermometer.simulated:SimulatedThermometer"),)
