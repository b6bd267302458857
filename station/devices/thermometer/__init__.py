"""Temperature sensors. A lane without one is configured with ``driver = "none"`` and has no thermometer object."""

from station.devices import Drivers

DRIVERS: Drivers = (
    ("mlx90614", "station.devices.thermometer.mlx90614:Mlx90614"),
    ("amg8833", "station.devices.thermometer.amg8833:Amg8833"),
    ("serial", "station.devices.thermometer.serial:SerialThermometer"),
    ("http", "station.devices.thermometer.http:HttpThermometer"),
    ("simulated", "station.devices.thermometer.simulated:SimulatedThermometer"),
)
