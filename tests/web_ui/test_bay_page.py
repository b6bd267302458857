"""The parking bay's page: what it shows, and what a tap on it asks of the station."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from station.domain.commands import Decide, Refusal, TakeUp, Undo
from station.domain.decision import Outcome
from station.domain.view import AsideView, PassageView

WAITING = AsideView(
    "2",
    "2026-03-02T04:00:00.000Z",
    PassageView(7, 9, "2026-03-02T04:00:00.000Z", "held", "held", ("test_missing",), plate="豫A12345", traffic="car"),
)
DENIED = replace(
    WAITING, passage=replace(WAITING.passage, outcome="denied", by_operator=True, undo_until="2026-03-02T04:01:00.000Z")
)


@pytest.fixture(autouse=True)
def standing(station: Any) -> None:
    station.by_hand.standing = [WAITING]


def send(client: FlaskClient, **fields: str) -> Any:
    token = re.search(r'name="token" value="([^"]+)"', client.get("/bay").text)
    assert token is not None
    return client.post("/bay/7", data={"token": token[1], "lane": "2", "row": "9", **fields})


def test_the_page_says_who_waits_where_and_why(client: FlaskClient) -> None:
    page = client.get("/bay?language=en", follow_redirects=True).text
    for said in ("豫A12345", "Lane 2", "Test not checked", 'data-since="2026-03-02T04:00:00.000Z"'):
        assert said in page


@pytest.mark.parametrize(
    ("do", "lane", "command", "leads_to"),
    [
        ("take_up", "1", TakeUp(7, 9), "/"),
        ("granted", "2", Decide(Outcome.GRANTED, 7, 9), "/bay"),
        ("denied", "2", Decide(Outcome.DENIED, 7, 9), "/bay"),
    ],
)
def test_a_tap_names_the_row_that_the_page_showed(
    client: FlaskClient, station: Any, do: str, lane: str, command: object, leads_to: str
) -> None:
    answer = send(client, do=do, lane=lane)
    assert (answer.status_code, answer.location) == (303, leads_to)
    assert station.commands == [(lane, command)]


def test_what_was_decided_here_can_be_undone_here(client: FlaskClient, station: Any) -> None:
    station.by_hand.standing = [DENIED]
    assert 'data-until="2026-03-02T04:01:00.000Z"' in client.get("/bay").text
    send(client, do="undo")
    assert station.commands == [("2", Undo(7, 9))]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(Refusal.OCCUPIED, "该车道还有车辆等待决定"), (Refusal.CHANGED_MEANWHILE, "情况刚变，未执行")],
)
def test_a_refusal_is_said_in_words(client: FlaskClient, station: Any, refusal: Refusal, words: str) -> None:
    station.refusal = refusal
    answer = send(client, do="granted")
    assert (answer.status_code, words in answer.text) == (409, True)


@pytest.mark.parametrize("fields", [{"do": "open"}, {"do": "granted", "row": "x"}, {"do": "granted", "lane": "9"}])
def test_what_the_page_never_sends_is_refused(client: FlaskClient, station: Any, fields: dict[str, str]) -> None:
    assert send(client, **fields).status_code == 400
    assert station.commands == []


def test_without_the_pages_token_nothing_is_done(client: FlaskClient, station: Any) -> None:
    assert client.post("/bay/7", data={"do": "granted", "lane": "2", "row": "9"}).status_code == 403
    assert station.commands == []


@pytest.mark.parametrize("row", ["²", "٣", "9223372036854775808", "-9223372036854775808", "", "1.0"])
def test_a_row_that_is_none_is_answered_400_in_the_words_of_the_screen(
    client: FlaskClient, station: Any, row: str
) -> None:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/shift").text)
    assert found
    form = {"token": found[1], "lane": "1", "row": row, "do": "undo"}
    answer = client.post("/bay/1", data=form, headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 400
    assert "数字、日期或文字超出范围" in answer.text
    assert "a number, a day or a text is out of bounds" in answer.text
    assert station.commands == []


@pytest.mark.parametrize("passage", [2**63, 10**60])
def test_a_passage_beyond_what_a_ledger_holds_is_a_400(client: FlaskClient, station: Any, passage: int) -> None:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/shift").text)
    assert found
    form = {"token": found[1], "lane": "1", "row": "1", "do": "undo"}
    assert client.post(f"/bay/{passage}", data=form).status_code == 400
    assert station.commands == []
