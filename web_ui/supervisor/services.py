"""All that the supervisors' view may ask of the station: nothing here changes anything but who is signed in."""

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


class Shifts(Protocol):
    @property
    def on_duty(self) -> Sequence[OnDuty]: ...

    @property
    def teams(self) -> Sequence[TeamView]: ...


class Incidents(Protocol):
    def listed(self) -> Sequence[IncidentView]:
        """Those that are open, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorServices:
    """``name`` is the station's. ``changes`` has the semantics of ``station.feed.Feed``; masking.py says what of it
    leaves the station. ``hand_overs`` are those of today, ``parts`` what the condition's page looks at, as the kiosk
    has it, ``now`` the station's clock."""

    name: str
    lanes: tuple[str, ...]
    changes: Callable[[int, float], tuple[int, Mapping[str, View]]]
    closed: Callable[[], bool]
    door: Door
    shifts: Shifts
    incidents: Incidents
    hand_overs: Callable[[], Sequence[HandOverView]]
    hours: Callable[[], Sequence[HourCounts]]
    zone: ZoneInfo
    now: Callable[[], datetime]
    parts: Callable[[], Sequence[View]] = lambda: ()
