"""Photographs that belong to events, sealed like what rows say of people and forgotten with the same key."""

import hashlib
from pathlib import Path

from station.disk import PRIVATE, write_whole
from station.domain.moment import Moment
from station.ledger.seal import Sealer

_DIGEST = 16
_BEGINNING = 64  # bytes of a file that name its key


class Photographs:
    """One file each, named by the digest of what it holds. The row that names it stands in the chain, so the picture
    cannot be changed for another unnoticed."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._folder, self._sealer = folder, sealer

    def keep(self, jpeg: bytes, at: Moment) -> str:
        """Its name, once it is on disk for good. :raises OSError: the disk does not take it."""
        sealed = self._sealer.seal_bytes(jpeg, at)
        name = hashlib.sha256(sealed).digest()[:_DIGEST].hex()
        self._folder.mkdir(mode=0o700, exist_ok=True)
        write_whole(self._folder / name, sealed, PRIVATE)
        return name

    def find(self, name: str) -> bytes | None:
        """None when it is forgotten, gone, or not the one that was kept under this name."""
        try:
            sealed = (self._folder / name).read_bytes()
        except OSError:
            return None
        if hashlib.sha256(sealed).digest()[:_DIGEST].hex() != name:
            return None
        return self._sealer.unseal_bytes(sealed)

    def forget(self) -> list[str]:
        """Remove the files whose key is gone: nobody can read them any more. :return: their names."""
        gone = [path for path in sorted(self._folder.glob("[0-9a-f]*")) if self._sealer.is_forgotten(_beginning(path))]
        for path in gone:
            path.unlink()
        return [path.name for path in gone]


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_BEGINNING)
