"""Where lists lie on disk: one file each, written whole or not at all.

The first line is ours, the rest is the message to the byte. The line holds the key that the list was accepted with:
a list outlives that key, because revocations must not be forgotten when the district changes its key.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.disk import write_whole
from station.passes.signed_lists import ALL, ListError, ListName, Place, SignedList, read
from station.passes.wire import base64url, from_base64url

_FORM = 1


@dataclass(frozen=True, slots=True)
class Stored:
    signed: SignedList
    message: bytes


class Shelf:
    """The folder of one station's lists."""

    def __init__(self, folder: Path, district: str, station: str) -> None:
        self._folder = folder
        self._district, self._station = district, station

    def places(self) -> Iterator[Place]:
        """Every place that may have a list."""
        for station in (ALL, self._station):
            for name in ListName:
                yield Place(self._district, station, name)

    def load(self, place: Place) -> Stored | None:
        """None when there is none. :raises ListError: there is one, and it is not what was written."""
        path = self._path(place)
        try:
            first, _, message = path.read_bytes().partition(b"\n")
            accepted_with = _key(first)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ListError(f"{path}: {error.strerror}; it comes again from the hub") from None
        except (ValueError, RecursionError):
            raise ListError(f"{path} is damaged; it comes again from the hub") from None
        try:
            return Stored(read(message, place, lambda *_: (accepted_with,)), message)
        except ListError as error:
            raise ListError(f"{path} is damaged ({error}); it comes again from the hub") from None

    def keep(self, stored: Stored) -> None:
        """On disk for good when this returns. :raises OSError: it is not, and what was there is still there."""
        raw = stored.signed.signer.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        first = json.dumps({"form": _FORM, "accepted_with": base64url(raw)}).encode()
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._path(stored.signed.listing.place), first + b"\n" + stored.message)

    def _path(self, place: Place) -> Path:
        return self._folder / f"{'own' if place.own else 'all'}.{place.name}.list"


def _key(first: bytes) -> Ed25519PublicKey:
    """:raises ValueError: not our first line."""
    line = json.loads(first)
    if not isinstance(line, dict) or line.get("form") != _FORM or not isinstance(line.get("accepted_with"), str):
        raise ValueError("no first line of ours")
    return Ed25519PublicKey.from_public_bytes(from_base64url(line["accepted_with"]))
