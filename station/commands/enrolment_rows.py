"""Which stations are to be enrolled: named in the command line, or a row each in a CSV."""

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from station.commands import CommandError
from station.commands.hub_config import level_of
from station.commands.tables import SURPLUS, Row, read_table
from station.config.values import Identifier
from station.domain.levels import MOST_DEEP
from station.messages import ALL

COLUMNS = ("id", "name", "level", "grids")
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A station to be enrolled."""

    id: str
    name: str
    levels: tuple[str, ...]
    grids: tuple[str, ...] = ()


def wanted_of(args: Namespace, district: str) -> list[Wanted]:
    """:raises CommandError: a row that cannot be a station, or a station twice."""
    if args.csv and (args.stations or args.name or args.level):
        raise CommandError("--csv: names, levels and stations stand in the file; leave the others out")
    if args.name and len(args.stations) != 1:
        raise CommandError("--name: is for one station; for several give --csv")
    found = list(_of_table(args, district) if args.csv else _of_line(args, district))
    if not found:
        raise CommandError("no station is named; give its id, or --csv FILE")
    for station, times in Counter(one.id for one in found).items():
        if times > 1:
            raise CommandError(f"{station}: is named {times} times; leave the others out")
    return found


def _of_line(args: Namespace, district: str) -> Iterator[Wanted]:
    levels = level_of(args.level, district)
    return (_checked(Wanted(station, args.name or station, levels), station) for station in args.stations)


def _of_table(args: Namespace, district: str) -> Iterator[Wanted]:
    for number, row in read_table(args.csv, COLUMNS):
        yield _checked(_of_row(row, district), f"{args.csv} row {number}")


def _of_row(row: Row, district: str) -> Wanted:
    station = "" if SURPLUS in row else row.get("id", "")
    levels = level_of(row.get("level") or None, district)
    return Wanted(station, row.get("name") or station, levels, tuple(row.get("grids", "").split()))


def _checked(wanted: Wanted, place: str) -> Wanted:
    """:raises CommandError: naming the place."""
    try:
        _IDENTIFIER.validate_python(wanted.id)
    except ValidationError:
        raise CommandError(f"{place}: {wanted.id!r} is no station's id; give a-z, 0-9 and -, up to 63") from None
    if wanted.id == ALL:
        raise CommandError(f"{place}: {ALL!r} stands for every station in MQTT topics; give it a name of its own")
    if len(wanted.levels) > MOST_DEEP:
        raise CommandError(f"{place}: {len(wanted.levels)} levels; a district has {MOST_DEEP} at most")
    return wanted
