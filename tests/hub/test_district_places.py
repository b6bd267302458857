"""Moving in the district's tree: up by links, anywhere by the first letters, and never beyond what one sees."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hub_messages import NOW, received, state
from hub_visitors import post, visitor_of
from scripted_hub import District
from test_hub_events import incident, told

from station.domain.accounts import Role
from station.domain.boards import Board, BoardKind, board_number
from station.domain.level_import import Plan
from station.domain.levels import Level
from station.hub.boards import register
from station.hub.level_registry import change_registry

PAGES = ("/", "/curves", "/tables", "/incidents", "/inspections", "/orders", "/boards")
TITLES = {"pingyuan": "平原示范区", "pingyuan/qiaobei": "桥北乡", "pingyuan/qiaonan": "桥南乡"}


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path, lambda: NOW, anonymous_read=False)
    levels = tuple(Level(path, title, f"{path.rpartition('/')[2].title()} Township") for path, title in TITLES.items())
    with district.database.transaction() as connection:
        change_registry(connection, Plan(added=levels))
    district.overview.tree.title(district.queries.levels())
    for station, level in (("north", "qiaobei"), ("south", "qiaonan")):
        district.say(state(levels=("pingyuan", level, f"bridge-{station}"), name=station.upper()), station)
    district.say(state(levels=(), name="TOP"), "top")
    yield district
    district.close()


@pytest.fixture
def client(district: District) -> FlaskClient:
    return visitor_of(district)


def ways(page: str) -> dict[str, str]:
    """Where the links of the line above a page lead to, and which paths the field offers at first, by their words."""
    (place,) = re.findall(r'<nav class="place".*?</nav>', page, re.DOTALL)
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', place) + re.findall(r'<option value="([^"]+)">([^<]+)<', place)
    return {name: to.replace("&amp;", "&") for to, name in found}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_about_a_level_leads_up_and_offers_what_is_beneath(client: FlaskClient, path: str) -> None:
    top = ways(client.get(path).text)
    assert top == {"Qiaobei Township": "pingyuan/qiaobei", "Qiaonan Township": "pingyuan/qiaonan"}
    low = client.get(f"{path}?level=pingyuan/qiaobei/bridge-north")
    assert low.status_code == 200
    assert ways(low.text) == {
        "Pingyuan Township": "?level=pingyuan",
        "Qiaobei Township": "?level=pingyuan%2Fqiaobei",
    }


@pytest.mark.parametrize("typed", ["qiaob", "QIAOBEI", "桥北", "pingyuan/qiaob", " qiaobei/ "])
def test_the_first_letters_of_a_name_a_title_or_a_path_go_to_the_one_level_they_fit(
    client: FlaskClient, typed: str
) -> None:
    answer = client.get("/curves", query_string={"level": typed, "days": "7"})
    assert (answer.status_code, answer.location) == (303, "/curves?days=7&level=pingyuan%2Fqiaobei")


def test_of_several_levels_that_fit_one_is_chosen_and_the_question_stays(client: FlaskClient) -> None:
    answer = client.get("/tables?level=qiao&day=2026-03-01")
    assert answer.status_code == 300
    assert "/tables?day=2026-03-01&amp;level=pingyuan%2Fqiaonan" in answer.text
    assert "Qiaobei Township" in answer.text


def test_where_nothing_fits_the_page_says_so(client: FlaskClient) -> None:
    answer = client.get("/incidents?level=<x>")
    assert answer.status_code == 404
    assert "No level begins with “&lt;x&gt;”." in answer.text


def test_a_field_offers_what_fits_the_highest_first(client: FlaskClient) -> None:
    offered = client.get("/levels?begins=bridge").json["levels"]
    assert [level["path"] for level in offered] == ["pingyuan/qiaobei/bridge-north", "pingyuan/qiaonan/bridge-south"]
    assert [level["name"] for level in client.get("/levels?begins=p").json["levels"]] == ["Pingyuan Township"]
    assert client.get("/levels?begins=").json["levels"] == client.get("/levels?begins=%20/").json["levels"] == []


def test_typing_is_no_look_in_the_audit_trail(district: District, client: FlaskClient) -> None:
    client.get("/levels?begins=q")
    district.pages.trail.flush()
    assert not [entry for _, entry in district.pages.trail.entries("", "") if "begins" in entry.detail]


def test_nobody_is_led_or_offered_a_way_beyond_their_own_level(district: District) -> None:
    client = visitor_of(district, "wang", level=("pingyuan", "qiaobei"))
    assert ways(client.get("/?level=pingyuan/qiaobei/bridge-north").text) == {
        "Qiaobei Township": "?level=pingyuan%2Fqiaobei"
    }
    assert (
        client.get("/levels?begins=qiaon").json["levels"] == client.get("/levels?begins=pingyuan").json["levels"] == []
    )
    assert [client.get(f"/curves?level={typed}").status_code for typed in ("qiaon", "pingyuan")] == [404, 404]
    assert client.get("/curves?level=bridge").location == "/curves?level=pingyuan%2Fqiaobei%2Fbridge-north"


def test_a_list_is_narrowed_to_the_level_on_the_page_and_in_its_files(district: District, client: FlaskClient) -> None:
    for station in ("north", "south", "top"):
        opened = incident(1, "opened", kind="fever", severity="serious", text="")
        district.store.apply([received(told(opened).message, station)])
    boards = [Board(board_number(1001 + n), BoardKind.ROAD, station) for n, station in enumerate(("north", "south"))]
    register(district.database, [*boards, Board(board_number(1009), BoardKind.BUS)])
    assert [name in client.get("/incidents").text for name in ("NORTH", "SOUTH", "TOP")] == [True, True, True]
    there = client.get("/incidents?level=pingyuan/qiaobei")
    assert [name in there.text for name in ("NORTH", "SOUTH", "TOP")] == [True, False, False]
    assert client.get("/incidents.csv?level=pingyuan/qiaobei").text.count("\n") == 2
    assert "/incidents?days=30&amp;level=pingyuan/qiaobei" in there.text
    assert client.get("/boards").text.count("data-board") == 3
    assert client.get("/boards?level=pingyuan/qiaobei").text.count("data-board") == 1
    assert client.get("/boards.csv?level=pingyuan/qiaobei").text.count("\n") == 2


def test_an_incident_of_a_station_that_says_not_where_it_stands_is_the_districts(district: District) -> None:
    opened = incident(1, "opened", kind="fever", severity="serious", text="")
    district.store.apply([received(told(opened).message, "top")])
    client = visitor_of(district, role=Role.DISPATCHER)
    (here,) = re.findall(r"/incidents/top/\w+", client.get("/incidents").text)
    assert post(client, here, here, step="noted", words="seen").status_code == 303
    assert "seen" in client.get(here).text


def test_an_order_is_for_the_level_that_the_page_is_about_unless_another_is_written(district: District) -> None:
    client = visitor_of(district, role=Role.DISPATCHER)
    page = client.get("/orders?level=pingyuan/qiaobei").text
    assert 'name="level" list="levels" value="pingyuan/qiaobei" required' in page
