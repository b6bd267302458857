"""Signing on and off, and handing over, by plain forms."""

import re
from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient
from remembering_station import RememberingStation
from scripted_duty import an_operator

from station.domain.roster import TeamView
from station.domain.rota import DueView


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


def test_the_team_that_is_due_stands_there_with_who_is_missing_and_the_rules_verdict(
    client: FlaskClient, station: RememberingStation
) -> None:
    station.shifts.on_duty = (an_operator(), an_operator(number="0201", label="赵**", team="D"))
    station.shifts.teams = (TeamView("B", 1, 1, enough=False), TeamView("D", 1, 0, enough=False))
    station.shifts.due = a_due()
    page = main(client)
    for words in (
        "第 B 组当班，至 16:00",
        "在岗 1 人，缺：",
        "李** 0108",
        "熟练的只有 1 人，应有 3 人",
        "第 C 组",
    ):
        assert words in page
    assert page.count("本班组现不当班") == 1
    assert page.index("赵**") < page.index("本班组现不当班")
    assert "第 B 组在岗" not in page  # its verdict stands once
    station.shifts.due = a_due(enough=True, experienced=3, missing=())
    assert "熟练 3 人，够了" in main(client)
    assert "已到齐" in main(client)


def test_before_the_plan_begins_only_the_first_team_is_named(client: FlaskClient, station: RememberingStation) -> None:
    station.shifts.on_duty = (an_operator(),)
    station.shifts.due = a_due(team="", ends="", expected=frozenset())
    page = main(client)
    assert "排班尚未开始" in page
    assert "不当班" not in page


def main(client: FlaskClient) -> str:
    """The page without the texts that it carries for its scripts."""
    return client.get("/shift").text.partition("<main")[2].partition("</main>")[0]


def a_due(**changes: Any) -> DueView:
    times = ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z")
    known = DueView("B", times[0], ("王** 0107",), ("李** 0108",), 1, False, "C", times[1], frozenset({"B"}))
    return replace(known, **changes)


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
