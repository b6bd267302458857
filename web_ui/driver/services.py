"""All that the drivers' page may ask of the hub: callables handed in by whoever starts both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from station.domain.boards import Board
from station.domain.declaration import Declaration
from station.domain.passes import Pass
from station.domain.trips import Trip


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverServices:
    """``board`` finds a registered board by its number, ``scanned`` counts that its page was opened. ``declare`` signs
    and answers a pass's reference; ``open`` gives text and pass of a reference, or None for what the district did not
    sign. ``start_trip`` takes a bus's board, its plate and the seats taken and answers the journey's secret, which
    ``trip`` and ``end_trip`` take; ``under_way`` is whether passengers can ``join`` with a phone's token.
    ``start_trip``, ``end_trip`` and ``join`` raise ``TripRefused``. ``manifest`` is a journey's text and pass.
    ``secure``: phones come by https. ``well``: the hub is in order.
    """

    zone: ZoneInfo
    secure: bool
    board: Callable[[str], Board | None]
    scanned: Callable[[str], None]
    declare: Callable[[Board, Declaration], str]
    open: Callable[[str], tuple[str, Pass] | None]
    start_trip: Callable[[Board, str, int], str]
    under_way: Callable[[Board], bool]
    join: Callable[[Board, str, Declaration], None]
    trip: Callable[[str], Trip | None]
    end_trip: Callable[[str], None]
    manifest: Callable[[Trip], tuple[str, Pass]]
    well: Callable[[], bool]
    now: Callable[[], datetime]
