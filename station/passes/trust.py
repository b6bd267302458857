"""The public keys this station believes, found by key id."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.passes.signers import (
    Scheme,
    Signer,
    SignerError,
    signer_of_certificate,
    signer_of_key,
    signers_of_key_set,
)

KEY_ID_LENGTH = 4
MOST_TRIED = 32
_RAW_ED25519 = 32

K = TypeVar("K")


class TrustError(ValueError):
    """A key file that cannot be used; the message names the file and the remedy."""


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


def parse_keys(data: bytes, name: str) -> list[Ed25519PublicKey | Signer]:
    """Read a PEM or DER public key, PEM certificates, a DER certificate, 32 raw bytes, or a JSON Web Key Set.

    :raises TrustError: for anything else, naming ``name``.
    """
    if len(data) == _RAW_ED25519:
        return [Ed25519PublicKey.from_public_bytes(data)]
    try:
        if data.lstrip().startswith(b"{"):
            return [*signers_of_key_set(data)]
        return [_trusted(found) for found in _loaded(data)]
    except SignerError as error:
        raise TrustError(f"{name} {error}") from None
    except ValueError:
        raise TrustError(f"{name} is no public key or certificate; give PEM, DER, JWKS or 32 raw bytes") from None


def load_trust(folder: Path) -> TrustList:
    """Read every file of a folder as keys.

    :raises TrustError: the folder is missing or a file in it is no key.
    """
    if not folder.is_dir():
        raise TrustError(f"{folder} is no folder; make it and put the district's public keys in it")
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return TrustList(key for path in files for key in parse_keys(path.read_bytes(), str(path)))


def _loaded(data: bytes) -> list[object]:
    """:raises ValueError: none of the forms."""
    loaders: tuple[Callable[[], list[object]], ...] = (
        lambda: [serialization.load_pem_public_key(data)],
        lambda: [serialization.load_der_public_key(data)],
        lambda: [*x509.load_pem_x509_certificates(data)],
        lambda: [x509.load_der_x509_certificate(data)],
    )
    for load in loaders:
        try:
            return load()
        except ValueError:
            continue
    raise ValueError("no key")


def _trusted(found: object) -> Ed25519PublicKey | Signer:
    key = found.public_key() if isinstance(found, x509.Certificate) else found
    if isinstance(key, Ed25519PublicKey):
        return key
    return signer_of_certificate(found) if isinstance(found, x509.Certificate) else signer_of_key(found)
