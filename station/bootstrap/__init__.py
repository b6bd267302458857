"""Configuration to wired objects: every choice of an implementation is made in this room."""

from station.bootstrap.driver import DriverDesk
from station.bootstrap.hub import Hub
from station.bootstrap.lists import lists_of, trust_of
from station.bootstrap.station import Station
from station.bootstrap.version import SOFTWARE

__all__ = ["SOFTWARE", "DriverDesk", "Hub", "Station", "lists_of", "trust_of"]
