"""What ``station doctor`` finds of a machine whose station runs: nothing that its threads hold is opened."""

from pathlib import Path

from station.commands.doctor_keys import look_at_keys
from station.commands.doctor_machine import look_at_machine
from station.commands.doctor_storage import look_at_storage
from station.commands.doctor_uplink import look_at_certificates
from station.config import StationConfig
from station.domain.condition import Part, PartView

# Cameras, sensors, clock, hub, lists, room and supply the touchscreen knows from the station itself.
_PARTS = {
    "temperature": Part.TEMPERATURE,
    "battery-backed clock": Part.BATTERY_CLOCK,
    "disk health": Part.DISK_HEALTH,
    "disk wear": Part.DISK_WEAR,
    "trusted keys": Part.KEYS,
    "authority's certificate": Part.AUTHORITY,
    "station's certificate": Part.CERTIFICATE,
}


def look_beside(config: StationConfig, root: Path = Path("/")) -> list[PartView]:
    checks = [*look_at_machine(root), *look_at_storage(Path(config.station.data_dir), root)]
    checks.append(look_at_keys(config.station))
    if config.uplink is not None:
        checks += look_at_certificates(config.uplink, config.station.id)
    return [
        PartView(_PARTS[check.name], check.ok, check.condition, check.values)
        for check in checks
        if check.name in _PARTS and check.condition is not None
    ]
