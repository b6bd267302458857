"""The district's signing keys as a hub's configuration names them: which is for what, and opened."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station import config as cfg
from station.passes.keys import is_encrypted, load_signing_key, read_passphrase
from station.passes.roles import KeyRole, KeyUse

CREDENTIAL = "signing-passphrase"
"""What systemd's LoadCredential= or LoadCredentialEncrypted= calls the passphrase."""


def key_file(signing: cfg.SigningSection, use: KeyUse) -> str:
    """The file of the key that signs such things; empty where there is none."""
    match use:
        case KeyUse.TRUST:
            return signing.root_key or signing.key
        case KeyUse.LISTS:
            return signing.list_signing_key or signing.key
        case KeyUse.ORDERS:
            return signing.order_key or ("" if signing.root_key else signing.key)
        case KeyUse.PASSES:
            return signing.key


def configured_keys(signing: cfg.SigningSection) -> Iterator[tuple[Path, KeyRole]]:
    """Every signing key that the configuration names, with its role."""
    roles = {
        signing.root_key: KeyRole.TRUST,
        signing.list_signing_key: KeyRole.LISTS,
        signing.order_key: KeyRole.ORDERS,
        signing.key: KeyRole.PASSES if signing.root_key else KeyRole.DISTRICT,
    }
    return ((Path(file), role) for file, role in reversed(roles.items()) if file)


def signing_key(
    signing: cfg.SigningSection, use: KeyUse | None, ask: Callable[[], bytes] | None = None
) -> Ed25519PrivateKey:
    """Open the key that ``signing`` names for a use; None: ``signing.key``, whatever it is for. The passphrase of an
    encrypted one comes from ``passphrase_file``, else from systemd's credential, else from whoever ``ask`` asks.

    :raises SigningKeyError: it cannot be opened, or is for something else; the message names the file and the remedy.
    """
    path = Path(key_file(signing, use) if use else signing.key)
    if not is_encrypted(path):
        return load_signing_key(path, use=use)
    return load_signing_key(path, _passphrase(signing, ask), use)


def _passphrase(signing: cfg.SigningSection, ask: Callable[[], bytes] | None) -> bytes | None:
    if signing.passphrase_file:
        return read_passphrase(Path(signing.passphrase_file))
    credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / CREDENTIAL
    if "CREDENTIALS_DIRECTORY" in os.environ and credential.exists():
        return read_passphrase(credential)
    return ask() if ask else None
