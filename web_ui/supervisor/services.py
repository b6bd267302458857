"""All that the pages of the supervisors' view may ask: nothing here changes anything but who is signed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from station.domain.incidents import IncidentView
from station.domain.roster import TeamView
from station.domain.rounds import HourCounts
from station.domain.shifts import OnDuty
from station.domain.supervision import HandOverView, Supervisor
from web_ui.kiosk.services import View


class Door(Protocol):
    """Signing in. Every answer is in the ledger before it is given."""

    def sign_in(self, number: str, pin: str, address: str) -> str:
        """:return: the secret of a new session. :raises SignInRefused: nobody was signed in."""

    def supervisor(self, secret: str) -> Supervisor | None:
        """Whose session it is, which this prolongs; None once it has ended."""

    def look(self, secret: str) -> Supervisor | None:
        """Whose session it is, and nothing is prolonged."""

    def sign_out(self, secret: str) -> None:
        """:raises SignInRefused: the session has ended, and that could not be written down."""


class Duty(Protocol):
    """``hand_overs`` are today's, the latest first."""

    @property
    def on_duty(self) -> Sequence[OnDuty]: ...

    @property
    def teams(self) -> Sequence[TeamView]: ...

    @property
    def hand_overs(self) -> Sequence[HandOverView]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorServices:
    """``name`` is the station's. ``changes`` has the semantics of ``station.feed.Feed``; its topics are those of
    the station's process, masked there, and "availability", which says whether that process answers. ``duty``,
    ``incidents`` (those that are open, oldest first), ``hours`` and ``parts`` (what the condition's page looks at, as
    the kiosk has it) ask it each time, and raise ``StationUnavailable`` while it does not answer."""

    name: str
    lanes: tuple[str, ...]
    changes: Callable[[int, float], tuple[int, Mapping[str, View]]]
    closed: Callable[[], bool]
    door: Door
    duty: Callable[[], Duty]
    incidents: Callable[[], Sequence[IncidentView]]
    hours: Callable[[], Sequence[HourCounts]]
    zone: ZoneInfo
    now: Callable[[], datetime]
    parts: Callable[[], Sequence[View]] = lambda: ()
