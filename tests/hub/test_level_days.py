"""The daily tables of a level: every station that stood there that day, and sums that agree with one another."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from hub_messages import NOW, SHANGHAI, live, segment, state, tally
from pypdf import PdfReader
from scripted_hub import District

from station.domain.boards import Board, BoardKind, board_number
from station.domain.level_import import Plan
from station.domain.levels import ALWAYS, Level, Placement
from station.hub.board_counts import BoardCounts
from station.hub.boards import register
from station.hub.crossing_days import KEPT, CrossingDays
from station.hub.level_registry import change_registry
from station.messages import SegmentMusts
from web_ui.district import create_app
from web_ui.text import catalog

LEVELS = ("pingyuan", "pingyuan/qiaobei", "pingyuan/qiaonan")


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    """One station moves on the second of March; another stands at the district itself; a third was never heard."""
    district = District(tmp_path, lambda: NOW)
    with district.database.transaction() as connection:
        change_registry(
            connection,
            Plan(
                added=tuple(Level(path, path.replace("pingyuan", "平原"), path.title()) for path in LEVELS),
                placed=(
                    Placement("mover", ALWAYS, LEVELS[1]),
                    Placement("mover", "2026-03-02", LEVELS[2]),
                    Placement("silent", ALWAYS, LEVELS[1]),
                    Placement("top", ALWAYS, LEVELS[0]),
                ),
            ),
        )
    days = (tally(passages=3), tally(passages=5, minute="2026-03-02T03:59Z", origin="risk_area", outcome="held"))
    district.say(state(levels=()), "mover")
    district.say(segment(1, *days, tally(passages=2, minute="boot:b+1")), "mover")
    district.say(live(20, lane_1=9), "mover")
    district.say(state(levels=()), "top")
    district.say(segment(1, tally(passages=7, kind="bus")), "top")
    yield district
    district.close()


@pytest.fixture
def client(district: District) -> FlaskClient:
    return create_app(district.services).test_client()


def tables(client: FlaskClient, level: str, day: str, language: str = "en") -> dict[str, list[list[object]]]:
    answer = client.get(f"/api/v1/levels/{level}/daily?day={day}&language={language}")
    assert answer.status_code == 200, answer.text
    return {table["title"]: table["rows"] for table in answer.json["tables"]}


def test_a_moved_station_counts_each_day_where_it_stood(client: FlaskClient) -> None:
    first, second = (tables(client, "pingyuan", day)["Work by level"] for day in ("2026-03-01", "2026-03-02"))
    assert [row[:2] for row in first] == [
        ["Pingyuan", 7],
        ["Pingyuan/Qiaobei", 3],
        ["Pingyuan/Qiaonan", 0],
        ["Total", 10],
    ]
    assert [row[:2] for row in second] == [
        ["Pingyuan", 0],
        ["Pingyuan/Qiaobei", 0],
        ["Pingyuan/Qiaonan", 5],
        ["Total", 5],
    ]


def test_every_station_that_stood_there_has_a_line_with_what_its_sensors_counted(client: FlaskClient) -> None:
    rows = tables(client, "pingyuan/qiaobei", "2026-03-01")["Work of the checkpoints"]
    assert rows == [
        ["北岸", 3, 3, 6, 3, 0, 0, 9, 0],
        ["silent", 0, 0, 0, 0, 0, 0, "–", "–"],
        ["Total", 3, 3, 6, 3, 0, 0, 9, 0],
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_table_ends_in_the_same_total(client: FlaskClient, language: str) -> None:
    words = catalog(f"report.{language}")
    named = ("by_level", "by_station", "origins", "hours", "kinds")
    found = tables(client, "pingyuan", "2026-03-02", language)
    for rows in (found[words[f"report.{name}"]] for name in named):
        assert rows[-1][1:7] == [5, 5, 10, 0, 5, 0]
        assert [sum(column) for column in zip(*(row[1:7] for row in rows[:-1]), strict=True)] == rows[-1][1:7]


def test_musts_done_stand_for_every_level_and_station_and_sum_up_what_was_told(
    client: FlaskClient, district: District
) -> None:
    told = (
        SegmentMusts("1", "2026-03-01T03:00Z", 3, 3, 2, 1, 3, 0, 1),
        SegmentMusts("2", "2026-03-01T04:00Z", 1, *[1] * 6),
    )
    district.say(replace(segment(2, tally()), musts=told), "mover")
    district.say(replace(segment(2, tally()), musts=told[1:]), "top")
    by_level = tables(client, "pingyuan", "2026-03-01")["Musts done by level"]
    assert by_level == [
        ["Pingyuan", 1, 1, 1, 1, 1, 1],
        ["Pingyuan/Qiaobei", 4, 4, 3, 2, 4, 1],
        ["Pingyuan/Qiaonan", *["–"] * 6],
        ["Total", 5, 5, 4, 3, 5, 2],
    ]
    stations = tables(client, "pingyuan/qiaobei", "2026-03-01")["Musts done at the checkpoints"]
    assert stations == [
        ["北岸", 4, 4, 3, 2, 4, 1],
        ["silent", *["–"] * 6],
        ["Total", 4, 4, 3, 2, 4, 1],
    ]


def test_publicity_is_what_boards_tell_and_those_in_buses_are_the_districts(
    client: FlaskClient, district: District
) -> None:
    assert "Publicity by level" not in tables(client, "pingyuan", "2026-03-01")
    number, bus = board_number(1001), board_number(1002)
    register(district.database, [Board(number, BoardKind.ROAD, "mover", "1"), Board(bus, BoardKind.BUS)])
    counts = BoardCounts(district.database, SHANGHAI, lambda: NOW)
    for board in (number, number, bus):
        counts.scanned(board)
    counts.declared(number)
    counts.flush()
    assert tables(client, "pingyuan", "2026-03-01")["Publicity by level"] == [
        ["Pingyuan", 0, 0, 0],
        ["Pingyuan/Qiaobei", 1, 2, 1],
        ["Pingyuan/Qiaonan", 0, 0, 0],
        ["In buses", 1, 1, 0],
        ["Total", 2, 3, 1],
    ]
    there = tables(client, "pingyuan/qiaobei", "2026-03-01")["Publicity at the checkpoints"]
    assert there == [["北岸", 1, 2, 1], ["silent", 0, 0, 0], ["Total", 1, 2, 1]]


def test_what_the_hub_is_not_told_is_said(client: FlaskClient) -> None:
    lines = client.get("/api/v1/levels/pingyuan/daily?day=2026-03-01&language=en").json["lines"]
    assert any("where a station told nothing" in line for line in lines)
    assert any("2 more passages of unknown time" in line for line in lines)


def test_a_sheet_of_paper_leaves_thousands_of_stations_to_the_levels_beneath(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web_ui.district.daily.MOST_STATIONS", {"pdf": 1})
    pdf = PdfReader(io.BytesIO(client.get("/api/v1/levels/pingyuan/daily?form=pdf&language=en").data))
    said = "".join(page.extract_text() for page in pdf.pages)
    assert "3 stations are left to the reports of the levels beneath" in said
    assert "Work of the checkpoints" not in said
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/levels/pingyuan/daily?form=xlsx").data))
    assert "卡点工作统计" in book.sheetnames


@pytest.mark.parametrize(
    ("query", "parameter"), [("day=yesterday", "day"), ("form=doc", "form"), ("language=fr", "language"), ("x=1", "x")]
)
def test_a_bad_parameter_is_named(client: FlaskClient, query: str, parameter: str) -> None:
    answer = client.get(f"/api/v1/levels/pingyuan/daily?{query}")
    assert (answer.status_code, answer.json["parameter"]) == (400, parameter)


def test_a_level_that_is_not_there_is_a_404(client: FlaskClient) -> None:
    assert client.get("/api/v1/levels/pingyuan/nowhere/daily").status_code == 404


def test_crossings_of_a_day_are_kept_when_the_next_has_begun_and_forgotten_in_time(
    district: District, client: FlaskClient
) -> None:
    days = CrossingDays(district.database, SHANGHAI, lambda: NOW)
    days.copy()
    district.say(live(21, day="2026-03-02", at="2026-03-02T12:00:00+08:00", lane_1=1), "mover")
    days.copy()
    assert tables(client, "pingyuan/qiaobei", "2026-03-01")["Work of the checkpoints"][0][-2:] == [9, 0]
    later = CrossingDays(district.database, SHANGHAI, lambda: NOW + KEPT + timedelta(days=1))
    later.copy()
    assert tables(client, "pingyuan/qiaobei", str(date(2026, 3, 1)))["Work of the checkpoints"][0][-2:] == ["–", "–"]
