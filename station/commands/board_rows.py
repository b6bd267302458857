"""Boards from the options of ``station board print``, or from the rows of its CSV."""

import re
from argparse import Namespace
from collections.abc import Iterator

from station.commands import CommandError
from station.commands.tables import SURPLUS, Row, read_table
from station.domain.boards import FIRST_SERIAL, LAST_SERIAL, Board, BoardKind, board_number, is_board_number
from station.domain.plates import NoPlate, read_plate

COLUMNS = ("number", "station", "lane", "position", "plate", "seats")
MOST = 9999
MOST_SEATS = 300
_STATION = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def boards_of(args: Namespace, first: int, known: frozenset[str]) -> list[Board]:
    """A number that stands in the CSV is that board's own: it is printed again. The others are numbered from ``first``.

    :raises CommandError: a row that is no board, or a number that two boards would have.
    """
    rows = _rows(args)
    numbers = _numbers(rows, first)
    _refuse_doubles(rows, numbers, known)
    return [_board(where, number, row) for (where, row), number in zip(rows, numbers, strict=True)]


def _rows(args: Namespace) -> list[tuple[str, Row]]:
    """Where a board is said, and its cells; what a row leaves empty is as the option."""
    usual = {"number": "", "plate": args.bus, "seats": args.seats}
    usual |= {"station": args.station, "lane": args.lane, "position": args.position}
    if args.csv is None:
        many = 1 if args.bus else args.boards
        if not 1 <= many <= MOST:
            raise CommandError(f"--boards: {many} is not within 1 and {MOST}")
        return [(f"board {index}", usual) for index in range(1, many + 1)]
    rows = read_table(args.csv, COLUMNS)
    if not rows:
        raise CommandError(f"{args.csv}: no board in it; write a row for each below the columns' names")
    return [
        (f"{args.csv} row {number}", usual | {name: cell for name, cell in row.items() if cell}) for number, row in rows
    ]


def _numbers(rows: list[tuple[str, Row]], first: int) -> list[str]:
    if not FIRST_SERIAL <= first <= LAST_SERIAL - len(rows):
        raise CommandError(f"--first: {first} is not within {FIRST_SERIAL} and {LAST_SERIAL - len(rows)}")
    serials: Iterator[int] = iter(range(first, first + len(rows)))
    return [row["number"] or board_number(next(serials)) for _, row in rows]


def _refuse_doubles(rows: list[tuple[str, Row]], numbers: list[str], known: frozenset[str]) -> None:
    seen: dict[str, str] = {}
    for (where, row), number in zip(rows, numbers, strict=True):
        if number in seen:
            raise CommandError(f"{where}: number {number} is that of {seen[number]} already; a board has its own")
        if number in known and not row["number"]:
            raise CommandError(f"{where}: number {number} is registered for another board; leave --first out")
        seen[number] = where


def _board(where: str, number: str, row: Row) -> Board:
    if SURPLUS in row:
        raise CommandError(f"{where}: {row[SURPLUS]!r} is beyond the last column; quote a cell that holds a comma")
    if not is_board_number(number):
        raise CommandError(f"{where}: number: {number!r} is none; leave it empty for a new one")
    if row["plate"]:
        return Board(number, BoardKind.BUS, plate=_plate(where, row["plate"]), seats=_seats(where, row["seats"]))
    if not _STATION.fullmatch(row["station"]):
        raise CommandError(f"{where}: station: {row['station']!r} is no station's id; give one such as g107-north")
    return Board(number, BoardKind.ROAD, row["station"], row["lane"], row["position"])


def _plate(where: str, text: str) -> str:
    try:
        return read_plate(text).text
    except NoPlate:
        raise CommandError(f"{where}: plate: {text!r} is none, such as 豫A12345") from None


def _seats(where: str, text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_SEATS):
        raise CommandError(f"{where}: seats: {text!r} is no number from 1 to {MOST_SEATS}")
    return int(text)
