"""Barrier, lamp and buzzer."""

from station.devices import Drivers

DRIVERS: Drivers = (
    ("none", "station.devices.gate.none:NoGate"),
    ("simulated", "station.devices.gate.simulated:SimulatedGate"),
    ("gpio", "station.devices.gate.gpio:GpioGate"),
)
