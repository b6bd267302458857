"""CSV between this product and spreadsheets, both ways."""

import io
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.spreadsheets import (
    BYTE_ORDER_MARK,
    MAX_CELL_CHARACTERS,
    CsvError,
    decode_csv,
    iso_text,
    neutralise_formula,
    parse_clock,
    parse_date,
    read_csv_rows,
    write_csv_rows,
)

TEXT = "number,label\r\n0417,王**\r\n"
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(str.strip)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_is_read_in_every_encoding_that_spreadsheets_save(encoding: str) -> None:
    mark = BYTE_ORDER_MARK if encoding in ("utf-16-le", "utf-16-be") else ""
    assert decode_csv((mark + TEXT).encode(encoding)) == TEXT


@pytest.mark.parametrize("rare", ["䶮", "㛃", "𬭎", "𠮷", "Ü"])
def test_characters_beyond_gbk_are_read_from_gb18030(rare: str) -> None:
    assert decode_csv(f"label\n{rare}\n".encode("gb18030")) == f"label\n{rare}\n"


@pytest.mark.parametrize(("data", "remedy"), [(b"PK\x03\x04sheet", "workbook"), (b"plate\n\xff\xff\n", "UTF-8")])
def test_what_is_no_csv_is_refused_with_the_remedy(data: bytes, remedy: str) -> None:
    with pytest.raises(CsvError, match=remedy):
        decode_csv(data)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_first_row_tells_the_separator(separator: str) -> None:
    text = separator.join(["date", "0:00"]) + "\r\n" + separator.join(["2026/3/2", "甲班"]) + "\r\n"
    assert list(read_csv_rows(text)) == [(1, ["date", "0:00"]), (2, ["2026/3/2", "甲班"])]


def test_a_cell_beyond_what_a_spreadsheet_keeps_is_refused_by_its_row() -> None:
    with pytest.raises(CsvError, match="row 2"):
        list(read_csv_rows("a\n" + "x" * (MAX_CELL_CHARACTERS + 1)))


def test_a_number_that_was_kept_from_the_spreadsheet_is_read_whole() -> None:
    assert list(read_csv_rows('number\n"=""0417"""\n')) == [(1, ["number"]), (2, ["0417"])]


@pytest.mark.parametrize(
    "text",
    [
        "2026/3/2",
        "2026-3-2",
        "2026.3.2",
        "2026年3月2日",
        "2026-03-02",
        "２０２６/３/２",
        " 2026/3/2 0:00",
        "2026/03/02 00:00:00",
    ],
)
def test_dates_are_read_as_excel_and_people_write_them(text: str) -> None:
    assert parse_date(text) == date(2026, 3, 2)


@pytest.mark.parametrize("text", ["3/2/2026", "2026/13/2", "2026/2/30", "2026/3/2 8:00", "46083", "", "2026-W10-1"])
def test_what_is_no_date_with_the_year_first_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date(text)


@given(
    st.dates(), st.sampled_from(["{0.year:04}/{0.month}/{0.day}", "{0.year:04}年{0.month}月{0.day}日", "{0:%Y.%m.%d}"])
)
def test_every_date_comes_back_from_every_way_of_writing_it(day: date, way: str) -> None:
    assert parse_date(way.format(day) if day.year >= 1000 else day.isoformat()) == day


def test_a_time_of_day_keeps_its_offset_and_gets_none_of_its_own() -> None:
    assert iso_text("2026/3/2 8:05") == "2026-03-02T08:05"
    assert iso_text("2026/3/2 8:05:09+08:00") == "2026-03-02T08:05:09+08:00"
    assert iso_text("tomorrow") == "tomorrow"


@pytest.mark.parametrize(
    ("text", "at"), [("0:00", time(0)), ("8:00", time(8)), ("08:30:00", time(8, 30)), ("16：00", time(16))]
)
def test_times_of_day_are_read_as_excel_writes_them(text: str, at: time) -> None:
    assert parse_clock(text) == at


@pytest.mark.parametrize("text", ["24:00", "8", "8:60", "8:00 AM", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_clock(text)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        " =1",
        "\t1",
        "\r1",
        "\n1",
        "\u200b=1",
        "\ufeff=1",
        "\u3000＝1",
    ],
)
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert neutralise_formula(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "王**", "豫A12345", "1-1", "a=b", "'quoted'", "2026-03-02"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert neutralise_formula(cell) == cell


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=4))
def test_rows_written_are_the_rows_read(rows: list[list[str]]) -> None:
    rows = [[cell.replace("\r", "").replace("\n", "") for cell in row] for row in rows]
    rows = [[cell.strip() for cell in row if not cell.startswith("'") and not cell.startswith('="')] for row in rows]
    rows = [["a", "b"], *(row for row in rows if len(row) == 2)]
    out = io.StringIO()
    assert write_csv_rows(out, rows) == len(rows)
    assert [cells for _, cells in read_csv_rows(out.getvalue())] == rows
