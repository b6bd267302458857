"""Hand-held scanners. A lane without one is configured with ``driver = "none"``."""

from station.devices import Drivers

DRIVERS: Drivers = (("evdev", "station.devices.reader.evdev:EvdevReader"),)
