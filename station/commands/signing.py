"""The options by which a command gets the district's signing key, and the key opened."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.bootstrap.signing import signing_key
from station.commands import CommandError
from station.config import SigningSection
from station.passes.keys import SigningKeyError

NOTHING_KNOWN = SigningSection()


def configure_passphrase(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="its first line opens an encrypted key; without it a terminal is asked",
    )


def open_key(
    key: Path | None, passphrase_file: Path | None, known: SigningSection = NOTHING_KNOWN
) -> Ed25519PrivateKey:
    """The key of the options, else the one that the hub's configuration knows.

    :raises CommandError: there is none, or it stays shut.
    """
    section = SigningSection(
        key=str(key or known.key),
        passphrase_file=str(passphrase_file or ("" if key else known.passphrase_file)),
    )
    if not section.key:
        raise CommandError("no signing key: give --key FILE, or signing.key in hub.toml")
    try:
        return signing_key(section, _ask(Path(section.key)) if sys.stdin.isatty() else None)
    except SigningKeyError as error:
        raise CommandError(str(error)) from None


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
