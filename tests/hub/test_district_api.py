"""The hub's HTTP side: the contract's answers, clear refusals, and nothing for strangers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hub_messages import NOW, live, segment, state, tally
from scripted_hub import ZONE, District

from station.domain.boards import Board, BoardKind, board_number
from station.hub.board_counts import BoardCounts
from station.hub.boards import register
from station.hub.received import Unreadable
from web_ui.district import create_app
from web_ui.text import catalog


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path, lambda: NOW)
    district.say(state(), "north")
    district.say(segment(1, tally(passages=3), tally(passages=1, outcome="held")), "north")
    yield district
    district.close()


@pytest.fixture
def client(district: District) -> FlaskClient:
    return create_app(district.services).test_client()


def ask(client: FlaskClient, path: str) -> tuple[int, Any]:
    answer = client.get(path)
    return answer.status_code, answer.json


def test_counts_answer_the_contract(client: FlaskClient) -> None:
    code, answer = ask(client, "/api/v1/levels/pingyuan/qiaobei/counts?from=2026-03-01&to=2026-03-02&by=lane")
    assert code == 200
    assert list(answer) == ["level", "from", "to", "rows", "unknown_time"]
    (row,) = answer["rows"]
    assert {name: row[name] for name in ("station", "lane", "passages", "granted", "held")} == {
        "station": "north",
        "lane": "1",
        "passages": 4,
        "granted": 3,
        "held": 1,
    }


def test_counts_are_of_today_by_lane_unless_asked_otherwise(client: FlaskClient) -> None:
    _, answer = ask(client, "/api/v1/levels/pingyuan/counts")
    assert (answer["from"], answer["to"]) == ("2026-03-01T00:00:00+08:00", "2026-03-02T00:00:00+08:00")
    assert answer["rows"][0]["lane"] == "1"


@pytest.mark.parametrize("by", ["lane", "hour", "day", "origin", "kind"])
def test_every_grouping_carries_its_own_key(client: FlaskClient, by: str) -> None:
    code, answer = ask(client, f"/api/v1/levels/pingyuan/counts?by={by}")
    assert code == 200
    assert by in answer["rows"][0]


@pytest.mark.parametrize("moment", ["2026-03-01T11:59:00+08:00", "2026-03-01T11:59:00%2B08:00", "2026-03-01T03:59:00Z"])
def test_a_time_may_come_with_its_plus_escaped_or_not(client: FlaskClient, moment: str) -> None:
    _, answer = ask(client, f"/api/v1/levels/pingyuan/counts?from={moment}")
    assert answer["from"] == "2026-03-01T11:59:00+08:00"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("by=week", "by"),
        ("from=yesterday", "from"),
        ("from=2026-03-01T08:00:00", "from"),
        ("from=0001-01-01", "from"),
        ("from=2026-03-02&to=2026-03-01", "to"),
        ("to=9999-12-31T23:59:59-08:00", "to"),
        ("until=2026-03-01", "until"),
    ],
)
def test_a_bad_parameter_is_named_with_its_remedy(client: FlaskClient, query: str, parameter: str) -> None:
    code, answer = ask(client, f"/api/v1/levels/pingyuan/counts?{query}")
    assert (code, answer["parameter"]) == (400, parameter)
    assert parameter in answer["error"]


@pytest.mark.parametrize("path", ["/api/v1/levels/pingyuan/nowhere/counts", "/api/v1/levels/counts", "/api/v1/nothing"])
def test_what_is_not_there_is_a_404_in_json(client: FlaskClient, path: str) -> None:
    code, answer = ask(client, path)
    assert code == 404
    assert answer["error"]


def test_stations_are_listed_with_state_and_backlog(client: FlaskClient, district: District) -> None:
    district.say(live(25), "north")
    district.say(Unreadable("not JSON"), "north")
    (station,) = client.get("/api/v1/stations").json["stations"]
    assert (station["id"], station["state"], station["backlog"], station["bad_messages"]) == ("north", "online", 15, 1)
    assert station["levels"] == ["pingyuan", "qiaobei", "bridge-north"]
    assert station["last_seen"] == "2026-03-01T12:00:00+08:00"


def test_stations_come_a_page_at_a_time_whatever_comes_and_goes(client: FlaskClient, district: District) -> None:
    for name in ("a", "c", "e"):
        district.say(state(), name)
    first = client.get("/api/v1/stations?limit=2").json
    assert [station["id"] for station in first["stations"]] == ["a", "c"]
    district.say(state(), "b")
    district.say(state(), "d")
    second = client.get(f"/api/v1/stations?limit=2&cursor={first['next']}").json
    assert [station["id"] for station in second["stations"]] == ["d", "e"]
    last = client.get(f"/api/v1/stations?cursor={second['next']}").json
    assert ([station["id"] for station in last["stations"]], last["next"]) == (["north"], None)
    assert [station["id"] for station in client.get("/api/v1/stations").json["stations"]] == [*"abcde", "north"]


def test_levels_are_listed_with_their_sums_of_today(client: FlaskClient, district: District) -> None:
    district.say(live(25, lane_1=7), "north")
    answer = client.get("/api/v1/levels").json
    assert [level["path"] for level in answer["levels"]] == [
        "pingyuan",
        "pingyuan/qiaobei",
        "pingyuan/qiaobei/bridge-north",
    ]
    assert {(level["granted"], level["stations"]) for level in answer["levels"]} == {(7, 1)}
    first = client.get("/api/v1/levels?limit=1").json
    second = client.get(f"/api/v1/levels?limit=1&cursor={first['next']}").json
    assert [level["path"] for level in second["levels"]] == ["pingyuan/qiaobei"]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "cursor=%2B%2B", "cursor=_w", "page=2"])
def test_a_page_that_is_none_is_refused(client: FlaskClient, query: str) -> None:
    code, answer = ask(client, f"/api/v1/levels?{query}")
    assert (code, answer["parameter"]) == (400, query.partition("=")[0])


def test_the_api_describes_itself(client: FlaskClient, district: District) -> None:
    _, document = ask(client, "/api/v1/openapi.json")
    routes = {
        re.sub("<([a-z]+)>", r"{\1}", rule.rule.replace("<path:level>", "{path}"))
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not rule.rule.endswith("openapi.json")
    }
    assert set(document["paths"]) == routes
    register(district.database, [Board(board_number(1001), BoardKind.ROAD, "north", "1", "桥北")])
    boards = document["components"]["schemas"]["Boards"]["properties"]["boards"]["items"]["properties"]
    assert set(boards) == set(client.get("/api/v1/boards").json["boards"][0])
    levels = document["components"]["schemas"]["Levels"]["properties"]["levels"]["items"]["properties"]
    assert set(levels) == set(client.get("/api/v1/levels").json["levels"][0])
    stations = document["components"]["schemas"]["Stations"]["properties"]["stations"]["items"]["properties"]
    assert set(stations) == set(client.get("/api/v1/stations").json["stations"][0])


def test_boards_are_listed_with_their_counts_of_today_on_the_page_and_as_json(
    client: FlaskClient, district: District
) -> None:
    number, bus_number = board_number(1001), board_number(1002)
    register(district.database, [Board(number, BoardKind.ROAD, "north", "1", "桥北"), Board(bus_number, BoardKind.BUS)])
    counts = BoardCounts(district.database, ZONE, lambda: NOW)
    for _ in range(3):
        counts.scanned(number)
    counts.declared(number)
    counts.flush()
    road, bus = client.get("/api/v1/boards").json["boards"]
    assert road == {
        **{"number": number, "kind": "road", "station": "north", "lane": "1", "position": "桥北"},
        **{"scans": 3, "declarations": 1},
    }
    assert (bus["kind"], bus["scans"]) == ("bus", 0)
    page = client.get("/boards").text
    assert "桥北 · north · 车道 1" in page
    assert '<td class="number">3</td>' in page


def test_health_is_bad_while_the_broker_is_gone(client: FlaskClient, district: District) -> None:
    assert ask(client, "/healthz")[0] == 200
    district.connected = False
    assert ask(client, "/healthz") == (503, {"healthy": False})


def test_metrics_count_stations_by_state(client: FlaskClient) -> None:
    text = client.get("/metrics").text
    assert 'checkpoint_hub_stations{state="online"} 1.0' in text
    assert "checkpoint_hub_broker_connected 1.0" in text


def events(client: FlaskClient, *watched: str) -> dict[str, Any]:
    """What a page that shows these nodes is told first."""
    query = "&".join(f"watch={topic}" for topic in watched)
    stream = client.get(f"/events?{query}").iter_encoded()
    assert next(stream) == b"retry: 1000\n\n"
    lines = [line for line in next(stream).decode().splitlines() if line.startswith("data: ")]
    told = [json.loads(line.removeprefix("data: ")) for line in lines]
    return {event["topic"]: event["view"] for event in told}


def test_a_page_is_told_of_the_nodes_on_its_screen_and_no_others(client: FlaskClient) -> None:
    told = events(client, "level/pingyuan", "attention/pingyuan", "clock", "station/nowhere", "level/elsewhere")
    assert set(told) == {"level/pingyuan", "attention/pingyuan", "clock"}
    assert (told["level/pingyuan"]["granted"], told["level/pingyuan"]["passages"]) == (3, 4)
    assert told["clock"]["at"] == "2026-03-01T12:00:00+08:00"
    assert set(events(client, "station/north")) == {"station/north"}
    assert client.get("/events?" + "&".join(f"watch=station/s{n}" for n in range(201))).status_code == 400


def test_health_and_metrics_are_open_to_the_machines_that_watch(tmp_path: Path) -> None:
    district = District(tmp_path, lambda: NOW, anonymous_read=False)
    client = create_app(district.services).test_client()
    assert [client.get(path).status_code for path in ("/healthz", "/metrics")] == [200, 200]
    district.close()


def test_the_language_is_switched_by_a_cookie(client: FlaskClient) -> None:
    assert "需要处理" in client.get("/").text
    assert client.get("/language/en?next=/boards").location == "/boards"
    assert client.get("/language/en?next=https://evil.example/").location == "/"
    assert "Needs attention" in client.get("/").text
    assert client.get("/language/xx").status_code == 404


def test_both_languages_say_the_same_things() -> None:
    chinese, english = catalog("district.zh"), catalog("district.en")
    assert chinese.keys() == english.keys()
    places = {key: text.count("{") for key, text in chinese.items()}
    assert places == {key: text.count("{") for key, text in english.items()}


def test_every_answer_carries_a_strict_policy(client: FlaskClient) -> None:
    for path in ("/", "/nothing", "/api/v1/stations", "/healthz"):
        assert client.get(path).headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "style=" not in client.get("/").text
    assert "<script>" not in client.get("/").text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0000-01-01", "1970-12-31", "3000-01-01", "٢٠٢٦-٠٣-٠١"])
@pytest.mark.parametrize(
    "path",
    [
        "/tables?day={day}",
        "/curves?day={day}&days=90",
        "/curves/data?day={day}",
        "/curves.xlsx?day={day}",
        "/daily.pdf?day={day}",
        "/api/v1/levels/pingyuan/daily?day={day}",
        "/api/v1/levels/pingyuan/counts?from={day}",
        "/api/v1/levels/pingyuan/counts?to={day}",
    ],
)
def test_a_day_at_the_ends_of_the_calendar_is_a_400_on_every_page(client: FlaskClient, path: str, day: str) -> None:
    assert client.get(path.format(day=day)).status_code == 400


@pytest.mark.parametrize("day", ["1971-01-01", "2999-12-31"])
def test_the_first_and_the_last_day_that_are_taken_can_be_counted_on(client: FlaskClient, day: str) -> None:
    for path in ("/tables", "/curves", "/curves/data", "/daily.csv"):
        assert client.get(f"{path}?day={day}").status_code == 200, path
