"""Grant button, emergency-open switch and door contact on GPIO pins, each between its pin and ground.

The button closes when it is pressed, so that a cut wire grants nothing. Switch and door contact open when the switch
is thrown or the door stands open, so that a cut wire says so.
"""

import time
from collections.abc import Callable
from typing import Final, Literal

from station.config import GpioPanelConfig
from station.devices.contacts import Contact, Contacts
from station.domain.panel import PanelChange, PanelPart

ON: Final[dict[PanelPart, Literal["high", "low"]]] = {
    PanelPart.GRANT: "low",
    PanelPart.EMERGENCY: "high",
    PanelPart.DOOR: "high",
}


class GpioPanel:
    def __init__(
        self,
        config: GpioPanelConfig,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        pins = {PanelPart.GRANT: config.grant, PanelPart.EMERGENCY: config.emergency, PanelPart.DOOR: config.door}
        lasting = (config.debounce_seconds, config.debounce_seconds)
        contacts = [Contact(part, pin, ON[part], "up", *lasting) for part, pin in pins.items() if pin is not None]
        self._contacts = Contacts("panel", contacts, clock, pause)
        self._grant_known = False

    def open(self) -> None:
        """:raises DeviceError: no such pins, or another process holds them."""
        self._grant_known = False
        self._contacts.open()

    def wait(self, timeout: float) -> PanelChange | None:
        """:raises DeviceError: not open, or the pins are lost."""
        change = self._contacts.wait(timeout)
        if change is None:
            return None
        if change.name == PanelPart.GRANT and not self._grant_known:
            self._grant_known = True  # how it stood at the beginning: a button that is stuck presses nothing
            return None
        return PanelChange(PanelPart(change.name), change.on, change.at)

    def close(self) -> None:
        self._contacts.close()
