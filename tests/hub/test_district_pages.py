"""What the district's pages show, to whom, and as which files."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hub_messages import NOW, live, segment, state, tally
from hub_visitors import client_of, visitor_of
from openpyxl import load_workbook
from pypdf import PdfReader
from scripted_hub import District

from station.domain.accounts import By, Role
from station.domain.boards import Board, BoardKind, board_number
from station.domain.tables import Report, Table
from station.hub.boards import register
from web_ui.district import downloads

QIAOBEI, QIAONAN = ("pingyuan", "qiaobei"), ("pingyuan", "qiaonan")


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path, lambda: NOW, anonymous_read=False)
    for station, levels in (("north", (*QIAOBEI, "bridge-north")), ("south", (*QIAONAN, "bridge-south"))):
        district.say(state(levels=levels, name=f"{station} bank"), station)
        district.say(segment(1, tally(passages=3), tally(passages=1, kind="truck")), station)
        district.say(live(10, lane_1=4), station)
    yield district
    district.close()


@pytest.fixture
def client(district: District) -> FlaskClient:
    return visitor_of(district)


@pytest.fixture
def of_qiaobei(district: District) -> FlaskClient:
    return visitor_of(district, "wang", Role.DISPATCHER, QIAOBEI)


def rows_of(client: FlaskClient, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(path).get_data(as_text=True).removeprefix("\ufeff"))))


def test_a_level_is_told_in_parts_the_levels_that_hold_one_station_as_the_station(client: FlaskClient) -> None:
    answer = client.get("/tree/children?level=pingyuan").json
    assert [node["id"] for node in answer["nodes"]] == ["north", "south"]
    assert answer["total"] == 2
    assert client.get("/tree/children?level=pingyuan&after=1").json["nodes"] == answer["nodes"][1:]
    assert client.get("/tree/children?level=pingyuan&after=x").status_code == 400


@pytest.mark.parametrize("path", ["/", "/tree/children", "/wall", "/curves", "/curves.csv", "/tables", "/daily.csv"])
def test_a_level_elsewhere_is_not_there(of_qiaobei: FlaskClient, path: str) -> None:
    assert of_qiaobei.get(path).status_code == 200
    assert of_qiaobei.get(f"{path}?level=pingyuan/qiaobei").status_code == 200
    for elsewhere in ("pingyuan", "pingyuan/qiaonan", "pingyuan/qiaobei-east", "elsewhere", "pingyuan/qiaobei/nowhere"):
        assert of_qiaobei.get(f"{path}?level={elsewhere}").status_code == 404


def test_a_station_elsewhere_is_not_there(of_qiaobei: FlaskClient) -> None:
    assert "north bank" in of_qiaobei.get("/stations/north").text
    assert [of_qiaobei.get(f"/stations/{name}").status_code for name in ("south", "nowhere")] == [404, 404]
    events = of_qiaobei.get("/events?watch=station/south&watch=station/north&watch=level/pingyuan").iter_encoded()
    assert next(events)
    told = next(events).decode()
    assert "station/north" in told
    assert "south" not in told
    assert '"level/pingyuan"' not in told


def test_boards_are_those_of_stations_that_the_visitor_sees(
    district: District, client: FlaskClient, of_qiaobei: FlaskClient
) -> None:
    boards = [
        Board(board_number(1001), BoardKind.ROAD, "north"),
        Board(board_number(1002), BoardKind.ROAD, "south"),
        Board(board_number(1003), BoardKind.BUS),
    ]
    register(district.database, boards)
    assert client.get("/boards").text.count("data-board") == 3
    assert of_qiaobei.get("/boards").text.count("data-board") == 1
    assert len(of_qiaobei.get("/api/v1/boards").json["boards"]) == 1
    assert [row[2:3] for row in rows_of(client, "/boards.csv")] == [["Station"], ["north"], ["south"], [""]]
    assert [row[2:3] for row in rows_of(of_qiaobei, "/boards.csv")] == [["Station"], ["north"]]


def test_curves_are_downloaded_in_every_form(client: FlaskClient) -> None:
    ask = "day=2026-03-01&by=kind&level=pingyuan"
    rows = rows_of(client, f"/curves.csv?{ask}")
    assert rows[0] == ["Hour", "Car", "Car (Week before)", "Truck", "Truck (Week before)"]
    assert rows[12] == ["2026-03-01 11:00", "6", "0", "2", "0"]
    assert len(rows) == 25
    sheet = load_workbook(io.BytesIO(client.get(f"/curves.xlsx?{ask}").data)).active
    assert [cell.value for cell in sheet[16]][:2] == ["2026-03-01 11:00", 6]
    (table,) = json.loads(client.get(f"/curves.json?{ask}").data)["tables"]
    assert table["rows"][11] == ["2026-03-01 11:00", 6, 0, 2, 0]
    assert len(PdfReader(io.BytesIO(client.get(f"/curves.pdf?{ask}").data)).pages) == 1
    assert client.get(f"/curves.doc?{ask}").status_code == 404


@pytest.mark.parametrize("wrong", ["day=yesterday", "days=2", "by=colour", "measure=tons"])
def test_a_question_that_makes_no_sense_is_refused(client: FlaskClient, wrong: str) -> None:
    assert client.get(f"/curves?{wrong}").status_code == 400


def test_the_days_tables_stand_on_the_page_and_in_the_files(client: FlaskClient) -> None:
    page = client.get("/tables?day=2026-03-01").get_data(as_text=True)
    assert "qiaobei" in page
    assert ">8<" in page  # passages of both stations
    assert client.get("/tables?day=tomorrow").status_code == 400
    for form in downloads.FORMS:
        answer = client.get(f"/daily.{form}?day=2026-03-01")
        assert answer.status_code == 200
        assert f".{form}" in answer.headers["Content-Disposition"]


def test_what_stands_right_beneath_a_level_comes_out_with_its_counts(client: FlaskClient) -> None:
    rows = rows_of(client, "/overview.csv")
    assert [row[:4] for row in rows[1:]] == [
        ["pingyuan/qiaobei", "qiaobei", "1/1 online", "4"],
        ["pingyuan/qiaonan", "qiaonan", "1/1 online", "4"],
    ]
    (row,) = rows_of(client, "/overview.csv?level=pingyuan/qiaobei/bridge-north")[1:]
    assert row[:4] == ["north", "north bank", "Online", "4"]
    assert client.get("/overview.xlsx?level=pingyuan/nowhere").status_code == 404
    assert 'href="/overview.xlsx?level=pingyuan/qiaobei"' in client.get("/?level=pingyuan/qiaobei").text


def test_a_stations_lanes_come_out_with_their_counts(client: FlaskClient, of_qiaobei: FlaskClient) -> None:
    rows = rows_of(client, "/stations/south/lanes.csv")
    assert [row[:2] for row in rows] == [["Lane", "Granted"], ["1", "4"], ["2", "0"]]
    assert of_qiaobei.get("/stations/south/lanes.csv").status_code == 404


def test_the_audit_trail_comes_out_whole_for_administrators_of_the_whole_district(
    district: District, of_qiaobei: FlaskClient
) -> None:
    client = visitor_of(district, "chen", Role.ADMINISTRATOR)
    for number in range(150):  # more than a page of it
        district.pages.trail.note(By("zhao"), "order.written", f"order {number}")
    rows = rows_of(client, "/audit.csv?who=zhao")[1:]
    assert sorted(row[3] for row in rows) == sorted(f"order {number}" for number in range(150))
    assert of_qiaobei.get("/audit.csv").status_code == 403
    part = visitor_of(district, "qian", Role.ADMINISTRATOR, QIAOBEI)
    assert part.get("/audit.csv").status_code == 403


def test_a_question_with_words_of_flasks_own_is_no_mistake_of_the_hubs(client: FlaskClient) -> None:
    assert client.get("/boards?endpoint=x&_external=1&form=y").status_code == 200


def test_a_cell_that_a_spreadsheet_would_run_is_told_as_text() -> None:
    report = Report("", (), (Table("", ("name", "n"), (("=1+1", 1), ("+86", -2), ("北", 3))),))
    lines = downloads.as_csv(report).removeprefix("\ufeff").splitlines()
    assert lines == ["name,n", "'=1+1,1", "'+86,-2", "北,3"]


def test_a_theme_is_kept_and_an_unknown_one_refused(district: District) -> None:
    client = client_of(district)
    assert 'data-theme="system"' in client.get("/login").text
    assert client.get("/theme/dark?next=/login").location == "/login"
    assert 'data-theme="dark"' in client.get("/login").text
    assert client.get("/theme/pink").status_code == 404
