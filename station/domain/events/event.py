"""What every kind of event has: its name in the ledger, what of it is sealed, and what of it the hub is told."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class UpTopic(StrEnum):
    """Under which of its topics a station tells the hub of an event (DESIGN section 5)."""

    INCIDENT = "incident"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and counts nowhere. Fields are text, whole numbers, words of a StrEnum, tuples of text.

    ``KIND`` names it in the ledger for good: never rename one that was written. ``SEALED`` are the fields of text that
    may name somebody: they lie under the seal of their day and are empty once that is forgotten. ``TOPIC`` is None for
    what stays at the station; of what goes up, the hub is told the fields in ``TOLD``.
    """

    KIND: ClassVar[str]
    SEALED: ClassVar[frozenset[str]] = frozenset()
    TOPIC: ClassVar[UpTopic | None] = None
    TOLD: ClassVar[tuple[str, ...]] = ()
