"""The public keys this station believes, found by key id."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.passes.key_file import MAX_FILE_BYTES, Key, KeyFile, read_key_file
from station.passes.signers import Scheme, Signer

KEY_ID_LENGTH = 4
MOST_TRIED = 32

K = TypeVar("K")


class TrustError(ValueError):
    """A key file, or a folder of them, that cannot be used; the message names it and the remedy."""


class KeyRing(Generic[K]):
    """Keys by key id. A key id is the beginning of a digest, so several keys may share one: all are candidates."""

    def __init__(self) -> None:
        self._by_id: dict[bytes, list[tuple[bytes, K]]] = defaultdict(list)

    def add(self, digest: bytes, key: K) -> None:
        self._by_id[digest[:KEY_ID_LENGTH]].append((digest, key))

    def __len__(self) -> int:
        return sum(map(len, self._by_id.values()))

    def candidates(self, kid: bytes | None) -> Iterator[K]:
        """Keys to try for a pass that names ``kid`` (``KEY_ID_LENGTH`` bytes or more of the digest, as an HCERT names
        eight); for one that names none, every key up to a bound."""
        if kid is not None:
            for digest, key in self._by_id.get(kid[:KEY_ID_LENGTH], ()):
                if digest.startswith(kid):
                    yield key
            return
        every = (key for keys in self._by_id.values() for _, key in keys)
        yield from islice(every, MOST_TRIED)


class TrustList:
    """The district's keys, for our own passes, and third parties', for health certificates: never mixed."""

    def __init__(self, keys: Iterable[Ed25519PublicKey | Signer] = ()) -> None:
        self._keys = tuple(keys)
        self._ours: KeyRing[Ed25519PublicKey] = KeyRing()
        self._theirs: dict[Scheme, KeyRing[Signer]] = {scheme: KeyRing() for scheme in Scheme}
        for key in self._keys:
            if isinstance(key, Signer):
                self._theirs[key.scheme].add(key.digest, key)
            else:
                self._ours.add(key_digest(key), key)

    def __len__(self) -> int:
        return len(self._ours) + sum(map(len, self._theirs.values()))

    @property
    def district(self) -> tuple[Ed25519PublicKey, ...]:
        """The district's keys."""
        return tuple(key for key in self._keys if not isinstance(key, Signer))

    @property
    def third_parties(self) -> tuple[Signer, ...]:
        """Who may sign health certificates."""
        return tuple(key for key in self._keys if isinstance(key, Signer))

    def with_district(self, keys: Iterable[Ed25519PublicKey]) -> "TrustList":
        """These third parties' keys, and the given ones as the district's."""
        return TrustList((*self.third_parties, *keys))

    def candidates(self, kid: bytes | None) -> Iterator[Ed25519PublicKey]:
        """The district's keys to try for a pass that names ``kid``."""
        return self._ours.candidates(kid)

    def signers(self, scheme: Scheme, kid: bytes | None) -> Iterator[Signer]:
        """Third parties' keys to try for a health certificate that names ``kid``."""
        return self._theirs[scheme].candidates(kid)


def key_digest(key: Ed25519PublicKey) -> bytes:
    """SHA-256 over the raw public key (as HCERT does over the certificate)."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).digest()


def key_id(key: Ed25519PublicKey) -> bytes:
    """What a pass names its key by: four bytes, because every byte is one and a half characters of the code."""
    return key_digest(key)[:KEY_ID_LENGTH]


def parse_keys(data: bytes, name: str) -> list[Key]:
    """Read a PEM or DER public key, PEM certificates, a DER certificate, 32 raw bytes, or a JSON Web Key Set.

    :raises TrustError: for anything else, and for a file of which any part cannot be used, naming ``name``.
    """
    found = read_key_file(data)
    if found.faults:
        raise TrustError(f"{name} {found.faults[0]}")
    return list(found.keys)


@dataclass(frozen=True, slots=True)
class TrustFolder:
    """What a folder of keys holds: the keys, and a line for each file or part of one that cannot be used."""

    trust: TrustList
    faults: tuple[str, ...] = ()


def load_trust(folder: Path) -> TrustFolder:
    """Read every file of a folder as keys. One that is none costs itself alone.

    :raises TrustError: the folder is missing, or cannot be looked into.
    """
    if not folder.is_dir():
        raise TrustError(f"{folder} is no folder; make it and put the district's public keys in it")
    try:
        files = sorted(path for path in folder.iterdir() if not path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise TrustError(f"{folder}: {error.strerror}; let the station's user read it") from None
    keys: list[Key] = []
    faults: list[str] = []
    for path in files:
        found = _read_file(path)
        keys += found.keys
        faults += (f"{path} {fault}" for fault in found.faults)
    return TrustFolder(TrustList(keys), tuple(faults))


def _read_file(path: Path) -> KeyFile:
    try:
        if not path.is_file():
            return KeyFile(faults=("is no file, or a link to nothing",))
        with path.open("rb") as file:
            return read_key_file(file.read(MAX_FILE_BYTES + 1))
    except OSError as error:
        return KeyFile(faults=(f"cannot be read: {error.strerror}; let the station's user read it",))
