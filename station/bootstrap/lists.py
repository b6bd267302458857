"""The room of lists, wired from a station's configuration."""

from collections.abc import Callable
from pathlib import Path

from station import config as cfg
from station.domain.moment import Moment
from station.lists import Lists
from station.lists.shelf import Shelf
from station.passes import TrustList
from station.passes.digests import Digests
from station.passes.keys import load_list_key
from station.passes.trust import load_trust


def lists_of(station: cfg.StationSection, now: Callable[[], Moment]) -> Lists:
    """:raises TrustError: trust_dir cannot be used. :raises SigningKeyError: list_key cannot.
    :raises OSError: data_dir cannot be written."""
    shelf = Shelf(Path(station.data_dir) / "lists", station.district, station.id)
    digests = Digests(load_list_key(Path(station.list_key))) if station.list_key else None
    return Lists(shelf, trust_of(station), digests, now)


def trust_of(station: cfg.StationSection) -> TrustList:
    """The keys in the trust folder. :raises TrustError: the folder was named and cannot be used."""
    if station.trust_dir:
        return load_trust(Path(station.trust_dir))
    folder = Path(station.data_dir) / "trust"
    return load_trust(folder) if folder.is_dir() else TrustList()
