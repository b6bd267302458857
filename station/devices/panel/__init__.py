"""What hands and doors tell: a button that grants, an emergency-open switch, the enclosure's door contact."""

from station.devices import Drivers

DRIVERS: Drivers = (
    ("gpio", "station.devices.panel.gpio:GpioPanel"),
    ("simulated", "station.devices.panel.simulated:SimulatedPanel"),
)
