"""The commands of ``station``, a file each. ``__main__`` hands in the screens, which nothing here may import."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the parts are imported by the commands that start them
    from station.bootstrap import DriverDesk, Hub, Station
    from station.config import StationConfig
    from station.supervisor.view import SupervisorView

__all__ = ["DONE", "FOUND_WRONG", "CommandError", "Execute", "Screens", "WebServer"]

DONE = 0
FOUND_WRONG = 1
BAD_INPUT = 2


class CommandError(Exception):
    """Bad usage, configuration or input: one line naming the thing and the remedy; exit 2."""


class WebServer(Protocol):
    @property
    def alive(self) -> bool: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Screens:
    """Makers of the web servers, given the parts they show; ``words`` are the texts of a language by key."""

    kiosk: Callable[["Station"], WebServer]
    supervisor: Callable[["SupervisorView", "StationConfig"], WebServer]
    district: Callable[["Hub"], WebServer]
    driver: Callable[["Hub", "DriverDesk"], WebServer]
    words: Callable[[str], Mapping[str, str]]


Execute = Callable[[Namespace, Screens], int]
