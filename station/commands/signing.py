"""The options by which a command gets the district's signing key, and the key opened."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.bootstrap.signing import configured_keys, key_file, signing_key
from station.commands import CommandError
from station.config import SigningSection
from station.passes.keys import SigningKeyError
from station.passes.roles import KeyUse

NOTHING_KNOWN = SigningSection()


def configure_passphrase(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="its first line opens an encrypted key; without it a terminal is asked",
    )


def open_key(
    key: Path | None, passphrase_file: Path | None, use: KeyUse | None, known: SigningSection = NOTHING_KNOWN
) -> Ed25519PrivateKey:
    """The key of the options, else the one that the hub's configuration knows for a use; None: for any.

    :raises CommandError: there is none, it stays shut, or it is for something else.
    """
    file = str(key or (key_file(known, use) if use else known.key))
    if not file:
        raise CommandError(f"no signing key for {use or 'this'}: give --key FILE, or signing.key in hub.toml")
    section = SigningSection(key=file, passphrase_file=str(passphrase_file or ("" if key else known.passphrase_file)))
    try:
        opened = signing_key(section, use, _ask(Path(file)) if sys.stdin.isatty() else None)
    except SigningKeyError as error:
        raise CommandError(str(error)) from None
    _check_configured_role(file, use, known)
    return opened


def _check_configured_role(file: str, use: KeyUse | None, known: SigningSection) -> None:
    """:raises CommandError: hub.toml has the key for something else."""
    roles = {path.resolve(): role for path, role in configured_keys(known)}
    role = roles.get(Path(file).resolve())
    if role is not None and use is not None and use not in role.uses:
        raise CommandError(f"{file} is for {role} in hub.toml, and this is signed with a key for {use}; give that one")


def ask_new_passphrase() -> bytes:
    """:raises CommandError: the two answers differ, or there is nobody to ask."""
    if not sys.stdin.isatty():
        raise CommandError("--passphrase asks on a terminal, and this is none; give --passphrase-file FILE")
    first, second = getpass("passphrase: "), getpass("once more: ")
    if not first or first != second:
        raise CommandError("the two passphrases differ or are empty; nothing was made")
    return first.encode()


def _ask(key: Path) -> Callable[[], bytes]:
    return lambda: getpass(f"passphrase of {key}: ").encode()
