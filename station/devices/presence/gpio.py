"""A light beam or an induction loop's relay on a GPIO pin; two of them tell the direction."""

import time
from collections import deque
from collections.abc import Callable

from station.config import GpioPresenceConfig
from station.devices.contacts import Change, Contact, Contacts
from station.devices.presence.headings import FIRST, SECOND, Headings
from station.domain.crossings import Sighting


class GpioPresence:
    """A break shorter than ``debounce_seconds`` is an insect, a gap shorter than ``gap_seconds`` a drawbar."""

    def __init__(
        self,
        config: GpioPresenceConfig,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        pins = {FIRST: config.pin, SECOND: config.second_pin}
        contacts = [
            Contact(name, pin, config.broken, config.pull, config.debounce_seconds, config.gap_seconds)
            for name, pin in pins.items()
            if pin is not None
        ]
        numbers = " and ".join(str(contact.pin) for contact in contacts)
        self._contacts = Contacts(f"presence sensor on pin {numbers}", contacts, clock, pause)
        self._two = len(contacts) == len(pins)
        self._headings = Headings()
        self._told: deque[Sighting] = deque()

    def open(self) -> None:
        """:raises DeviceError: no such pins, or another process holds them."""
        self._headings = Headings()
        self._told.clear()
        self._contacts.open()

    def wait(self, timeout: float) -> Sighting | None:
        """:raises DeviceError: not open, or the pins are lost."""
        if not self._told:
            change = self._contacts.wait(timeout)
            if change is not None:
                self._told.extend(self._sightings(change))
        return self._told.popleft() if self._told else None

    def _sightings(self, change: Change) -> list[Sighting]:
        if self._two:
            return list(self._headings.see(change.name, change.on, change.at))
        return [Sighting(change.on, change.at)]

    def close(self) -> None:
        self._contacts.close()
