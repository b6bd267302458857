"""The district's signing keys: made, stored and loaded."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SigningKeyError(ValueError):
    """A signing key that cannot be used; the message names the file and the remedy."""


def new_signing_key(path: Path) -> Ed25519PrivateKey:
    """Make a key at ``path`` (readable by this user alone) and its public half beside it (``.pub``, PEM).

    :raises FileExistsError: a key is never written over.
    """
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(private)
    path.with_suffix(".pub").write_bytes(public_pem(key))
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def load_signing_key(path: Path) -> Ed25519PrivateKey:
    """:raises SigningKeyError: missing, unreadable or no Ed25519 private key."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise SigningKeyError(f"{path}: {error.strerror}; make one with 'station keys new {path}'") from None
    except (ValueError, TypeError):
        raise SigningKeyError(f"{path} is no unencrypted PEM private key") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(f"{path} holds another kind of key; passes are signed with Ed25519")
    return key
