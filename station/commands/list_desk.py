"""The hub's folder of lists and the key that signs them, opened for one change by a command."""

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.clock import utc_now
from station.commands import CommandError
from station.commands.signing import configure_passphrase, open_key
from station.config import HubConfig, load_hub
from station.hub.list_files import ListFiles
from station.passes.digests import Digests
from station.passes.keys import SigningKeyError, load_list_key
from station.passes.list_versions import is_beyond
from station.passes.roles import KeyUse
from station.passes.signed_lists import ALL, Body, ListError, Listing, ListName, Place, use_of

LASTS_DAYS = 30.0
MOST_DAYS = 3660
_STATION = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class ListDesk:
    config: HubConfig
    files: ListFiles
    keys: Mapping[KeyUse, Ed25519PrivateKey]
    lasts: timedelta
    renumber: bool = False

    def digests(self) -> Digests:
        """:raises CommandError: the hub has no list key."""
        if not self.config.signing.list_key:
            raise CommandError("signing.list_key: is missing in hub.toml; make one with 'station keys new --for lists'")
        try:
            return Digests(load_list_key(Path(self.config.signing.list_key)))
        except SigningKeyError as error:
            raise CommandError(f"signing.list_key: {error}") from None

    def key(self, name: ListName) -> Ed25519PrivateKey:
        """What signs such a list."""
        return self.keys[use_of(name)]

    def change(self, place: Place, changed: Callable[[Listing | None], Body]) -> Listing:
        """Sign what ``changed`` makes of the list as it is, and say so. :raises CommandError: it cannot be done."""
        try:
            with self.files.changing():
                before = self.files.read(place)
                after = self.files.write(
                    place, changed(before), self.lasts, self.key(place.name), utc_now(), self.renumber
                )
        except (ListError, OSError) as error:
            raise CommandError(str(error)) from None
        if is_beyond(after.version, after.issued_at):
            print(
                f"note: version {after.version} lies more than a day ahead of this machine's clock, and stations will "
                "wait for their own; where the clock is right, sign it with --renumber",
                file=sys.stderr,
            )
        print(f"{self.files.path(place)}: version {after.version}, {after.size} entries, signed")
        return after


def configure_desk(parser: ArgumentParser) -> None:
    configure_files(parser)
    parser.add_argument("--key", type=Path, metavar="FILE", help="the signing key; without it as hub.toml says")
    configure_passphrase(parser)
    parser.add_argument(
        "--station", type=_station, default=ALL, metavar="ID", help="for one station; without it for all"
    )
    parser.add_argument(
        "--renumber",
        action="store_true",
        help="begin the versions with the present again, after this machine's clock was wrong; stations that hold a "
        "higher one take it within a day",
    )
    parser.add_argument(
        "--days", type=_days, default=LASTS_DAYS, help=f"stale after so many days unless renewed ({LASTS_DAYS:g})"
    )


def configure_files(parser: ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the hub's hub.toml")


def open_desk(args: Namespace, names: Iterable[ListName]) -> ListDesk:
    """For lists of these names.

    :raises ConfigError: hub.toml is wrong. :raises CommandError: the folder or a key cannot be used.
    """
    config = load_hub(args.config)
    uses = sorted({use_of(name) for name in names})
    keys = {use: open_key(args.key, args.passphrase_file, use, config.signing) for use in uses}
    return ListDesk(config, list_files(config), keys, timedelta(days=args.days), args.renumber)


def list_files(config: HubConfig) -> ListFiles:
    """:raises CommandError: the folder cannot be made."""
    try:
        return ListFiles(Path(config.hub.data_dir), config.hub.district)
    except OSError as error:
        raise CommandError(f"hub.data_dir: {error}; run this as the hub's user") from None


def _station(text: str) -> str:
    """As station.id in station.toml: it becomes part of a file's name and of a topic."""
    if not _STATION.fullmatch(text):
        raise ArgumentTypeError(f"{text!r} is no station's id: a-z, 0-9 and -")
    return text


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = 0.0
    if not 0 < days <= MOST_DAYS:
        raise ArgumentTypeError(f"{text!r} is no number of days from 0 to {MOST_DAYS}")
    return days
