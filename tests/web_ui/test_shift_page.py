"""Signing on and off, and handing over, by plain forms."""

import re

from flask.testing import FlaskClient
from remembering_station import RememberingStation
from scripted_duty import an_operator

from station.domain.roster import TeamView


def posted(client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    page = client.get("/shift").text
    token = re.search(r'name="token" value="([^"]*)"', page)
    assert token
    answer = client.post(path, data={"token": token[1], **fields})
    return answer.status_code, answer.text


def test_the_page_says_that_nobody_is_signed_on(client: FlaskClient) -> None:
    assert "无人上岗" in client.get("/shift").text


def test_number_and_pin_sign_on_at_the_lanes_that_are_ticked(client: FlaskClient, station: RememberingStation) -> None:
    assert posted(client, "/shift/on", number="0107", pin="2580", lane=["2"])[0] == 303
    assert station.shifts.asked == [("on", "0107", "2")]
    page = client.get("/shift").text
    assert "王**" in page
    assert "2580" not in page


def test_a_wrong_pin_is_a_sentence_on_the_page_and_the_pin_is_not(client: FlaskClient) -> None:
    status, page = posted(client, "/shift/on", number="0107", pin="9753")
    assert (status, "工号或密码不对" in page, "9753" in page) == (409, True, False)


def test_a_team_with_too_few_experienced_members_is_named(client: FlaskClient, station: RememberingStation) -> None:
    station.shifts.on_duty = (an_operator(),)
    station.shifts.teams = (TeamView("B", 4, 2, enough=False), TeamView("C", 5, 3, enough=True))
    page = client.get("/shift").text
    assert "第 B 组在岗 4 人，熟练的只有 2 人" in page
    assert "第 C 组在岗" not in page


def test_signing_off_twice_is_refused_the_second_time(client: FlaskClient, station: RememberingStation) -> None:
    station.shifts.on_duty = (an_operator(),)
    assert posted(client, "/shift/off", number="0107")[0] == 303
    status, page = posted(client, "/shift/off", number="0107")
    assert (status, "不在岗" in page) == (409, True)


def test_the_hand_over_shows_what_happened_at_each_lane(client: FlaskClient, station: RememberingStation) -> None:
    station.shifts.on_duty = (an_operator(),)
    page = client.get("/shift/hand-over").text
    assert all(f"<td>{n}</td>" in page for n in (120, 125, 402))
    assert "12:00" in page  # since when, by the station's clock


def test_who_must_wait_is_told_how_long(client: FlaskClient, station: RememberingStation) -> None:
    station.shifts.on_duty = (an_operator(),)
    status, page = posted(client, "/shift/hand-over", giver="0107", taker="0108", taker_pin="wait")
    assert (status, "请等 90 秒" in page) == (409, True)


def test_a_command_from_another_site_changes_nothing(client: FlaskClient, station: RememberingStation) -> None:
    assert client.post("/shift/off", data={"number": "0107"}).status_code == 403
    assert station.shifts.asked == []
