"""The hub's lists as it publishes them: ``lists/<station or all>.<name>.json`` in its data_dir, a signed message each.

A command writes them, because a command can ask for the passphrase of the signing key; the running hub only reads.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.disk import write_whole
from station.passes.list_versions import MAX_VERSION
from station.passes.signed_lists import Body, ListError, Listing, ListName, Place, claimed, sign

SUFFIX = ".json"


class ListFiles:
    """Whoever may write this folder gets signed what he puts there: it belongs to the hub's user."""

    def __init__(self, data_dir: Path, district: str) -> None:
        """:raises OSError: the folder cannot be made."""
        self._folder = data_dir / "lists"
        self._district = district
        self._folder.mkdir(mode=0o755, parents=True, exist_ok=True)

    def place(self, name: ListName, station: str) -> Place:
        return Place(self._district, station, name)

    def places(self) -> Iterator[Place]:
        """Of every list there is."""
        names = {name.value: name for name in ListName}
        for path in sorted(self._folder.glob(f"*.*{SUFFIX}")):
            station, _, name = path.name.removesuffix(SUFFIX).rpartition(".")
            if name in names and station:
                yield self.place(names[name], station)

    def path(self, place: Place) -> Path:
        return self._folder / f"{place.station}.{place.name}{SUFFIX}"

    def read(self, place: Place) -> Listing | None:
        """None when there is none. :raises ListError: what is there is no list."""
        try:
            return self._claimed(self.path(place).read_bytes(), place)
        except FileNotFoundError:
            return None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """One change at a time: of two commands that revoke a pass each, both have revoked it."""
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def write(
        self, place: Place, body: Body, lasts: timedelta, key: Ed25519PrivateKey, now: datetime, renumber: bool = False
    ) -> Listing:
        """Sign the next version and put it there whole.

        :param renumber: begin with the present again, also where the version before is higher.
        :raises ListError: too large, or the one before is no list.
        """
        before = self.read(place)
        listing = Listing(place, next_version(None if renumber else before, now), now, now + lasts, body)
        message = sign(listing, key)
        self._claimed(message, place)  # what stations would refuse is refused here
        write_whole(self.path(place), message)
        return listing

    def _claimed(self, message: bytes, place: Place) -> Listing:
        try:
            return claimed(message, place)
        except ListError as error:
            raise ListError(f"{self.path(place)}: {error}") from None


def next_version(before: Listing | None, now: datetime) -> int:
    """Seconds since 1970, and always more than before: a hub that lost its disk goes on above what stations hold.
    Above what no clock of today says there is nothing to go on from."""
    follows = before is not None and before.version < MAX_VERSION
    return max(int(now.timestamp()), before.version + 1 if before and follows else 0)
