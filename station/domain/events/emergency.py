"""The emergency-open switch of a lane's panel. The row's operator is the panel: a switch does not know who threw it."""

from dataclasses import dataclass
from typing import ClassVar

from station.domain.events.event import Event


@dataclass(frozen=True, slots=True)
class EmergencyThrown(Event):
    """From now on the barrier stands open to everybody."""

    KIND: ClassVar = "emergency_thrown"


@dataclass(frozen=True, slots=True)
class EmergencyPutBack(Event):
    """The switch stands as usual again."""

    KIND: ClassVar = "emergency_put_back"
