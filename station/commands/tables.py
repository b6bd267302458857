"""CSV files of the command line: named columns, rows by the number a spreadsheet shows."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from station.commands import CommandError
from station.domain.spreadsheets import BYTE_ORDER_MARK, CsvError, decode_csv, read_csv_rows, write_csv_rows

Row = Mapping[str, str]
SURPLUS = ""
"""Under this name stands what a row has beyond its columns: a comma in a cell that is not quoted, mostly."""


def decoded(data: bytes, name: str) -> str:
    """:raises CommandError: none of the encodings that spreadsheets save."""
    try:
        return decode_csv(data)
    except CsvError as error:
        raise CommandError(f"{name}: {error}") from None


def columns_of(text: str) -> list[str]:
    """The names in the first row."""
    return _named(next(read_csv_rows(text), (1, []))[1])


def rows_of(text: str, name: str) -> Iterator[tuple[int, Row]]:
    """Rows by the number that a spreadsheet shows them with, their cells stripped; empty ones are left out.

    :raises CommandError: no CSV.
    """
    columns: list[str] = []
    try:
        for number, cells in read_csv_rows(text):
            if number == 1:
                columns = _named(cells)
            elif any(cells):
                yield number, _row(columns, cells)
    except CsvError as error:
        raise CommandError(f"{name}: {error}") from None


def _named(cells: Sequence[str]) -> list[str]:
    """Without the empty columns at the end that spreadsheets leave."""
    columns = [*cells]
    while columns and not columns[-1]:
        columns.pop()
    return columns


def _row(columns: Sequence[str], cells: Sequence[str]) -> Row:
    row = dict(zip(columns, cells, strict=False))
    surplus = ",".join(cells[len(columns) :]).strip(", ")
    return row | {SURPLUS: surplus} if surplus else row


def read_table(file: Path, known: Sequence[str]) -> list[tuple[int, Row]]:
    """:raises CommandError: unreadable, no CSV, a column nobody knows, or one that stands there twice."""
    try:
        text = decoded(file.read_bytes(), str(file))
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    columns = columns_of(text)
    for column in columns:
        if column not in known:
            raise CommandError(f"{file}: no column is called {column!r}; there are {', '.join(known)}")
        if columns.count(column) > 1:
            raise CommandError(f"{file}: column {column!r} stands there twice; leave one out")
    return list(rows_of(text, str(file)))


def write_table(file: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """In UTF-8 with the mark that makes spreadsheets read it as such. :raises OSError: it cannot be written."""
    with open_csv(file) as out:
        write_csv_rows(out, [columns])
        write_csv_rows(out, ([row.get(column, "") for column in columns] for row in rows))


@contextmanager
def open_csv(file: Path | None) -> Iterator[TextIO]:
    """A CSV to write, with its byte order mark: a file, or stdout where none is given.

    A terminal gets no mark: nobody opens it in a spreadsheet.

    :raises OSError: it cannot be written.
    """
    if file is not None:
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            yield out
        return
    if not sys.stdout.isatty():
        sys.stdout.write(BYTE_ORDER_MARK)
    yield sys.stdout
