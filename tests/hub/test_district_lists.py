"""The page of lists: which version is the newest, how many stations hold it, and who does not."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hub_messages import NOW, state
from hub_visitors import visitor_of
from scripted_hub import District

HELD = {"north": ("qiaobei", {"trust": 3, "watchlist": 9}), "south": ("qiaonan", {"trust": 2}), "west": ("qiaonan", {})}


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path, lambda: NOW, anonymous_read=False)
    district.lists = {"trust": 3, "watchlist": 9, "north/residents": 4}
    for station, (level, lists) in HELD.items():
        district.say(state(levels=("pingyuan", level), name=station.upper(), lists=lists), station)
    yield district
    district.close()


@pytest.fixture
def client(district: District) -> FlaskClient:
    return visitor_of(district)


def rows_of(client: FlaskClient, path: str) -> list[list[str]]:
    return [row[:3] + row[4:] for row in csv.reader(StringIO(client.get(path).text.lstrip("\ufeff")))][1:]


def test_who_lacks_the_newest_version_is_listed_with_what_each_holds(client: FlaskClient) -> None:
    assert rows_of(client, "/lists.csv") == [
        ["north/residents", "4", "north", "0"],
        ["trust", "3", "south", "2"],
        ["trust", "3", "west", "0"],
        ["watchlist", "9", "south", "0"],
        ["watchlist", "9", "west", "0"],
    ]
    page = client.get("/lists").text
    assert [f'data-list="{name}"' in page for name in ("trust", "watchlist", "north/residents")] == [True] * 3
    assert page.count("data-station=") == 5


def test_one_list_is_looked_at_alone(client: FlaskClient) -> None:
    assert client.get("/lists?list=trust").text.count("data-station=") == 2
    assert client.get("/lists?list=weather").status_code == 404


def test_a_level_has_its_own_stations_and_the_lists_that_are_for_them(district: District, client: FlaskClient) -> None:
    assert rows_of(client, "/lists.csv?level=pingyuan/qiaobei") == [["north/residents", "4", "north", "0"]]
    page = visitor_of(district, "wang", level=("pingyuan", "qiaonan")).get("/lists").text
    assert "north/residents" not in page
    assert page.count("data-station=") == 4


def test_where_every_station_is_up_to_date_the_page_says_so(district: District, client: FlaskClient) -> None:
    district.lists = {"trust": 2}
    assert "Every station holds the newest version." in client.get("/lists?level=pingyuan/qiaobei").text
    district.lists = {}
    assert "No list has been published yet" in client.get("/lists").text
