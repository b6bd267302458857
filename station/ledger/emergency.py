"""How the emergency-open switch stood when it was last written down."""

from station.domain.events.emergency import EmergencyPutBack, EmergencyThrown
from station.ledger.events import Events
from station.ledger.store import Ledger


def stood_thrown(ledger: Ledger, lane: str) -> bool:
    """The lane's last row about its switch says that it was thrown."""
    events = Events(ledger)
    try:
        told = [row.event for row in events.of((EmergencyThrown, EmergencyPutBack)) if row.lane == lane]
    finally:
        events.close()
    return told[-1:] == [EmergencyThrown()]
