"""A report as a workbook, a sheet a table; rows as one sheet."""

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from station.domain.tables import Cell, Report, Table

LONGEST_SHEET_NAME = 31
MOST_ROWS = 1_048_576
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
    sheet = book.add_worksheet(table.title[:LONGEST_SHEET_NAME])
    sheet.write_string(0, 0, f"{report.title}: {table.title}", bold)
    for number, line in enumerate(report.lines, 1):
        sheet.write_string(number, 0, line)
    top = len(report.lines) + 2
    for column, name in enumerate(table.columns):
        sheet.write_string(top, column, name, head)
        sheet.set_column(column, column, _width([name, *(row[column] for row in table.rows)]))
    for number, row in enumerate(table.rows, 1):
        last = table.total and number == len(table.rows)
        for column, cell in enumerate(row):
            sheet.write(top + number, column, cell, bold if last else None)
    sheet.freeze_panes(top + 1, 1)
    sheet.fit_to_pages(1, 0)


def _width(cells: list[Cell]) -> int:
    """In characters of the standard face; a Chinese one takes two."""
    return max(_NARROWEST, *(sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(cell)) + 2 for cell in cells))


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
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
