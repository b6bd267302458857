"""Whoever looks at a station over the network: why they may not, and what they see of the day's hand-overs."""

from dataclasses import dataclass
from enum import StrEnum

from station.domain.shift_figures import LaneFigures


class SignInRefusal(StrEnum):
    """``NOT_SUPERVISOR`` is written down and never told: it would say that the PIN is right."""

    WRONG_PIN = "wrong_pin"
    SHORT_PIN = "short_pin"
    NOT_SUPERVISOR = "not_supervisor"
    BUSY = "busy"


class SignInRefused(Exception):
    """Nobody was signed in."""

    def __init__(self, why: SignInRefusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who is signed in; ``label`` is masked, as on the badge."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class HandOverView:
    """``at`` and ``since`` are RFC 3339 UTC; giver and taker are numbers of the roster."""

    at: str
    giver: str
    taker: str
    since: str
    figures: tuple[LaneFigures, ...]
