"""The public keys this station believes, found by what they may sign and by key id."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.passes.key_file import Key, read_key_file
from station.passes.roles import DistrictKey, KeyUse
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
    """The district's keys, each with what it may sign, and third parties', for health certificates: never mixed."""

    def __init__(self, keys: Iterable[Ed25519PublicKey | DistrictKey | Signer] = ()) -> None:
        """A bare key of the district may sign everything."""
        self._keys = tuple(DistrictKey(key) if isinstance(key, Ed25519PublicKey) else key for key in keys)
        self._ours: dict[KeyUse, KeyRing[Ed25519PublicKey]] = {use: KeyRing() for use in KeyUse}
        self._theirs: dict[Scheme, KeyRing[Signer]] = {scheme: KeyRing() for scheme in Scheme}
        for known in self._keys:
            if isinstance(known, Signer):
                self._theirs[known.scheme].add(known.digest, known)
                continue
            for use in known.uses:
                self._ours[use].add(key_digest(known.key), known.key)

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def district(self) -> tuple[DistrictKey, ...]:
        """The district's keys."""
        return tuple(key for key in self._keys if not isinstance(key, Signer))

    @property
    def third_parties(self) -> tuple[Signer, ...]:
        """Who may sign health certificates."""
        return tuple(key for key in self._keys if isinstance(key, Signer))

    def with_district(self, keys: Iterable[DistrictKey]) -> "TrustList":
        """These third parties' keys, and the given ones as the district's."""
        return TrustList((*self.third_parties, *keys))

    def candidates(self, kid: bytes | None, use: KeyUse) -> Iterator[Ed25519PublicKey]:
        """The district's keys that may sign such things, to try for one that names ``kid``."""
        return self._ours[use].candidates(kid)

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
