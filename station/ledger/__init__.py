"""The append-only record on the station's disk: rows, their hash chain, the counts and the outbox derived from it."""

from station.ledger.callers import Callers
from station.ledger.epochs import Epoch
from station.ledger.events import Events
from station.ledger.must_hours import MustHour
from station.ledger.segments import Segments, Stretch
from station.ledger.store import AmendsChangedPassage, Ledger, LedgerUnwritable

__all__ = [
    "AmendsChangedPassage",
    "Callers",
    "Epoch",
    "Events",
    "Ledger",
    "LedgerUnwritable",
    "MustHour",
    "Segments",
    "Stretch",
]
