"""The public keys this station believes, found by key id."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY_ID_LENGTH = 4
MOST_TRIED = 32
_RAW_ED25519 = 32


class TrustError(ValueError):
    """A key file that cannot be used; the message names the file and the remedy."""


class TrustList:
    """Keys by key id. A key id is the beginning of a digest, so several keys may share one: all are candidates."""

    def __init__(self, keys: Iterable[Ed25519PublicKey] = ()) -> None:
        self._by_id: dict[bytes, list[tuple[bytes, Ed25519PublicKey]]] = defaultdict(list)
        for key in keys:
            digest = key_digest(key)
            self._by_id[digest[:KEY_ID_LENGTH]].append((digest, key))

    def __len__(self) -> int:
        return sum(map(len, self._by_id.values()))

    def candidates(self, kid: bytes | None) -> Iterator[Ed25519PublicKey]:
        """Keys to try for a pass that names ``kid`` (``KEY_ID_LENGTH`` bytes or more of the digest, as an HCERT names
        eight); for one that names none, every key up to a bound."""
        if kid is not None:
            for digest, key in self._by_id.get(kid[:KEY_ID_LENGTH], ()):
                if digest.startswith(kid):
                    yield key
            return
        every = (key for keys in self._by_id.values() for _, key in keys)
        yield from islice(every, MOST_TRIED)


def key_digest(key: Ed25519PublicKey) -> bytes:
    """SHA-256 over the raw public key (as HCERT does over the certificate)."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).digest()


def key_id(key: Ed25519PublicKey) -> bytes:
    """What a pass names its key by: four bytes, because every byte is one and a half characters of the code."""
    return key_digest(key)[:KEY_ID_LENGTH]


def parse_key(data: bytes, name: str) -> Ed25519PublicKey:
    """Read a PEM or DER public key, a PEM or DER certificate, or 32 raw bytes.

    :raises TrustError: for anything else, naming ``name``.
    """
    if len(data) == _RAW_ED25519:
        return Ed25519PublicKey.from_public_bytes(data)
    loaders: tuple[Callable[[], object], ...] = (
        lambda: serialization.load_pem_public_key(data),
        lambda: serialization.load_der_public_key(data),
        lambda: x509.load_pem_x509_certificate(data).public_key(),
        lambda: x509.load_der_x509_certificate(data).public_key(),
    )
    for load in loaders:
        try:
            key = load()
        except ValueError:
            continue
        if isinstance(key, Ed25519PublicKey):
            return key
        raise TrustError(f"{name} holds a {type(key).__name__}; passes are signed with Ed25519")
    raise TrustError(f"{name} is no public key or certificate; give PEM, DER or 32 raw bytes")


def load_trust(folder: Path) -> TrustList:
    """Read every file of a folder as a key.

    :raises TrustError: the folder is missing or a file in it is no key.
    """
    if not folder.is_dir():
        raise TrustError(f"{folder} is no folder; make it and put the district's public keys in it")
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return TrustList(parse_key(path.read_bytes(), str(path)) for path in files)
