"""The district's signing key as a hub's configuration names it, opened."""

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station import config as cfg
from station.passes.keys import is_encrypted, load_signing_key, read_passphrase

CREDENTIAL = "signing-passphrase"
"""What systemd's LoadCredential= or LoadCredentialEncrypted= calls the passphrase."""


def signing_key(signing: cfg.SigningSection, ask: Callable[[], bytes] | None = None) -> Ed25519PrivateKey:
    """Open ``signing.key``. The passphrase of an encrypted one comes from ``passphrase_file``, else from systemd's
    credential, else from whoever ``ask`` asks.

    :raises SigningKeyError: it cannot be opened; the message names the file and the remedy.
    """
    path = Path(signing.key)
    if not is_encrypted(path):
        return load_signing_key(path)
    return load_signing_key(path, _passphrase(signing, ask))


def _passphrase(signing: cfg.SigningSection, ask: Callable[[], bytes] | None) -> bytes | None:
    if signing.passphrase_file:
        return read_passphrase(Path(signing.passphrase_file))
    credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / CREDENTIAL
    if "CREDENTIALS_DIRECTORY" in os.environ and credential.exists():
        return read_passphrase(credential)
    return ask() if ask else None
