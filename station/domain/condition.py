"""What ``station doctor`` says of the machine, in words that a screen translates."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What was looked at; the disk's room, the supply and the clock are told with the station (StationView)."""

    TEMPERATURE = "temperature"
    BATTERY_CLOCK = "battery_clock"
    DISK_HEALTH = "disk_health"
    DISK_WEAR = "disk_wear"
    KEYS = "keys"
    AUTHORITY = "authority"
    CERTIFICATE = "certificate"


class Condition(StrEnum):
    """How it is. The values that belong in its text are named in braces in the translations."""

    TEMPERATURE_GOOD = "temperature.good"
    TEMPERATURE_HOT = "temperature.hot"
    TEMPERATURE_UNKNOWN = "temperature.unknown"
    BATTERY_CLOCK_THERE = "battery_clock.there"
    BATTERY_CLOCK_NONE = "battery_clock.none"
    DISK_HEALTH_GOOD = "disk_health.good"
    DISK_HEALTH_ERRORS = "disk_health.errors"
    DISK_HEALTH_UNKNOWN = "disk_health.unknown"
    DISK_WEAR_GOOD = "disk_wear.good"
    DISK_WEAR_WORN = "disk_wear.worn"
    DISK_WEAR_UNKNOWN = "disk_wear.unknown"
    KEYS_THERE = "keys.there"
    KEYS_NONE = "keys.none"
    KEYS_UNREADABLE = "keys.unreadable"
    KEYS_EXPIRED = "keys.expired"
    CERTIFICATE_GOOD = "certificate.good"
    CERTIFICATE_ENDING = "certificate.ending"
    CERTIFICATE_EXPIRED = "certificate.expired"
    CERTIFICATE_NOT_YET = "certificate.not_yet"
    CERTIFICATE_UNREADABLE = "certificate.unreadable"
    CERTIFICATE_OF_ANOTHER = "certificate.of_another"


@dataclass(frozen=True, slots=True)
class PartView:
    """``well`` None: not there, and that is a normal state."""

    part: Part
    well: bool | None
    condition: Condition
    values: Mapping[str, str | int]
