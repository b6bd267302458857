"""Barrier relays, lamps and buzzer on GPIO pins, through gpiozero (libgpiod beneath, mock pins in tests)."""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

from gpiozero import LED, Button, Buzzer, DigitalOutputDevice

from station.config import GpioGateConfig
from station.devices import BarrierStuck, DeviceError
from station.devices.gate.arm import Arm
from station.devices.pins import pin_errors, pin_factory
from station.domain.decision import Outcome

# Seconds of sound and of silence, and how often: one long for granted, two short for held, four for denied.
BEEPS = {Outcome.GRANTED: (0.3, 0.1, 1), Outcome.HELD: (0.1, 0.1, 2), Outcome.DENIED: (0.1, 0.1, 4)}
BLINK = 0.4
PINS = "gate pins"


class GpioGate:
    """Granted: the barrier opens and green. Denied: red. Held: amber blinks, or red where there is no amber, so that
    it is not told by colour alone. Green goes out when the arm is lowered."""

    def __init__(self, config: GpioGateConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._pulse = config.pulse_seconds
        self._level = config.relay == "level"
        self._clock = clock
        self._arm = Arm(config.open_seconds, config.moves_within, self._level or config.lower is not None)
        self._parts: list[Any] = []
        self._factory = pin_factory()
        try:
            with pin_errors(PINS):
                self._barrier = self._own(DigitalOutputDevice, config.barrier)
                self._green = self._own(LED, config.green)
                self._red = self._own(LED, config.red)
                self._amber = self._red if config.amber is None else self._own(LED, config.amber)
                self._buzzer = self._own(Buzzer, config.buzzer)
                self._lower = self._own(DigitalOutputDevice, config.lower)
                self._feedback = self._own(Button, config.feedback)
        except DeviceError:
            with suppress(DeviceError):  # what was wrong with the pins is told, not what follows of it
                self.close()
            raise

    def _own(self, kind: Callable[..., Any], pin: int | None) -> Any:
        """The part on a pin, None where it is not wired."""
        if pin is None:
            return None
        part = kind(pin, pin_factory=self._factory)
        self._parts.append(part)
        return part

    def show(self, outcome: Outcome) -> None:
        """:raises DeviceError: the pins are lost."""
        with pin_errors(PINS):
            self._light(outcome)
            if outcome is Outcome.GRANTED:
                self._raise()
                self._arm.raised(self._clock())
            else:
                self._arm.stop_next(self._clock())

    def keep(self, occupied: bool) -> None:
        """:raises BarrierStuck: the arm's switch says it does not follow. :raises DeviceError: the pins are lost."""
        now = self._clock()
        with pin_errors(PINS):
            for part in self._parts:
                part.value  # noqa: B018 - read back: lamps that blink lose their pin where nobody hears it
            if self._arm.lowers(occupied, now):
                self._lower_arm()
            trouble = "" if self._feedback is None else self._arm.trouble(self._feedback.is_pressed, now)
        if trouble:
            raise BarrierStuck(f"barrier: {trouble}; check its power, its relay and the switch that feels the arm")

    def hold_open(self) -> None:
        """:raises DeviceError: the pins are lost."""
        with pin_errors(PINS):
            self._dark()
            self._green.on()
            self._raise()
        self._arm.hold(self._clock())

    def release(self) -> None:
        self._arm.release(self._clock())

    def close(self) -> None:
        """Free the pins, each whatever becomes of the others. :raises DeviceError: a pin is not freed."""
        parts, self._parts = self._parts, []
        with pin_errors(PINS), ExitStack() as closing:
            for part in parts:
                closing.callback(part.close)

    def _raise(self) -> None:
        if self._level:
            self._barrier.on()
        else:
            self._barrier.blink(on_time=self._pulse, off_time=0, n=1)

    def _lower_arm(self) -> None:
        self._green.off()
        if self._level:
            self._barrier.off()
        elif self._lower is not None:
            self._barrier.off()
            self._lower.blink(on_time=self._pulse, off_time=0, n=1)

    def _light(self, outcome: Outcome) -> None:
        self._dark()
        match outcome:
            case Outcome.GRANTED:
                self._green.on()
            case Outcome.HELD:
                self._amber.blink(on_time=BLINK, off_time=BLINK)
            case Outcome.DENIED:
                self._red.on()
        if self._buzzer is not None:
            on, off, count = BEEPS[outcome]
            self._buzzer.beep(on_time=on, off_time=off, n=count)

    def _dark(self) -> None:
        for lamp in (self._green, self._amber, self._red):
            lamp.off()
