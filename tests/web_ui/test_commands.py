"""What reaches the station when somebody taps, and what never does."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from station.domain.commands import Decide, Refusal, Register, SetAside, TickMust, Undo, UntickMust
from station.domain.decision import Outcome
from station.domain.passes import Must

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


def token_of(client: FlaskClient) -> str:
    """The token as a page gets it: in the first event of its stream."""
    with client.get("/events", buffered=False) as response:
        first = next(iter(response.response))
    text = first.decode() if isinstance(first, bytes) else first
    return str(json.loads(text.partition("data: ")[2])["view"]["token"])


def post(client: FlaskClient, path: str, asked: object, token: str | None = None, **headers: str) -> TestResponse:
    sent = {**SAME_ORIGIN, "X-CSRF-Token": token_of(client) if token is None else token, **headers}
    return client.post(path, json=asked, headers=sent)


@pytest.mark.parametrize("outcome", Outcome)
def test_a_decision_reaches_the_lane_with_the_row_the_screen_showed(
    client: FlaskClient, station: Any, outcome: Outcome
) -> None:
    answer = post(client, "/lanes/2/decide", {"outcome": outcome, "passage": 7, "row": 9})
    assert answer.status_code == 200
    assert answer.json == {"passage": {"id": 1, "row": 2}}
    assert station.commands == [("2", Decide(outcome, 7, 9))]


def test_without_a_passage_a_decision_registers_one_by_hand(client: FlaskClient, station: Any) -> None:
    post(client, "/lanes/1/decide", {"outcome": "granted", "passage": None, "row": None})
    assert station.commands == [("1", Register(Outcome.GRANTED))]


def test_an_undo_reaches_the_lane(client: FlaskClient, station: Any) -> None:
    assert post(client, "/lanes/1/undo", {"passage": 7, "row": 9}).status_code == 200
    assert station.commands == [("1", Undo(7, 9))]


@pytest.mark.parametrize(("ticked", "kind"), [(True, TickMust), (False, UntickMust)])
def test_a_tick_reaches_the_lane_and_so_does_taking_it_back(
    client: FlaskClient, station: Any, ticked: bool, kind: type
) -> None:
    answer = post(client, "/lanes/2/tick", {"passage": 7, "row": 9, "must": "test", "ticked": ticked})
    assert answer.status_code == 200
    assert station.commands == [("2", kind(7, 9, Must.TEST))]


@pytest.mark.parametrize("wrong", [{"must": "mask"}, {"ticked": "yes"}, {"row": None}, {"must": ["test"]}])
def test_a_malformed_tick_is_answered_with_what_to_send(client: FlaskClient, station: Any, wrong: dict) -> None:
    asked = {"passage": 7, "row": 9, "must": "test", "ticked": True, **wrong}
    assert post(client, "/lanes/2/tick", asked).status_code == 400
    assert station.commands == []


def test_setting_aside_reaches_the_lane(client: FlaskClient, station: Any) -> None:
    assert post(client, "/lanes/1/aside", {"passage": 7, "row": 9}).status_code == 200
    assert station.commands == [("1", SetAside(7, 9))]
    assert post(client, "/lanes/1/aside", {"passage": 7}).status_code == 400


def test_a_name_is_told_to_the_page_that_asks_and_kept_nowhere(client: FlaskClient, station: Any) -> None:
    station.names["2", 7] = "Gabriele Gößinger"
    answer = post(client, "/lanes/2/name", {"passage": 7})
    assert (answer.status_code, answer.json) == (200, {"name": "Gabriele Gößinger"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_name_of_another_passage_is_not_told(client: FlaskClient, station: Any) -> None:
    station.names["2", 7] = "Gabriele Gößinger"
    for path, asked in (("/lanes/2/name", {"passage": 6}), ("/lanes/1/name", {"passage": 7})):
        answer = post(client, path, asked)
        assert (answer.status_code, answer.json) == (409, {"refused": "not_found"})
    assert post(client, "/lanes/2/name", {}).status_code == 400
    assert post(client, "/lanes/9/name", {"passage": 7}).status_code == 404
    assert post(client, "/lanes/2/name", {"passage": 7}, "made-up").status_code == 403


@pytest.mark.parametrize("refusal", Refusal)
def test_a_refusal_answers_409_and_says_which(client: FlaskClient, station: Any, refusal: Refusal) -> None:
    station.refusal = refusal
    answer = post(client, "/lanes/1/undo", {"passage": 7, "row": 9})
    assert (answer.status_code, answer.json) == (409, {"refused": refusal.value})


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"outcome": "opened"},
        {"outcome": ["granted"]},
        {"outcome": {}},
        {"outcome": "granted", "passage": 7},
        {"outcome": "granted", "row": 7},
        {"outcome": "granted", "passage": True, "row": 1},
        {"outcome": "granted", "passage": "7", "row": "9"},
        ["granted"],
        "granted",
    ],
)
def test_a_malformed_decision_is_answered_with_what_to_send(client: FlaskClient, station: Any, asked: object) -> None:
    answer = post(client, "/lanes/1/decide", asked)
    assert answer.status_code == 400
    assert answer.json["error"]
    assert station.commands == []


def test_an_unknown_lane_is_not_found(client: FlaskClient) -> None:
    assert post(client, "/lanes/9/decide", {"outcome": "granted"}).status_code == 404


def test_a_request_too_large_is_refused(client: FlaskClient, station: Any) -> None:
    answer = post(client, "/lanes/1/decide", {"outcome": "granted", "more": "x" * 5000})
    assert answer.status_code == 413
    assert station.commands == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:8090"},
        {"Origin": "null"},
    ],
)
def test_another_site_cannot_command(client: FlaskClient, station: Any, headers: dict[str, str]) -> None:
    answer = client.post(
        "/lanes/1/decide",
        json={"outcome": "granted"},
        headers={**SAME_ORIGIN, "X-CSRF-Token": token_of(client), **headers},
    )
    assert answer.status_code == 403
    assert station.commands == []


@pytest.mark.parametrize("token", ["", "made-up", "WyJ4Il0.made-up"])
def test_a_command_without_the_pages_token_is_refused(client: FlaskClient, station: Any, token: str) -> None:
    assert post(client, "/lanes/1/decide", {"outcome": "granted"}, token).status_code == 403
    assert station.commands == []


def test_a_token_is_worth_nothing_in_another_browser(client: FlaskClient, station: Any) -> None:
    token = token_of(client)
    other = client.application.test_client()
    token_of(other)
    assert post(other, "/lanes/1/decide", {"outcome": "granted"}, token).status_code == 403
    assert station.commands == []
