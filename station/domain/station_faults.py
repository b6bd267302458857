"""What is wrong with a station as a whole, named as the screens translate it and as the hub is told."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from station.domain.power import UNDERVOLTAGE as _UNDERVOLTAGE

MAX_DETAIL = 500
"""Characters of what is said beside a fault: a folder of two hundred odd files is told in one line."""


class StationFault(StrEnum):
    """``NAME_SHARED``: another machine connects under this station's name. ``LEDGER_SET_ASIDE``: a damaged ledger lies
    beside the one that was begun anew. ``PLACE``: it is configured for another level than it is certified for.
    ``KEYS``, ``LIST_KEY``, ``SEAL``, ``ROSTER``, ``ROTA``, ``LISTS``: some of what is read from these cannot be used.
    ``PLATES``: suggesting plates lacks a library. ``SCREEN``: the touchscreen's port is taken. ``VIEW``: supervisors
    cannot look."""

    UNDERVOLTAGE = _UNDERVOLTAGE
    NAME_SHARED = "name_shared"
    LEDGER_UNWRITABLE = "ledger_unwritable"
    LEDGER_SET_ASIDE = "ledger_set_aside"
    PLACE = "place_contradicted"
    KEYS = "keys_unusable"
    LIST_KEY = "list_key_unusable"
    SEAL = "seal_damaged"
    ROSTER = "roster_damaged"
    ROTA = "rota_damaged"
    LISTS = "lists_unusable"
    PLATES = "plates_unavailable"
    SCREEN = "screen_unavailable"
    VIEW = "view_unavailable"


OWN_BANNER = frozenset({StationFault.LEDGER_UNWRITABLE, StationFault.LISTS})
"""Said elsewhere on the touchscreen, in full."""


class StationFaults:
    """``sources`` say of each fault what is wrong, in one line; empty while nothing is. They are asked each time."""

    def __init__(self, sources: Mapping[StationFault, Callable[[], str]]) -> None:
        self._sources = dict(sources)

    def standing(self) -> dict[StationFault, str]:
        """What is wrong now, in the order of the sources."""
        said = ((fault, source()) for fault, source in self._sources.items())
        return {
            fault: text if len(text) <= MAX_DETAIL else f"{text[: MAX_DETAIL - 1]}…" for fault, text in said if text
        }
