"""An authority as a folder: its certificate, its key, the revocation list, and the register of what it issued.

Whoever has the key can make stations. It may lie on a stick that is put in for enrolling; nothing needs it meanwhile.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from station.disk import PRIVATE, READABLE, write_whole
from station.enrolment.authority import Authority, AuthorityError, Revoked, new_authority, revocations
from station.passes.locked_key import locked_pem

CERTIFICATE, KEY, REVOKED = "ca.pem", "ca.key", "revoked.pem"
_MAKE = "make one with 'station hub authority new'"


def make(folder: Path, name: str, now: datetime, years: int, passphrase: bytes | None) -> Authority:
    """With a revocation list of nobody, so that a broker can read one from the first day.

    :raises AuthorityError: there is one already. :raises OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for file in (folder / KEY, folder / CERTIFICATE):
        if file.exists():
            raise AuthorityError(f"{file} is there already; an authority is never written over, name another folder")
    authority = new_authority(name, now, years)
    write_whole(folder / KEY, locked_pem(authority.key, passphrase) if passphrase else key_pem(authority.key), PRIVATE)
    write_whole(folder / CERTIFICATE, authority.certificate.public_bytes(Encoding.PEM), READABLE)
    write_whole(folder / REVOKED, revocations(authority, (), now, None), READABLE)
    return authority


def load(folder: Path, open_key: Callable[[Path], Ed25519PrivateKey]) -> Authority:
    """:raises AuthorityError: there is none, or its parts do not fit."""
    for file in (folder / KEY, folder / CERTIFICATE):
        if not file.exists():
            raise AuthorityError(f"{file} is missing: no authority is there; {_MAKE}")
    try:
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
    except (OSError, ValueError):
        raise AuthorityError(f"{folder / CERTIFICATE} is no certificate that can be read; {_MAKE}") from None
    key = open_key(folder / KEY)
    if certificate.public_key() != key.public_key():
        raise AuthorityError(f"{folder}: {KEY} is not the key of {CERTIFICATE}; put the right two together")
    return Authority(certificate, key)


def read_revocations(folder: Path) -> bytes:
    """The list as it is, PEM. :raises AuthorityError: it is missing or damaged."""
    file = folder / REVOKED
    try:
        listed = file.read_bytes()
        x509.load_pem_x509_crl(listed)
    except (OSError, ValueError):
        raise AuthorityError(f"{file} is missing or damaged; put a copy of it back") from None
    return listed


def write_revocations(folder: Path, authority: Authority, revoked: Iterable[Revoked], now: datetime) -> bytes:
    """:return: the list as it is now. :raises AuthorityError: the one before is damaged."""
    listed = revocations(authority, revoked, now, read_revocations(folder))
    write_whole(folder / REVOKED, listed, READABLE)
    return listed


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One command at a time issues and revokes, or the register would lose what the other wrote."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def key_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
