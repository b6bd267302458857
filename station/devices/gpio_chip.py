"""A pin factory of gpiozero over libgpiod, for the kernel's GPIO character device (``linux/gpio.h``).

libgpiod is the kernel developers' own library and has wheels for every Python and machine; lgpio has none for
Python 3.13 and is in no Debian. Whatever the kernel refuses comes out as gpiozero's ``PinError``: a line that another
program holds, a chip that is not there, and one that went away.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import gpiod
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero.exc import PinError, PinInvalidFunction, PinInvalidPull, PinSetInput, PinUnknownPi
from gpiozero.pins.local import LocalPiFactory, LocalPiPin
from gpiozero.threads import GPIOThread

CONSUMER: Final = "checkpoint-station"
HEADER_LABELS: Final = ("pinctrl-rp1", "pinctrl-bcm2712", "pinctrl-bcm2711", "pinctrl-bcm2835")
"""What the kernel calls the chips of the 40 pins: on a Pi 5, a Pi 4, and those before. The chips' numbers depend on the
kernel: the Pi 5's was gpiochip4 and is gpiochip0."""
NAMED_CHIP: Final = "dev/gpio-header"
"""Where a udev rule names the chip of a machine that is no Raspberry Pi."""
PI_4_REVISION: Final = 0xC03111
"""On another machine a pin's number is the line's number on its chip; gpiozero checks it against a Pi 4's header."""
EDGE_WAIT_S: Final = 0.2
END_TIMEOUT_S: Final = 1.0
MAX_EDGES: Final = 64

BIAS: Final = {"up": Bias.PULL_UP, "down": Bias.PULL_DOWN, "floating": Bias.DISABLED}
EDGES: Final = {"both": Edge.BOTH, "rising": Edge.RISING, "falling": Edge.FALLING}

RequestLines = Callable[..., gpiod.LineRequest]


def header_chip(root: Path = Path("/")) -> Path:
    """The chip of the header's pins: the one that a udev rule names, else a Raspberry Pi's by its label.

    :raises OSError: there is none, or this user may not open it.
    """
    named = root / NAMED_CHIP
    if named.exists():
        return named
    found = dict(_labelled(sorted(root.glob("dev/gpiochip*"))))
    for label in HEADER_LABELS:
        if label in found:
            return found[label]
    raise FileNotFoundError(2, f"no chip of the header's pins; the chips here: {', '.join(found) or 'none'}")


def _labelled(chips: list[Path]) -> Iterator[tuple[str, Path]]:
    for path in chips:
        if gpiod.is_gpiochip_device(str(path)):
            with gpiod.Chip(str(path)) as chip:
                yield chip.get_info().label, path


class GpioChipFactory(LocalPiFactory):  # type: ignore[misc]  # gpiozero has no types
    """The chip is looked for whenever a pin is taken, as one that comes back may have another number."""

    def __init__(
        self, find_chip: Callable[[], Path] = header_chip, request_lines: RequestLines = gpiod.request_lines
    ) -> None:
        """:raises PinError: there is no such chip."""
        super().__init__()
        # gpiozero's own factories share these between them, for programs that mix them.
        self.pins: dict[Any, GpioChipPin] = {}
        self._reservations: defaultdict[str, list[Any]] = defaultdict(list)
        self.pin_class = GpioChipPin
        self._find_chip = find_chip
        self._request_lines = request_lines
        try:
            find_chip()
        except OSError as error:
            raise PinError(error.strerror or str(error)) from error

    def request(self, line: int, settings: gpiod.LineSettings) -> gpiod.LineRequest:
        """:raises OSError: the chip is not there, or another program holds the line."""
        return self._request_lines(str(self._find_chip()), consumer=CONSUMER, config={line: settings})

    def _get_revision(self) -> int:
        try:
            return int(super()._get_revision())
        except (PinUnknownPi, OSError):
            return PI_4_REVISION


class GpioChipPin(LocalPiPin):  # type: ignore[misc]
    """One line. It is taken when its function is set, and given back when it is closed."""

    def __init__(self, factory: GpioChipFactory, info: Any) -> None:
        super().__init__(factory, info)
        self._request: gpiod.LineRequest | None = None
        self._settings = gpiod.LineSettings()
        self._watched_edges = "both"
        self._watch: _EdgeWatch | None = None

    def close(self) -> None:
        """The line is an input again, so that a relay on it lets go; closing a line whose chip is gone is harmless."""
        self.when_changed = None
        request, self._request = self._request, None
        self._settings = gpiod.LineSettings()
        if request is None:
            return
        try:
            request.reconfigure_lines({self._number: gpiod.LineSettings(direction=Direction.INPUT)})
        except OSError:
            pass  # the chip is gone, and its lines with it
        finally:
            request.release()

    def output_with_state(self, state: Any) -> None:
        """At once at its level: a barrier's relay never flickers."""
        level = Value.ACTIVE if state else Value.INACTIVE
        self._configure(gpiod.LineSettings(direction=Direction.OUTPUT, output_value=level))

    def input_with_pull(self, pull: str) -> None:
        self._configure(gpiod.LineSettings(direction=Direction.INPUT, bias=_bias(self, pull)))

    def _configure(self, settings: gpiod.LineSettings) -> None:
        try:
            if self._request is None:
                self._request = self.factory.request(self._number, settings)
            else:
                self._request.reconfigure_lines({self._number: settings})
        except (OSError, ValueError) as error:
            raise self._trouble(error) from error
        self._settings = settings

    def _taken(self) -> gpiod.LineRequest:
        if self._request is None:
            self._configure(gpiod.LineSettings(direction=Direction.INPUT))
        assert self._request is not None
        return self._request

    def _trouble(self, error: Exception) -> PinError:
        why = getattr(error, "strerror", None) or str(error)
        return PinError(f"{self!r}: {why}")

    def _get_function(self) -> str:
        return "output" if self._settings.direction is Direction.OUTPUT else "input"

    def _set_function(self, value: str) -> None:
        match value:
            case "input":
                self._configure(gpiod.LineSettings(direction=Direction.INPUT))
            case "output":
                self.output_with_state(False)
            case _:
                raise PinInvalidFunction(f"invalid function {value!r} for pin {self!r}")

    def _get_state(self) -> bool:
        try:
            return self._taken().get_value(self._number) is Value.ACTIVE
        except OSError as error:
            raise self._trouble(error) from error

    def _set_state(self, value: Any) -> None:
        if self._get_function() == "input":
            raise PinSetInput(f"cannot set state of pin {self!r}")
        try:
            self._taken().set_value(self._number, Value.ACTIVE if value else Value.INACTIVE)
        except OSError as error:
            if isinstance(threading.current_thread(), GPIOThread):
                return  # nobody hears a thread that blinks: whoever reads the line next hears it
            raise self._trouble(error) from error

    def _get_pull(self) -> str:
        return next((pull for pull, bias in BIAS.items() if bias is self._settings.bias), "floating")

    def _set_pull(self, value: str) -> None:
        self._configure(gpiod.LineSettings(direction=Direction.INPUT, bias=_bias(self, value)))

    def _get_bounce(self) -> None:
        return None

    def _set_bounce(self, value: float | None) -> None:
        """Contacts are debounced by ``station.devices.contacts``."""

    def _get_edges(self) -> str:
        return self._watched_edges

    def _set_edges(self, value: str) -> None:
        self._watched_edges = value

    def _enable_event_detect(self) -> None:
        settings = gpiod.LineSettings(
            direction=Direction.INPUT, bias=self._settings.bias, edge_detection=EDGES[self._watched_edges]
        )
        self._configure(settings)
        self._watch = _EdgeWatch(self._taken(), self._call_when_changed)

    def _disable_event_detect(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop()


def _bias(pin: GpioChipPin, pull: str) -> Bias:
    try:
        return BIAS[pull]
    except KeyError:
        raise PinInvalidPull(f"invalid pull {pull!r} for pin {pin!r}") from None


class _EdgeWatch:
    """Waits for a line's edges on a thread of its own, which ends when the line does: whoever reads the line next
    hears why."""

    def __init__(self, request: gpiod.LineRequest, tell: Callable[[float, bool], object]) -> None:
        self._request, self._tell = request, tell
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gpio edges", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not threading.current_thread():
            self._thread.join(END_TIMEOUT_S)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                if self._request.wait_edge_events(EDGE_WAIT_S):
                    for event in self._request.read_edge_events(MAX_EDGES):
                        rising = event.event_type is gpiod.EdgeEvent.Type.RISING_EDGE
                        self._tell(event.timestamp_ns / 1e9, rising)
        except (OSError, gpiod.RequestReleasedError):
            return
