"""A lane: what is scanned, seen, pressed and tapped there is taken one after the other, on one thread.

``way.py`` is the whole way of a scan; ``writer.py`` the one place where a row is written and the gate moves;
``operator.py`` and ``panel.py`` are the ways of what people do, and ``lane.py`` is the thread that takes it all.
"""

from station.lane.bay import parking_bay
from station.lane.lane import Lane, Told
from station.lane.screen import Eyes
from station.lane.way import BadgeDesk

__all__ = ["BadgeDesk", "Eyes", "Lane", "Told", "parking_bay"]
