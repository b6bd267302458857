"""Contacts on GPIO pins, debounced: a beam, a loop's relay, a button, a door."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Literal

from gpiozero import DigitalInputDevice

from station.devices import DeviceError
from station.devices.pins import pin_errors, pin_factory
from station.devices.steady import Steady

LOOK_AGAIN = 0.2
"""Seconds after which the pins are read even if no edge was told, so that a missed one does not stay missed."""


@dataclass(frozen=True, slots=True)
class Contact:
    """``on`` is the level that counts as on. A change counts once it has lasted ``rises`` or ``falls`` seconds."""

    name: str
    pin: int
    on: Literal["high", "low"] = "low"
    pull: Literal["up", "down", "none"] = "up"
    rises: float = 0.05
    falls: float = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """``at`` is when the change began. The first change of a contact after opening says how it stands."""

    name: str
    on: bool
    at: float


class Contacts:
    """Several contacts, read whenever one of them tells an edge."""

    def __init__(
        self,
        part: str,
        contacts: Sequence[Contact],
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        """:param pause: waits so many seconds or until an edge, by ``clock``."""
        self._part = part
        self._contacts = contacts
        self._clock = clock
        self._edge = threading.Event()
        self._pause = pause or self._edge.wait
        self._watched: list[tuple[Contact, Any, Steady]] = []

    def open(self) -> None:
        """:raises DeviceError: no such pins, or another process holds them."""
        self.close()
        factory = pin_factory()
        try:
            with pin_errors(self._part):
                for contact in self._contacts:
                    self._watch(contact, factory)
        except DeviceError:
            self.close()
            raise

    def _watch(self, contact: Contact, factory: Any) -> None:
        pull = {"up": True, "down": False, "none": None}[contact.pull]
        active = True if pull is None else None
        device = DigitalInputDevice(contact.pin, pull_up=pull, active_state=active, pin_factory=factory)
        self._watched.append((contact, device, Steady(contact.rises, contact.falls)))
        device.when_activated = device.when_deactivated = self._edge.set

    def wait(self, timeout: float) -> Change | None:
        """The next change, None when none came in time. :raises DeviceError: not open, or the pins are lost."""
        if not self._watched:
            raise DeviceError(f"{self._part}: is not open")
        end = self._clock() + timeout
        while True:
            self._edge.clear()
            now = self._clock()
            change = self._seen(now)
            if change is not None or now >= end:
                return change
            due = [steady.due() for _, _, steady in self._watched]
            self._pause(min(end, now + LOOK_AGAIN, *(at for at in due if at is not None)) - now)

    def _seen(self, now: float) -> Change | None:
        with pin_errors(self._part):
            for contact, device, steady in self._watched:
                since = steady.see(_is_on(contact, device), now)
                if since is not None:
                    return Change(contact.name, bool(steady.on), since)
        return None

    def close(self) -> None:
        """Free the pins, each whatever becomes of the others. Closing closed contacts is harmless.

        :raises DeviceError: a pin is not freed.
        """
        watched, self._watched = self._watched, []
        with pin_errors(self._part), ExitStack() as closing:
            for _, device, _ in watched:
                closing.callback(device.close)


def _is_on(contact: Contact, device: Any) -> bool:
    return bool(device.pin.state) is (contact.on == "high")
