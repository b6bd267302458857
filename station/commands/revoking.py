"""``station pass revoke``: passes taken back, at every station within seconds."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from station.commands import DONE, CommandError
from station.commands.list_desk import configure_desk, open_desk
from station.commands.list_rows import RowError, id_of, ids_in
from station.passes.entries import Entries
from station.passes.signed_lists import Body, Listing, ListName, Revocations


def configure_revoke(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="pass ids, as 'pass show' prints them")
    parser.add_argument("--file", type=Path, metavar="FILE", help="an id a line; or a CSV with a column 'id'")
    parser.add_argument("--undo", action="store_true", help="these are revoked no longer")
    configure_desk(parser)


def revoke(args: Namespace) -> int:
    """:raises CommandError: an id is none; then nothing is revoked."""
    ids = _ids(args)
    desk = open_desk(args, [ListName.REVOCATIONS])

    def changed(before: Listing | None) -> Body:
        revoked = set(entries_of(before))
        return Revocations(Entries(revoked - ids if args.undo else revoked | ids))

    desk.change(desk.files.place(ListName.REVOCATIONS, args.station), changed)
    return DONE


def entries_of(listing: Listing | None) -> Entries:
    """What a list holds; nothing if there is none."""
    match listing:
        case Listing(body=Revocations(entries)):
            return entries
        case _:
            return Entries()


def _ids(args: Namespace) -> set[bytes]:
    try:
        ids = {id_of(text) for text in args.ids}
    except RowError as error:
        raise CommandError(str(error)) from None
    ids |= set(ids_in(args.file)) if args.file else set()
    if not ids:
        raise CommandError("no pass to revoke; give an ID or --file FILE")
    return ids
