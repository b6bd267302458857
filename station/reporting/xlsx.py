"""A report as a workbook, a sheet a table; rows as one sheet."""

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from station.domain.tables import Cell, Report, Table
from station.reporting.shortening import shorten

LONGEST_SHEET_NAME = 31
MOST_ROWS = 1_048_576
MAX_CELL_LENGTH = 32_767
MAX_EXACT_NUMBER = 2**53  # numbers of a workbook are floating-point
_MAX_WIDTH = 60  # characters
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_NARROWEST = 10


class TooManyRows(ValueError):
    """More rows than one sheet holds; the message says what to do."""


def write_xlsx(report: Report, path: Path | BytesIO) -> None:
    """:raises OSError: it cannot be written."""
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": report.title})
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "bg_color": "#DDE5EE", "border": 1})
        for table in report.tables:
            _write(book, report, table, bold, head)


def to_xlsx(report: Report) -> bytes:
    """As ``write_xlsx``, for who sends it on."""
    held = BytesIO()
    write_xlsx(report, held)
    return held.getvalue()


def _write(book: Workbook, report: Report, table: Table, bold: Format, head: Format) -> None:
    sheet = book.add_worksheet(_sheet_name(table.title, [known.name for known in book.worksheets()]))
    sheet.write_string(0, 0, shorten(f"{report.title}: {table.title}", MAX_CELL_LENGTH), bold)
    for number, line in enumerate(report.lines, 1):
        sheet.write_string(number, 0, shorten(line, MAX_CELL_LENGTH))
    top = len(report.lines) + 2
    for column, name in enumerate(table.columns):
        sheet.write_string(top, column, shorten(name, MAX_CELL_LENGTH), head)
        sheet.set_column(column, column, _width([name, *(row[column] for row in table.rows)]))
    for number, row in enumerate(table.rows, 1):
        last = table.total and number == len(table.rows)
        for column, cell in enumerate(row):
            sheet.write(top + number, column, _plain(cell), bold if last else None)
    sheet.freeze_panes(top + 1, 1)
    sheet.fit_to_pages(1, 0)


def _sheet_name(title: str, taken: list[str]) -> str:
    """What a workbook takes for the name of a sheet: short, without its own signs, no name twice, and not "History"."""
    name = title.translate(_NOT_IN_SHEET_NAMES).strip("' ") or "-"
    if name.lower() == "history":
        name += "-"
    known, short, number = {one.lower() for one in taken}, shorten(name, LONGEST_SHEET_NAME).strip("' "), 1
    while short.lower() in known:
        number += 1
        end = f" {number}"
        short = shorten(name, LONGEST_SHEET_NAME - len(end)) + end
    return short


def _width(cells: list[Cell]) -> int:
    """In characters of the standard face; a Chinese one takes two."""
    return min(
        _MAX_WIDTH, max(_NARROWEST, *(sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(cell)) + 2 for cell in cells))
    )


def write_rows(records: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Rows with the same members as one sheet, lists and maps as JSON text; row by row, so that memory stays flat.

    :return: rows written. :raises OSError: it cannot be written. :raises TooManyRows: more than a sheet holds.
    """
    count = 0
    with Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("ledger")
        sheet.freeze_panes(1, 1)
        for count, record in enumerate(records, 1):
            if count >= MOST_ROWS:
                raise TooManyRows(f"a sheet holds {MOST_ROWS - 1:,} rows and there are more; export csv or json")
            if count == 1:
                sheet.write_row(0, 0, list(record))
            sheet.write_row(count, 0, [_plain(value) for value in record.values()])
    return count


def _plain(value: Any) -> Any:
    """What a cell holds: no list, no text beyond its length, and a number beyond exactness as text."""
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) > MAX_EXACT_NUMBER:
        value = str(value)
    return shorten(value, MAX_CELL_LENGTH) if isinstance(value, str) else value
