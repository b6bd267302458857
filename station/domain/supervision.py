"""Whoever looks at a station over the network: why they may not, and what they see of the day's hand-overs."""

from dataclasses import dataclass
from enum import StrEnum

from station.domain.shift_figures import LaneFigures


class SignInRefusal(StrEnum):
    """``NOT_SUPERVISOR`` is written down and never told: it would say that the PIN is right. ``BUSY`` and
    ``UNAVAILABLE`` are told and never written down: the station cannot write, or does not answer."""

    WRONG_PIN = "wrong_pin"
    SHORT_PIN = "short_pin"
    NOT_SUPERVISOR = "not_supervisor"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"


class SignInRefused(Exception):
    """Nobody was signed in."""

    def __init__(self, why: SignInRefusal) -> None:
        super().__init__(why.value)
        self.why = why


class StationUnavailable(Exception):
    """The station's process does not answer."""


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who is signed in; ``label`` is masked, as on the badge. ``fingerprint`` is that of their entry in the roster:
    with another role or PIN it is another."""

    number: str
    label: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class HandOverView:
    """``at`` and ``since`` are RFC 3339 UTC; giver and taker are numbers of the roster."""

    at: str
    giver: str
    taker: str
    since: str
    figures: tuple[LaneFigures, ...]
