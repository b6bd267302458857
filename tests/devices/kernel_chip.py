"""The kernel's side of a GPIO chip, as libgpiod shows it: who holds which line, levels, edges, and a chip that goes."""

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gpiod
from gpiod.line import Direction, Value


class KernelChip:
    """Pass ``find`` and ``request_lines`` to a :class:`GpioChipFactory`."""

    def __init__(self) -> None:
        self.path = Path("/dev/gpiochip0")
        self.there = True
        self.held: set[int] = set()
        self.requests: dict[int, Request] = {}
        self.levels: dict[int, Value] = {}
        self.changed = threading.Condition()

    def find(self) -> Path:
        return self.path

    def request_lines(self, path: str, consumer: str, config: dict[int, gpiod.LineSettings]) -> "Request":
        if not self.there or path != str(self.path):
            raise FileNotFoundError(2, "No such file or directory")
        ((line, settings),) = config.items()
        if line in self.held or line in self.requests:
            raise OSError(16, "Device or resource busy")
        self.requests[line] = Request(self, line, settings)
        return self.requests[line]

    def direction(self, line: int) -> Direction | None:
        """None for a line that nobody holds."""
        return self.requests[line].settings.direction if line in self.requests else None

    def drive(self, line: int, level: Value) -> None:
        """From outside, as a contact does it."""
        with self.changed:
            self.levels[line] = level
            self.requests[line].edges.append(Edge(level))
            self.changed.notify_all()

    def vanish(self) -> None:
        with self.changed:
            self.there = False
            self.requests.clear()
            self.changed.notify_all()

    def come_back(self, path: str) -> None:
        self.path, self.there = Path(path), True


class Edge:
    timestamp_ns = 0

    def __init__(self, level: Value) -> None:
        kinds = gpiod.EdgeEvent.Type
        self.event_type = kinds.RISING_EDGE if level is Value.ACTIVE else kinds.FALLING_EDGE


class Request:
    def __init__(self, chip: KernelChip, line: int, settings: gpiod.LineSettings) -> None:
        self.chip, self.line = chip, line
        self.edges: list[Edge] = []
        self.gone = threading.Event()
        self._apply(settings)

    def _apply(self, settings: gpiod.LineSettings) -> None:
        self.settings = settings
        if settings.direction is Direction.OUTPUT:
            self.chip.levels[self.line] = settings.output_value

    def _check(self) -> None:
        if self.chip.requests.get(self.line) is not self:
            raise OSError(19, "No such device")

    def reconfigure_lines(self, config: dict[int, gpiod.LineSettings]) -> None:
        self._check()
        self._apply(config[self.line])

    def get_value(self, line: int) -> Value:
        self._check()
        return self.chip.levels.get(line, Value.INACTIVE)

    def set_value(self, line: int, value: Value) -> None:
        self._check()
        self.chip.levels[line] = value

    def wait_edge_events(self, timeout: float) -> bool:
        """A line whose chip is gone counts as ready, and reading it fails: so it is with poll(2)."""
        with self.chip.changed:
            return self.chip.changed.wait_for(lambda: self.edges or not self.chip.there, timeout)

    def read_edge_events(self, most: int) -> Iterable[Any]:
        self._check()
        taken, self.edges = self.edges[:most], self.edges[most:]
        return taken

    def release(self) -> None:
        if self.chip.requests.get(self.line) is self:
            del self.chip.requests[self.line]
