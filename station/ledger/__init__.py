"""The append-only record on the station's disk: rows, their hash chain, the counts and the outbox derived from it."""

from station.ledger.segments import Segments, Stretch
from station.ledger.store import AmendsChangedPassage, Ledger, LedgerUnwritable

__all__ = ["AmendsChangedPassage", "Ledger", "LedgerUnwritable", "Segments", "Stretch"]
