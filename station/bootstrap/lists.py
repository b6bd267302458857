"""The room of lists, wired from a station's configuration."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from station import config as cfg
from station.domain.moment import Moment
from station.lists import Lists
from station.lists.shelf import Shelf
from station.passes import TrustList
from station.passes.digests import Digests
from station.passes.keys import SigningKeyError, load_list_key
from station.passes.trust import TrustError
from station.passes.trust_folder import TrustFolder, load_trust


@dataclass(frozen=True, slots=True)
class StationKeys:
    """What a station checks passes and lists with. Keys that cannot be used are left out, and told: whoever comes
    through a lane meanwhile is held for the operator."""

    trust: TrustFolder
    digests: Digests | None
    list_key_fault: str = ""


def keys_of(station: cfg.StationSection) -> StationKeys:
    """Never raises: a station without a usable key works by hand."""
    if not station.list_key:
        return StationKeys(trust_of(station), None)
    try:
        return StationKeys(trust_of(station), Digests(load_list_key(Path(station.list_key))))
    except (SigningKeyError, OSError) as error:
        return StationKeys(trust_of(station), None, f"station.list_key: {error}")


def lists_of(station: cfg.StationSection, keys: StationKeys, now: Callable[[], Moment]) -> Lists:
    shelf = Shelf(Path(station.data_dir) / "lists", station.district, station.id)
    return Lists(shelf, keys.trust.trust, keys.digests, now)


def trust_of(station: cfg.StationSection) -> TrustFolder:
    """The keys in the trust folder, and what is wrong with it. Only a folder that was named has to be there."""
    folder = Path(station.trust_dir or Path(station.data_dir) / "trust")
    try:
        if not station.trust_dir and not folder.exists():
            return TrustFolder(TrustList())
        return load_trust(folder)
    except (TrustError, OSError) as error:
        return TrustFolder(TrustList(), (str(error),))
