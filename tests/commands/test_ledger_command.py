"""``station ledger report|backup|export --format xlsx`` as a user types them."""

import json
from pathlib import Path

import openpyxl
import pytest
from lanes import LaneRig
from made import a_pass

from station.__main__ import main

pytestmark = pytest.mark.clock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rig = LaneRig(tmp_path / "data")
    rig.scan(a_pass())
    rig.scan("=HYPERLINK()")
    rig.ledger.close()
    return tmp_path / "data"


@pytest.mark.parametrize(("form", "begins"), [("xlsx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!doctype html>")])
def test_a_report_takes_its_form_from_the_outputs_ending(
    folder: Path, tmp_path: Path, form: str, begins: bytes
) -> None:
    path = tmp_path / f"report.{form}"
    assert main(["ledger", "report", str(folder), "--day", "2026-03-02", "--output", str(path)]) == 0
    assert path.read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "{folder}", "--output", "report.doc"], "report.doc does not end with .xlsx, .pdf, .html"),
        (["report", "{folder}", "--output", "nowhere/report.pdf"], "nowhere/report.pdf: No such file or directory"),
        (["report", "nowhere", "--output", "report.pdf"], "nowhere/ledger.db: there is no ledger"),
        (["export", "{folder}", "--format", "xlsx"], "a workbook cannot go to stdout"),
        (["backup", "{folder}", "/proc/nowhere"], "/proc/nowhere: No such file or directory; check the path"),
        (["backup", "nowhere", "usb"], "nowhere/ledger.db: there is no ledger"),
        (["backup", "{folder}", "{folder}", "--keep", "0"], "--keep: 1 is the least"),
    ],
)
def test_a_mistake_is_named(
    folder: Path,
    tmp_path: Path,
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["ledger", *(argument.format(folder=folder) for argument in arguments)]) == 2
    assert words in capsys.readouterr().err


def test_a_backup_says_where_it_is_and_what_it_removed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "usb" / "ledger-20200101T000000Z").mkdir(parents=True)
    assert main(["ledger", "backup", str(folder), str(tmp_path / "usb"), "--keep", "1"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["rows"] == 2
    assert Path(said["backup"], "ledger.db").exists()
    assert [Path(old).name for old in said["removed"]] == ["ledger-20200101T000000Z"]


def test_a_workbook_of_rows_runs_no_formula(folder: Path, tmp_path: Path) -> None:
    arguments = [
        "ledger",
        "export",
        str(folder),
        "--format",
        "xlsx",
        "--personal",
        "--output",
        str(tmp_path / "a.xlsx"),
    ]
    assert main(arguments) == 0
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx")["ledger"].iter_rows())
    assert len(rows) == 3
    (text,) = [cell for cell in rows[2] if cell.value == "=HYPERLINK()"]
    assert text.data_type == "s"


def test_an_export_opens_as_utf8_in_a_spreadsheet(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.csv"
    assert main(["ledger", "export", str(folder), "--personal", "--output", str(path)]) == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbfseq,")
    assert ",'=HYPERLINK()" in path.read_text("utf-8-sig")
    assert main(["ledger", "export", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("\ufeffseq,")
