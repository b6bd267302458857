"""CSV as spreadsheets save it and open it: encodings, separators, dates, and cells that would run as formulas.

Excel in China saves CSV in GB18030 and dates as ``2026/3/2``; "Unicode text" is UTF-16 with tabs. It opens a CSV as
UTF-8 only where a byte order mark says so, and runs a cell that begins like a formula (CWE-1236, OWASP "CSV
Injection"; Excel in China takes the full-width signs for formulas as well).
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from io import StringIO
from typing import TextIO

BYTE_ORDER_MARK = "\ufeff"
MAX_CSV_BYTES = 64 * 1024 * 1024
MAX_CELL_CHARACTERS = 32_767  # what Excel keeps in a cell
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = (",", "\t", ";")
_FORMULA_SIGNS = tuple("=+-@＝＋－＠﹢﹣﹦﹫")
_CELL_MARK = "'"
_DATE = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[ T]+(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?P<offset>Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


class CsvError(ValueError):
    """Bytes that are no CSV; the message says what to save instead."""


def decode_csv(data: bytes) -> str:
    """Text of a CSV file in UTF-8 (with or without a mark), UTF-16 (with one) or GB18030, its mark removed.

    :raises CsvError: larger than ``MAX_CSV_BYTES``, a workbook, or none of these encodings.
    """
    if len(data) > MAX_CSV_BYTES:
        raise CsvError(f"has {len(data)} bytes, where {MAX_CSV_BYTES} are the most; divide it")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise CsvError("is a workbook, not a CSV; save it as CSV in UTF-8")
    encodings = ("utf-16",) if data.startswith(_UTF16_MARKS) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CsvError("is neither UTF-8 nor GB18030; save it as CSV in UTF-8")


def read_csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their number, from 1, as a spreadsheet shows it; cells stripped, marks of ``neutralise_formula`` off.

    The separator is that of the first row: comma, or tab or semicolon where it has no comma.

    :raises CsvError: broken quoting, or a cell larger than ``MAX_CELL_CHARACTERS``.
    """
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    separator = next((sign for sign in _SEPARATORS if sign in first), ",")
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator), 1):
            if any(len(cell) > MAX_CELL_CHARACTERS for cell in cells):
                raise CsvError(f"row {number}: a cell has more than {MAX_CELL_CHARACTERS} characters; check its quotes")
            yield number, [_read_cell(cell) for cell in cells]
    except csv.Error as error:
        raise CsvError(f"{error}; give a CSV with its columns' names in the first row") from None


def _read_cell(cell: str) -> str:
    cell = cell.strip()
    if (
        cell.startswith('="') and cell.endswith('"') and len(cell) > 2
    ):  # how people keep Excel from changing 0417 to 417
        return cell[2:-1]
    marked = cell.startswith(_CELL_MARK) and _begins_formula(cell[1:])
    return cell[1:] if marked else cell


def write_csv_rows(out: TextIO, rows: Iterable[Sequence[object]]) -> int:
    """Write rows as CSV (RFC 4180), text cells neutralised.

    :return: how many rows.
    """
    writer, count = csv.writer(out), 0
    for row in rows:
        writer.writerow([neutralise_formula(cell) if isinstance(cell, str) else cell for cell in row])
        count += 1
    return count


def neutralise_formula(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"{_CELL_MARK}{cell}" if _begins_formula(cell) else cell


def _begins_formula(cell: str) -> bool:
    """Spreadsheets skip white space and invisible characters before the sign; a tab or line break alone is enough."""
    for character in cell:
        if character in _FORMULA_SIGNS or character in "\t\r\n":
            return True
        if not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf"):
            return False
    return False


def iso_text(text: str) -> str:
    """A date or a date with a time of day, as Excel or a person writes it, in the form of ISO 8601.

    ``2026/3/2``, ``2026.3.2``, ``2026年3月2日``, ``2026/3/2 8:00`` and full-width digits are read with the year first;
    any other text comes back unchanged. The offset stays as it is, also when there is none.
    """
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text.strip()))
    if found is None:
        return text.strip()
    day = f"{found['year']}-{int(found['month']):02}-{int(found['day']):02}"
    if found["clock"] is None:
        return day
    hours, _, rest = found["clock"].partition(":")
    return f"{day}T{int(hours):02}:{rest}{found['offset'] or ''}"


def parse_date(text: str) -> date:
    """A date with the year first, as ``iso_text`` reads it; a time of day of midnight behind it is dropped.

    :raises ValueError: no such date.
    """
    day, _, clock = iso_text(text).partition("T")
    if clock and set(clock) - set("0:"):
        raise ValueError("a date without a time of day is expected")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        raise ValueError("a date with the year first is expected")
    return date.fromisoformat(day)


def parse_clock(text: str) -> time:
    """A time of day such as ``8:00``, ``08:00`` or ``8:00:00``. :raises ValueError: no such time."""
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text.strip()))
    if found is None:
        raise ValueError("a time of day such as 08:00 is expected")
    return time(int(found[1]), int(found[2]), int(found[3] or 0))
