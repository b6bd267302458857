"""What happens around the lanes: typed facts that become rows of the ledger (event_rows.py).

A new kind is a frozen dataclass in a file here and its line in ``EVENTS``.
"""

from station.domain.events.emergency import EmergencyPutBack, EmergencyThrown
from station.domain.events.event import Event, UpTopic
from station.domain.events.incidents import IncidentClosed, IncidentOpened, IncidentUpdated
from station.domain.events.inspections import (
    FindingClosed,
    FindingMade,
    InspectionBegan,
    InspectionEnded,
    NoticeServed,
)
from station.domain.events.orders import OrderAcknowledged, OrderReceived, OrderRefused, OrderShown
from station.domain.events.rounds import DeliveryCollected, DeliveryLeft, Disinfected, HandedToCar
from station.domain.events.shifts import HandedOver, ShiftBegan, ShiftEnded, SignOnRefused
from station.domain.events.supervision import SupervisorRefused, SupervisorSignedIn, SupervisorSignedOut

EVENTS: tuple[type[Event], ...] = (
    IncidentOpened,
    IncidentUpdated,
    IncidentClosed,
    InspectionBegan,
    FindingMade,
    NoticeServed,
    FindingClosed,
    InspectionEnded,
    OrderReceived,
    OrderShown,
    OrderAcknowledged,
    OrderRefused,
    ShiftBegan,
    ShiftEnded,
    SignOnRefused,
    HandedOver,
    Disinfected,
    DeliveryLeft,
    DeliveryCollected,
    HandedToCar,
    EmergencyThrown,
    EmergencyPutBack,
    SupervisorSignedIn,
    SupervisorSignedOut,
    SupervisorRefused,
)

__all__ = ["EVENTS", "Event", "UpTopic"]
