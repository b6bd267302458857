"""Who looked at the station over the network, as the station writes it down. The address may name somebody."""

from dataclasses import dataclass
from typing import ClassVar

from station.domain.events.event import Event
from station.domain.supervision import SignInRefusal


@dataclass(frozen=True, slots=True)
class SupervisorSignedIn(Event):
    KIND: ClassVar = "supervisor_signed_in"
    SEALED: ClassVar = frozenset({"address"})

    number: str
    address: str


@dataclass(frozen=True, slots=True)
class SupervisorSignedOut(Event):
    KIND: ClassVar = "supervisor_signed_out"

    number: str


@dataclass(frozen=True, slots=True)
class SupervisorRefused(Event):
    """``number`` is empty where the roster has none such: what was typed there may be a PIN."""

    KIND: ClassVar = "supervisor_refused"
    SEALED: ClassVar = frozenset({"address"})

    number: str
    reason: SignInRefusal
    address: str
