"""The hub's lists on the station: kept on disk, asked about every pass, shown with their age."""

from station.lists.room import Lists

__all__ = ["Lists"]
