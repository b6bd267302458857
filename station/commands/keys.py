"""``station keys new``: a district's signing key."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from station.commands import DONE, CommandError, Screens
from station.passes.keys import new_signing_key

HELP = "make a district's signing key"
EXAMPLE = "station keys new /etc/checkpoint-hub/district.key"


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="new")
    new = actions.add_parser("new", help="make an Ed25519 key, and its public half beside it (.pub)")
    new.add_argument("file", type=Path, help="where the private key goes; never written over")


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    try:
        new_signing_key(args.file)
    except FileExistsError:
        raise CommandError(f"{args.file} is there already; a key is never written over") from None
    except OSError as error:
        raise CommandError(f"{args.file}: {error.strerror}") from None
    print(f"{args.file}: private key, keep it safe\n{args.file.with_suffix('.pub')}: public key, for the stations")
    return DONE
