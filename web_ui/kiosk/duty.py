"""What the kiosk's pages need of the station's duties beside the lanes."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from station.domain.events.rounds import Vulnerable
from station.domain.incidents import IncidentCommand, IncidentView
from station.domain.inspections import FindingView, InspectionCommand, VisitView
from station.domain.orders import OrderView
from station.domain.roster import TeamView
from station.domain.rota import DueView
from station.domain.rounds import DeliveryView, RoundView
from station.domain.shift_figures import LaneFigures
from station.domain.shifts import OnDuty


class Incidents(Protocol):
    """The open ones are in the feed's topic "incidents" as well."""

    @property
    def with_photos(self) -> bool:
        """Whether the policy allows a picture of the lane with a report."""

    def listed(self) -> Sequence[IncidentView]:
        """Those that are open, oldest first."""

    def photo(self, incident: str) -> bytes | None:
        """The picture of an open incident as JPEG; None where there is none, or none any more."""

    def carry_out(self, command: IncidentCommand) -> None:
        """:raises Refused: nothing was done."""


class Inspections(Protocol):
    def visits(self) -> Sequence[VisitView]:
        """Those that go on, oldest first."""

    def findings(self) -> Sequence[FindingView]:
        """Those that are open, of every visit there was; what is due first stands first."""

    def carry_out(self, command: InspectionCommand) -> None:
        """:raises Refused: nothing was done."""


class Orders(Protocol):
    """Those that wait to be acknowledged are in the feed's topic "orders"."""

    def listed(self) -> Sequence[OrderView]:
        """Every order that has not expired, the most urgent first."""

    def shown(self, order: str) -> None:
        """It stands on a screen. :raises Refused: there is no such order."""

    def acknowledge(self, order: str, operator: str = "") -> None:
        """:raises Refused: there is no such order, or it cannot be written down."""


class Shifts(Protocol):
    """Who is on duty is in the feed's topic "duty" as well, with what was last said to whoever showed a badge."""

    @property
    def on_duty(self) -> Sequence[OnDuty]: ...

    @property
    def hand_over_pin(self) -> bool:
        """A hand-over takes both sides' PINs."""

    @property
    def teams(self) -> Sequence[TeamView]: ...

    @property
    def due(self) -> DueView | None:
        """The team that the plan wants here now. None without a plan, and while the time is not known."""

    def operator(self, lane: str) -> str:
        """Whose number the lane's records carry; empty where nobody is signed on."""

    def sign_on(self, number: str, pin: str, lanes: Sequence[str]) -> None:
        """:raises ShiftRefused: nothing was done."""

    def sign_off(self, number: str) -> None:
        """:raises ShiftRefused: they are not on duty."""

    def figures(self) -> tuple[str, Sequence[LaneFigures]]:
        """Since when (RFC 3339, empty where nobody is on duty), and what happened at each lane since then."""

    def hand_over(self, giver: str, giver_pin: str, taker: str, taker_pin: str) -> None:
        """An empty PIN stands for a badge that was shown a moment ago. :raises ShiftRefused: nothing was done."""


class Rounds(Protocol):
    """When disinfection is due and how many goods wait is in the feed's topic "rounds" as well. Every id is one that
    the form drew when it was opened: sent twice, it is done once."""

    @property
    def round(self) -> RoundView: ...

    @property
    def handed(self) -> Mapping[str, int]:
        """How many persons of each group were handed to a car today."""

    def rounds_since(self, after: str) -> int:
        """How many disinfection rounds were done since a time (RFC 3339 UTC)."""

    def listed(self) -> Sequence[DeliveryView]:
        """Goods that wait at the gate, longest first."""

    def disinfected(self, round_id: str, lanes: Sequence[str], operator: str) -> None:
        """:raises Refused: it could not be written down."""

    def leave(self, delivery: str, shelf: str, whose: str, what: str, operator: str) -> None:
        """:raises Refused: there is no room for more, or it could not be written down."""

    def collect(self, delivery: str, by: str, operator: str) -> None:
        """:raises Refused: it is not there (any more), or it could not be written down."""

    def hand_to_car(self, handing: str, group: Vulnerable, persons: int, car: str, operator: str) -> None:
        """:raises Refused: it could not be written down."""
