"""The district's secrets: signing keys, and the key of the lists' digests. Made, stored and loaded."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.passes.digests import LIST_KEY_BYTES
from station.passes.locked_key import BEGIN as BEGIN_LOCKED
from station.passes.locked_key import locked_pem
from station.passes.roles import KeyRole, KeyUse, RoleError, labelled_role, role_label

_OTHERS = 0o077


class SigningKeyError(ValueError):
    """A secret key that cannot be used; the message names the file and the remedy."""


def new_signing_key(path: Path, passphrase: bytes | None = None, role: KeyRole = KeyRole.DISTRICT) -> Ed25519PrivateKey:
    """Make a key at ``path`` (readable by this user alone) and its public half beside it (``.pub``, PEM). Both name
    the role.

    :raises FileExistsError: a key is never written over.
    """
    key = Ed25519PrivateKey.generate()
    _write_secret(path, role_label(role) + (locked_pem(key, passphrase) if passphrase else _plain_pem(key)))
    path.with_suffix(".pub").write_bytes(role_label(role) + public_pem(key))
    return key


def new_list_key(path: Path) -> None:
    """Make the bytes that key the digests of watchlists and residents. :raises FileExistsError: never written over."""
    _write_secret(path, secrets.token_bytes(LIST_KEY_BYTES))


def _plain_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def is_encrypted(path: Path) -> bool:
    """:raises SigningKeyError: it cannot be read."""
    return BEGIN_LOCKED in _read(path)


def load_signing_key(path: Path, passphrase: bytes | None = None, use: KeyUse | None = None) -> Ed25519PrivateKey:
    """``passphrase`` opens an encrypted key; a plain one does without. ``use`` is what it is to sign.

    :raises SigningKeyError: missing, open to others, locked, no Ed25519 private key, or one for another use.
    """
    pem = _read_secret(path)
    _check_role(path, pem, use)
    encrypted = BEGIN_LOCKED in pem
    if encrypted and not passphrase:
        raise SigningKeyError(f"{path} is encrypted; give its passphrase in a file (passphrase_file)")
    try:
        key = serialization.load_pem_private_key(pem, password=passphrase if encrypted else None)
    except (ValueError, TypeError):
        wrong = "does not open with this passphrase" if encrypted else "is no PEM private key"
        raise SigningKeyError(f"{path} {wrong}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(f"{path} holds another kind of key; passes are signed with Ed25519")
    return key


def _check_role(path: Path, pem: bytes, use: KeyUse | None) -> None:
    """A key whose file names no role is undivided, as all were before there were roles."""
    try:
        role = labelled_role(pem)
    except RoleError as error:
        raise SigningKeyError(f"{path} {error}") from None
    if role is not None and use is not None and use not in role.uses:
        raise SigningKeyError(f"{path} is a key for {role}, and this is signed with one for {use}; give that one")


def load_list_key(path: Path) -> bytes:
    """:raises SigningKeyError: missing, open to others, or of another length."""
    key = _read_secret(path)
    if len(key) != LIST_KEY_BYTES:
        raise SigningKeyError(f"{path} holds {len(key)} bytes where a list key has {LIST_KEY_BYTES}")
    return key


def read_passphrase(path: Path) -> bytes:
    """The first line of a file. :raises SigningKeyError: it cannot be read, or is empty."""
    first = _read(path).split(b"\n", 1)[0].rstrip(b"\r")
    if not first:
        raise SigningKeyError(f"{path}: the passphrase is expected in the first line, which is empty")
    return first


def _read_secret(path: Path) -> bytes:
    """What others may read is no secret: refused, as ssh does."""
    data = _read(path)
    if path.stat().st_mode & _OTHERS:
        raise SigningKeyError(f"{path} can be read by others; make it its user's alone: chmod 600 {path}")
    return data


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SigningKeyError(f"{path}: {error.strerror}; make one with 'station keys new'") from None


def _write_secret(path: Path, secret: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
