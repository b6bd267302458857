"""The daily tables over a real ledger."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from lanes import ZONE, LaneRig, Sensor
from made import NOON, a_pass, a_situation
from pypdf import PdfReader

from station.domain.by_hand import Told, registered
from station.domain.decision import Outcome, Source
from station.domain.passes import Must, TrafficKind
from station.domain.reasons import Reason
from station.domain.tables import Report
from station.ledger.report import DayFigures, Sums, day_figures
from station.reporting.daily import daily_report
from station.reporting.html import to_html
from station.reporting.pdf import to_pdf
from station.reporting.xlsx import TooManyRows, write_rows, write_xlsx
from web_ui.text import LANGUAGES, catalog

DAY = date(2026, 3, 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two lanes: a car and a bus granted, a car held for its origin-less stranger's code, one of an unknown time."""
    first = LaneRig(tmp_path, sensor=Sensor(36.4))
    first.scan(a_pass(origin="110105"))
    first.scan(a_pass(traffic=TrafficKind.BUS, party=40, origin="410700"))
    second = LaneRig(tmp_path, lane_id="2", ledger=first.ledger, clock=first.clock)
    second.scan("hello")
    first.clock.seconds += 3600
    by_hand = a_situation(lane="2", at=first.clock.now())
    first.ledger.append(registered(by_hand, Outcome.GRANTED, Told(), "0417"))
    first.clock.trusted = False
    first.scan(a_pass())
    first.clock.trusted = True
    first.clock.seconds += 24 * 3600
    first.scan(a_pass())
    first.ledger.close()
    return tmp_path


def words(language: str) -> dict[str, str]:
    return {**catalog(language), **catalog(f"report.{language}")}


def report_of(figures: DayFigures, language: str) -> Report:
    return daily_report(figures, "黄河桥北岸", ZONE, NOON, words(language))


def test_a_day_holds_the_passages_of_its_local_day_as_they_stand_now(folder: Path) -> None:
    figures = day_figures(folder, DAY, ZONE)
    assert figures.total == Sums(passages=4, vehicles=4, persons=44, granted=3, held=1)
    assert figures.lanes["1"] == Sums(2, 2, 42, 2)
    assert figures.lanes["2"] == Sums(2, 2, 2, 1, 1)
    assert {hour: sums.passages for hour, sums in figures.hours.items()} == {"12": 3, "13": 1}
    assert figures.kinds["bus"].persons == 40
    assert {origin: sums.passages for origin, sums in figures.origins.items()} == {
        "risk_area": 1,
        "this_province": 1,
        "unknown": 2,
    }
    assert figures.musts[Must.TEMPERATURE.value, Source.SENSOR.value] == 2
    assert figures.reasons[Reason.NOT_A_PASS] == 1
    assert figures.unknown_time.passages == 1


def test_a_day_without_passages_is_all_zero(folder: Path) -> None:
    figures = day_figures(folder, date(2026, 1, 1), ZONE)
    assert figures.total == Sums()
    assert report_of(figures, "zh").tables


def test_a_folder_without_a_ledger_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"ledger.db: there is no ledger"):
        day_figures(tmp_path, DAY, ZONE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_ends_in_the_same_total(folder: Path, language: str) -> None:
    report = report_of(day_figures(folder, DAY, ZONE), language)
    summed = [table for table in report.tables if table.total]
    assert [table.rows[-1][1:] for table in summed] == [(4, 4, 44, 3, 1, 0)] * 4
    for table in summed:
        columns = zip(*(row[1:] for row in table.rows[:-1]), strict=True)
        assert tuple(map(sum, columns)) == table.rows[-1][1:]


def test_a_must_counts_its_evidence_and_what_lacks_it(folder: Path) -> None:
    musts = report_of(day_figures(folder, DAY, ZONE), "en").tables[4]
    assert [sum(row[1:]) for row in musts.rows] == [4] * 5
    assert dict(zip(musts.columns, musts.rows[3], strict=True))["Sensor"] == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_a_sheet_a_table_with_numbers_as_numbers(folder: Path, language: str, tmp_path: Path) -> None:
    report = report_of(day_figures(folder, DAY, ZONE), language)
    write_xlsx(report, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == [table.title[:31] for table in report.tables]
    for table in report.tables:
        cells = [tuple(row) for row in book[table.title[:31]].iter_rows(values_only=True)]
        assert all(row in cells for row in table.rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_every_cell_in_an_embedded_typeface(folder: Path, language: str) -> None:
    report = report_of(day_figures(folder, DAY, ZONE), language)
    pdf = PdfReader(io.BytesIO(to_pdf(report)))
    said = "".join(page.extract_text() for page in pdf.pages).replace("\n", "").replace(" ", "")
    cells = [str(cell) for table in report.tables for row in (table.columns, *table.rows) for cell in row]
    assert not [cell for cell in (report.title, *report.lines, *cells) if cell.replace(" ", "") not in said]
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    descriptors = [font["/FontDescriptor"] for font in fonts if "/FontDescriptor" in font]
    assert descriptors
    assert all("/FontFile2" in descriptor for descriptor in descriptors)


def test_the_page_escapes_what_it_shows(folder: Path) -> None:
    figures = day_figures(folder, DAY, ZONE)
    page = to_html(daily_report(figures, "<script>", ZONE, NOON, words("zh")), "zh")
    assert "<script>" not in page
    assert '<html lang="zh">' in page
    assert page.count("<table>") == 8


def test_rows_beyond_a_sheet_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.reporting.xlsx.MOST_ROWS", 3)
    assert write_rows([{"a": 1}, {"a": [2]}], tmp_path / "two.xlsx") == 2
    with pytest.raises(TooManyRows, match="export csv or json"):
        write_rows([{"a": 1}] * 3, tmp_path / "three.xlsx")
