"""A clock moved by hand on which things happen at their second: edges on mock pins without a real wait."""

from collections.abc import Callable

from gpiozero.pins.mock import MockFactory


class Played:
    """``clock`` and ``pause`` go into a driver; what was put ``at`` a second happens while the driver waits for it."""

    def __init__(self) -> None:
        self.now = 0.0
        self._script: list[tuple[float, Callable[[], object]]] = []

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        until = self.now + max(seconds, 1e-4)
        if self._script and self._script[0][0] <= until:
            until, happens = self._script.pop(0)
            happens()
        self.now = max(self.now, until)

    def at(self, second: float, happens: Callable[[], object]) -> None:
        self._script.append((second, happens))
        self._script.sort(key=lambda item: item[0])

    def levels(self, pins: MockFactory, number: int, changes: dict[float, bool]) -> None:
        """The level of a pin from each second on."""
        for second, level in changes.items():
            pin = pins.pin(number)
            self.at(second, pin.drive_high if level else pin.drive_low)
