"""The page for those without a code: what is sent reaches the station whole, and what cannot be right has a word."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from scripted_hand import REGULAR
from test_commands import post

from station.domain.by_hand import Told
from station.domain.commands import Refusal, Register
from station.domain.decision import Outcome
from station.domain.passes import Must, TrafficKind
from web_ui.kiosk import create_app

ID = "11010519491231002X"
FILLED = {
    "plate": "豫a·12345",
    "traffic": "bus",
    "persons": "43",
    "origin": "this_province",
    "destination": "县医院",
    "musts": ["identity", "test"],
    "id_number": ID.lower(),
    "phone": "138 0013 8000",
    "outcome": "granted",
}
TOLD = Told(
    "豫A12345",
    TrafficKind.BUS,
    43,
    "this_province",
    "县医院",
    frozenset({Must.IDENTITY, Must.TEST}),
    ID,
    "13800138000",
)


def send(client: FlaskClient, **fields: Any) -> Any:
    page = client.get("/register/1").text
    hidden = dict(re.findall(r'name="(token|form)" value="([^"]+)"', page))
    return client.post("/register/1", data={**hidden, "persons": "1", "outcome": "granted", **fields})


def registered(station: Any) -> Register:
    ((_, command),) = station.commands
    return command


def test_everything_that_was_filled_in_reaches_the_lane(client: FlaskClient, station: Any) -> None:
    answer = send(client, **FILLED)
    assert (answer.status_code, answer.location) == (303, "/")
    command = registered(station)
    assert (command.outcome, command.told) == (Outcome.GRANTED, TOLD)
    assert len(command.form) == 16


def test_nothing_but_a_decision_is_needed(client: FlaskClient, station: Any) -> None:
    send(client, outcome="denied")
    assert registered(station).told == Told()


def test_each_page_has_an_id_of_its_own_for_what_it_sends(client: FlaskClient, station: Any) -> None:
    send(client)
    send(client)
    first, second = (command.form for _, command in station.commands)
    assert first != second


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("plate", "豫O1", "没有这种号牌"),
        ("persons", "0", "人数应为"),
        ("persons", "-3", "人数应为"),
        ("persons", "100", "人数应为"),
        ("persons", "many", "人数应为"),
        ("id_number", "110105194912310021", "校验码"),
        ("phone", "12", "7 到 15 位"),
    ],
)
def test_what_cannot_be_right_is_said_and_nothing_is_registered(
    client: FlaskClient, station: Any, field: str, typed: str, words: str
) -> None:
    answer = send(client, **{**FILLED, field: typed})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert station.commands == []


def test_a_form_that_came_back_keeps_what_was_typed_but_the_numbers_of_a_person(client: FlaskClient) -> None:
    answer = send(client, **{**FILLED, "persons": "0"})
    assert 'value="豫a·12345"' in answer.text
    assert ID.lower() not in answer.text
    assert "138 0013 8000" not in answer.text


def test_numbers_of_a_person_are_neither_asked_nor_taken_where_the_policy_does_not(station: Any) -> None:
    station.by_hand.offer = replace(station.by_hand.offer, asks_id=False, asks_phone=False)
    client = create_app(station.services()).test_client()
    assert 'name="id_number"' not in client.get("/register/1").text
    send(client, **FILLED)
    assert (registered(station).told.id_number, registered(station).told.phone) == ("", "")


def test_an_origin_that_is_not_offered_counts_as_unknown(client: FlaskClient, station: Any) -> None:
    send(client, **{**FILLED, "origin": "the moon"})
    assert registered(station).told.origin == "unknown"


def test_a_refusal_is_said_and_the_form_keeps_its_id(client: FlaskClient, station: Any) -> None:
    station.refusal = Refusal.BUSY
    answer = send(client, **FILLED)
    assert (answer.status_code, "车道正忙" in answer.text) == (409, True)
    assert registered(station).form in answer.text


def test_regular_callers_are_told_to_our_own_page_alone(client: FlaskClient, station: Any) -> None:
    station.by_hand.known = [REGULAR]
    answer = post(client, "/register/1/callers", {"typed": "豫A"})
    assert [caller["plate"] for caller in answer.json["callers"]] == ["豫A12345"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert post(client, "/register/1/callers", {"typed": "豫A"}, "made-up").status_code == 403
    assert post(client, "/register/1/callers", {"typed": 7}).status_code == 400


def test_there_is_no_page_for_a_lane_that_is_none(client: FlaskClient) -> None:
    assert client.get("/register/9").status_code == 404


def test_on_a_lane_for_persons_the_page_asks_for_no_vehicle(station: Any) -> None:
    station.by_hand.offer = replace(station.by_hand.offer, on_foot=frozenset({"1"}))
    page = create_app(station.services()).test_client().get("/register/1").text
    assert re.findall(r'name="traffic" value="(\w+)"', page) == ["person"]
