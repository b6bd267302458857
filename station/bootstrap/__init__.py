"""Configuration to wired objects: every choice of an implementation is made in this room."""

from station.bootstrap.hub import Hub
from station.bootstrap.station import Station, trust_of
from station.bootstrap.version import SOFTWARE

__all__ = ["SOFTWARE", "Hub", "Station", "trust_of"]
