"""Barrier relay, lamps and buzzer on GPIO pins, through gpiozero (pin factory lgpio on a Pi, mock in tests)."""

from typing import Any

from gpiozero import LED, Buzzer, DigitalOutputDevice, GPIOZeroError

from station.config import GpioGateConfig
from station.devices import DeviceError
from station.domain.decision import Outcome

# Seconds of sound and of silence, and how often: one long for granted, two short for held, four for denied.
BEEPS = {Outcome.GRANTED: (0.3, 0.1, 1), Outcome.HELD: (0.1, 0.1, 2), Outcome.DENIED: (0.1, 0.1, 4)}
BLINK = 0.4


class GpioGate:
    """Granted: barrier pulse and green. Denied: red. Held: red blinks, so that it is not told by colour alone."""

    def __init__(self, config: GpioGateConfig) -> None:
        self._pulse = config.open_seconds
        self._parts: list[Any] = []
        try:
            self._barrier = self._own(DigitalOutputDevice(config.barrier))
            self._green = self._own(LED(config.green))
            self._red = self._own(LED(config.red))
            self._buzzer = self._own(Buzzer(config.buzzer)) if config.buzzer is not None else None
        except GPIOZeroError as error:
            self.close()
            raise DeviceError(f"gate pins: {error}; check the numbers and that no other process holds them") from error

    def _own(self, part: Any) -> Any:
        self._parts.append(part)
        return part

    def show(self, outcome: Outcome) -> None:
        try:
            self._show(outcome)
        except GPIOZeroError as error:
            raise DeviceError(f"gate pins: {error}; check the wiring and that no other process holds them") from error

    def _show(self, outcome: Outcome) -> None:
        self._green.off()
        self._red.off()
        match outcome:
            case Outcome.GRANTED:
                self._green.on()
                self._barrier.blink(on_time=self._pulse, off_time=0, n=1)
            case Outcome.HELD:
                self._red.blink(on_time=BLINK, off_time=BLINK)
            case Outcome.DENIED:
                self._red.on()
        if self._buzzer is not None:
            on, off, count = BEEPS[outcome]
            self._buzzer.beep(on_time=on, off_time=off, n=count)

    def close(self) -> None:
        for part in self._parts:
            part.close()
