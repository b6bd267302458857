"""Texts of any length and with any sign: a report is always made, on paper and as a workbook."""

from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from station.domain.tables import Report, Table
from station.reporting.pdf import to_pdf
from station.reporting.shortening import shorten
from station.reporting.xlsx import LONGEST_SHEET_NAME, MAX_CELL_LENGTH, to_xlsx

LONG = "黄河大桥北岸检查站" * 500


def a_report(title: str, cell: str | int, columns: int = 3) -> Report:
    names = tuple(f"{title} {number}" for number in range(columns))
    table = Table(title, names, ((cell,) * columns, ("end",) * columns))
    return Report(title, (title,), (table, Table(title, names, ())))


@pytest.mark.parametrize("columns", [1, 3, 9, 17])
@pytest.mark.parametrize("text", [LONG, "x" * 5000, "a b " * 2000, "<b>" * 900])
def test_a_text_longer_than_a_page_is_shortened_on_paper(text: str, columns: int) -> None:
    told = "".join(page.extract_text() for page in PdfReader(BytesIO(to_pdf(a_report(text, text, columns)))).pages)
    assert "…" in told
    assert "end" in told.replace("\n", "")


@pytest.mark.parametrize(
    "title", ["[a]:*?/b\\", "History", "history", "'quoted'", "", "'", "x" * 40, LONG, "站点 / 车道", "A", "a"]
)
def test_every_title_gives_a_sheet_a_name_that_workbooks_take(title: str) -> None:
    book = openpyxl.load_workbook(BytesIO(to_xlsx(a_report(title, "1"))))
    assert len(book.sheetnames) == 2
    assert all(len(name) <= LONGEST_SHEET_NAME for name in book.sheetnames)


def test_a_cell_holds_what_it_can_of_a_text_and_of_a_number() -> None:
    sheet = openpyxl.load_workbook(BytesIO(to_xlsx(a_report("t", "y" * 40_000)))).worksheets[0]
    longest = max((str(cell.value) for row in sheet.rows for cell in row if cell.value), key=len)
    assert len(longest) == MAX_CELL_LENGTH
    assert longest.endswith("…")
    assert to_xlsx(a_report("t", 10**400))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=400), st.integers(1, 12))
def test_any_report_is_made(title: str, cell: str, columns: int) -> None:
    title, cell = (text.encode(errors="replace").decode() for text in (title, cell))
    assert to_xlsx(a_report(title, cell, columns))
    assert to_pdf(a_report(title, cell, columns)).startswith(b"%PDF")


@given(st.text(), st.integers(1, 50))
def test_a_shortened_text_is_never_longer_than_asked(text: str, most: int) -> None:
    assert len(shorten(text, most)) <= most
    assert len(text) > most or shorten(text, most) == text
