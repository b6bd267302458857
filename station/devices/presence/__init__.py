"""What says that something is crossing. A lane without one is configured with ``driver = "none"``."""

from station.devices import Drivers

DRIVERS: Drivers = (
    ("gpio", "station.devices.presence.gpio:GpioPresence"),
    ("video", "station.devices.presence.video:VideoPresence"),
    ("simulated", "station.devices.presence.simulated:SimulatedPresence"),
)
