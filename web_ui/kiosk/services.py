"""All that the kiosk may ask of the station: callables handed in by whoever starts both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from station.domain.commands import Command
from station.domain.rounds import HourCounts
from web_ui.kiosk.by_hand import HandDesk
from web_ui.kiosk.duty import Incidents, Inspections, Orders, Rounds, Shifts

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskServices:
    """``changes`` has the semantics of ``station.feed.Feed``; its topics are "station" (a StationView),
    "lane/<id>" (a LaneView), "orders" and "incidents" (what waits and what is open). ``picture`` is a lane's newest
    frame as JPEG. ``aim`` is an Aim of ``station.domain.aim``, worked out when it is asked for, None while the lane's
    camera gives no picture. ``command`` returns the PassageView
    after the command or raises ``Refused``. ``name`` is whom the certificates of the passage on a lane's screen name,
    one a line, empty for any other passage. ``parts`` are PartViews of ``station.domain.condition``, looked at when it
    is asked for. ``now`` is the station's clock. ``fever_from`` is shown beside a temperature, never judged by."""

    lanes: tuple[str, ...]
    changes: Callable[[int, float], tuple[int, Mapping[str, View]]]
    closed: Callable[[], bool]
    picture: Callable[[str], bytes | None]
    command: Callable[[str, Command], View]
    name: Callable[[str, int], str]
    incidents: Incidents
    inspections: Inspections
    orders: Orders
    shifts: Shifts
    rounds: Rounds
    hours: Callable[[], Sequence[HourCounts]]
    by_hand: HandDesk
    zone: ZoneInfo
    now: Callable[[], datetime]
    health: Callable[[], tuple[bool, View]]
    metrics: Callable[[], tuple[str, bytes]]
    aim: Callable[[str], View | None] = lambda _: None
    parts: Callable[[], Sequence[View]] = lambda: ()
    fever_from: float | None = None
