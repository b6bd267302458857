"""Configuration to wired objects: every choice of an implementation is made in this room."""

from station.bootstrap.database import open_database
from station.bootstrap.district import DistrictDesk
from station.bootstrap.driver import DriverDesk
from station.bootstrap.hub import Hub
from station.bootstrap.lists import keys_of, lists_of, trust_of
from station.bootstrap.station import Station

__all__ = ["DistrictDesk", "DriverDesk", "Hub", "Station", "keys_of", "lists_of", "open_database", "trust_of"]
