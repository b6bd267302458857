"""CSV as spreadsheets write it: UTF-8 with or without a mark, or GB18030, as Excel saves it in China."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

from station.commands import CommandError

Row = Mapping[str, str]
SURPLUS = ""
"""Under this name stands what a row has beyond its columns: a comma in a cell that is not quoted, mostly."""


def decoded(data: bytes, name: str) -> str:
    """:raises CommandError: neither encoding."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandError(f"{name}: is neither UTF-8 nor GB18030; save it as CSV in UTF-8")


def columns_of(text: str) -> list[str]:
    """The names in the first row."""
    return _named(next(csv.reader(StringIO(text, newline="")), []))


def rows_of(text: str, name: str) -> Iterator[tuple[int, Row]]:
    """Rows by the number that a spreadsheet shows them with, their cells stripped; empty ones are left out.

    :raises CommandError: no CSV.
    """
    columns: list[str] = []
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline="")), 1):
            if number == 1:
                columns = _named(cells)
            elif any(cell.strip() for cell in cells):
                yield number, _row(columns, cells)
    except csv.Error as error:
        raise CommandError(f"{name}: {error}; give a CSV with its columns' names in the first row") from None


def _named(cells: Sequence[str]) -> list[str]:
    """Without the empty columns at the end that spreadsheets leave."""
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    return columns


def _row(columns: Sequence[str], cells: Sequence[str]) -> Row:
    row = {column: cell.strip() for column, cell in zip(columns, cells, strict=False)}
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
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
