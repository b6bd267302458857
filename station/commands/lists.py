"""``station list show|set|add|remove|renew``: what the hub signs for its stations."""

import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from station.clock import utc_now
from station.commands import DONE, FOUND_WRONG, CommandError, Screens
from station.commands.keys import key_id
from station.commands.list_desk import ListDesk, configure_desk, configure_files, list_files, open_desk
from station.commands.list_rows import COLUMNS, digests_in, ids_in, keys_in
from station.config import load_hub
from station.passes.entries import Entries
from station.passes.signed_lists import Body, Digested, ListError, Listing, ListName, Revocations, Trusted
from station.passes.trust import key_digest

EXAMPLE = """station list set residents --file households.csv --config hub.toml
  station list add watchlist --file plates.csv --config hub.toml
  station list set trust --file keys.csv --config hub.toml
  station list renew --config hub.toml
  station list show --config hub.toml"""
_CHANGED = (ListName.REVOCATIONS, ListName.WATCHLIST, ListName.RESIDENTS)


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="show|set|add|remove|renew")
    show = actions.add_parser("show", help="every list with version and expiry; exit 1 if one is stale or damaged")
    configure_files(show)
    for action, says, names in (
        ("set", "exactly what is in the file, and nothing else", tuple(ListName)),
        ("add", "what is in the file as well", _CHANGED),
        ("remove", "no longer what is in the file", _CHANGED),
    ):
        change = actions.add_parser(action, help=f"the list holds {says}")
        columns = "; ".join(f"{name}: {', '.join(COLUMNS[name])}" for name in names)
        change.add_argument("name", choices=[name.value for name in names])
        change.add_argument("--file", type=Path, required=True, metavar="FILE", help=f"CSV; columns of {columns}")
        configure_desk(change)
    renew = actions.add_parser("renew", help="sign lists anew as they are: a later expiry, or another key")
    renew.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(ListName)}; every list without it")
    configure_desk(renew)


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    if args.action == "show":
        return _show(args)
    if args.action == "renew":
        return _renew(args)
    name = ListName(args.name)
    desk = open_desk(args, [name])
    body = _read(name, args.file, desk)
    desk.change(desk.files.place(name, args.station), lambda before: _changed(args.action, before, body))
    return DONE


def _read(name: ListName, file: Path, desk: ListDesk) -> Body:
    match name:
        case ListName.REVOCATIONS:
            return Revocations(Entries(ids_in(file)))
        case ListName.WATCHLIST | ListName.RESIDENTS:
            digests = desk.digests()
            return Digested(digests.key_id, Entries(digests_in(name, file, digests)))
        case ListName.TRUST:
            return _trusted(file, desk)


def _trusted(file: Path, desk: ListDesk) -> Trusted:
    """A list that leaves out its own signer is refused where the signer's file is not in the station's trust_dir."""
    keys = keys_in(file)
    signer = desk.key(ListName.TRUST).public_key()
    if key_digest(signer) not in {key_digest(listed.key) for listed in keys}:
        print(
            f"note: the key that signs, {key_id(signer)}, is not in {file}: "
            "stations take this list only if they have it in trust_dir",
            file=sys.stderr,
        )
    return Trusted(tuple(keys))


def _changed(action: str, before: Listing | None, given: Body) -> Body:
    """:raises CommandError: digests under different keys cannot stand in one list."""
    match before.body if before else None, given:
        case (Revocations(held), Revocations(entries)) if action != "set":
            return Revocations(_combined(action, held, entries))
        case (Digested(key_id, held), Digested(given_id, entries)) if action != "set":
            if key_id != given_id:
                raise CommandError("the list was made with another list_key; make it anew with 'station list set'")
            return Digested(key_id, _combined(action, held, entries))
        case _, Revocations() | Digested() if action == "remove":
            raise CommandError("there is no such list yet; make one with 'station list set'")
        case _:
            return given


def _combined(action: str, held: Entries, given: Entries) -> Entries:
    return Entries(set(held) | set(given) if action == "add" else set(held) - set(given))


def _renew(args: Namespace) -> int:
    unknown = set(args.names) - set(ListName)
    if unknown:
        raise CommandError(f"no list is called {min(unknown)!r}; there are {', '.join(ListName)}")
    config = load_hub(args.config)
    places = [place for place in list_files(config).places() if not args.names or place.name in args.names]
    if not places:
        raise CommandError(f"there is no list to renew in {config.hub.data_dir}/lists")
    desk = open_desk(args, [place.name for place in places])
    for place in places:
        desk.change(place, _as_it_is)
    return DONE


def _as_it_is(before: Listing | None) -> Body:
    assert before is not None  # its place was found in the folder
    return before.body


def _show(args: Namespace) -> int:
    config = load_hub(args.config)
    files, wrong = list_files(config), 0
    for place in files.places():
        try:
            listing = files.read(place)
        except (ListError, OSError) as error:
            print(error, file=sys.stderr)
            wrong += 1
            continue
        if listing is not None:
            stale = listing.expires <= utc_now()
            wrong += stale
            print(_line(listing, "stale" if stale else "current"))
    return FOUND_WRONG if wrong else DONE


def _line(listing: Listing, state: str) -> str:
    place, times = listing.place, f"signed {_minute(listing.issued_at)}, expires {_minute(listing.expires)}"
    return f"{place.name} for {place.station}: {state}, {listing.size} entries, version {listing.version}, {times}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%MZ}"
