"""All that the kiosk may ask of the station: callables handed in by whoever starts both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from station.domain.commands import Command

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskServices:
    """``changes`` has the semantics of ``station.feed.Feed``; its topics are "station" (a StationView) and
    "lane/<id>" (a LaneView). ``picture`` is a lane's newest frame as JPEG. ``aim`` is an Aim of ``station.domain.aim``,
    worked out when it is asked for, None while the lane's camera gives no picture. ``command`` returns the PassageView
    after the command or raises ``Refused``. ``name`` is whom the certificates of the passage on a lane's screen name,
    one a line, empty for any other passage. ``fever_from`` is shown beside a temperature, never judged by."""

    lanes: tuple[str, ...]
    changes: Callable[[int, float], tuple[int, Mapping[str, View]]]
    closed: Callable[[], bool]
    picture: Callable[[str], bytes | None]
    command: Callable[[str, Command], View]
    name: Callable[[str, int], str]
    health: Callable[[], tuple[bool, View]]
    metrics: Callable[[], tuple[str, bytes]]
    aim: Callable[[str], View | None] = lambda _: None
    fever_from: float | None = None
