import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from remembering_station import RememberingStation
from scripted_duty import a_finding, a_visit, an_operator

from station.domain.commands import Refusal
from station.domain.events.incidents import LONGEST_TEXT, Severity
from station.domain.events.inspections import FindingKind
from station.domain.inspections import (
    MOST_IN_NOTICE,
    BeginVisit,
    CloseFinding,
    EndVisit,
    ServeNotice,
    WriteFinding,
)
from web_ui.kiosk import create_app

pytestmark = pytest.mark.clock

HERE = "/inspections/visit1"
FINDING = {"kind": "disinfection", "severity": "serious"}


@pytest.fixture(autouse=True)
def inspected(station: RememberingStation) -> None:
    station.inspections.going_on = [a_visit()]
    station.inspections.open = [a_finding(), a_finding(2, due="2026-03-09")]


def posted(client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    """Fill a form as a page of inspections draws it, and send it."""
    page = client.get("/inspections").text
    known = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("token", "drawn")}
    answer = client.post(path, data={name: found[1] for name, found in known.items() if found} | fields)
    return answer.status_code, answer.text


def test_visits_and_open_findings_are_listed_and_lead_to_their_pages(client: FlaskClient) -> None:
    page = client.get("/inspections").text
    assert "督查 赵** 0900" in page
    assert "no record since noon" in page
    assert "2026-03-09 前整改" in page
    assert client.get(HERE).status_code == client.get("/inspections/findings/finding1").status_code == 200


def test_a_notice_that_gives_one_day_says_so_in_english(station: RememberingStation) -> None:
    page = create_app(station.services(), "en").test_client().get(f"{HERE}/notice").text
    assert re.findall(r"\b[13] days?\b", page) == ["1 day", "3 days"]


@pytest.mark.parametrize("utc", [datetime(2024, 2, 28, 15, 59, tzinfo=UTC), datetime(2024, 2, 27, 16, 1, tzinfo=UTC)])
def test_the_days_of_a_remedy_are_counted_from_the_stations_day(
    client: FlaskClient, station: RememberingStation, utc: datetime
) -> None:
    """23:59 and 00:01 of one day in Shanghai are two days in UTC."""
    station.now = utc
    offered = re.findall(r'name="due" value="([^"]*)"', client.get(f"{HERE}/notice").text)
    assert offered == ["2024-02-29", "2024-03-02", "2024-03-06", "2024-03-14", "2024-03-29"]


def test_a_visit_or_finding_that_is_over_leads_back_to_the_list(client: FlaskClient) -> None:
    answer = client.get("/inspections/gone")
    assert (answer.status_code, "这次督查已结束" in answer.text) == (404, True)
    assert client.get("/inspections/findings/gone").location == "/inspections"


def test_without_a_badge_a_visit_begins_with_the_inspectors_number(
    client: FlaskClient, station: RememberingStation
) -> None:
    assert posted(client, "/inspections", number=" 0900 ")[0] == 303
    (command,) = station.inspections.commands
    assert isinstance(command, BeginVisit)
    assert (command.number, command.operator, len(command.inspection)) == ("0900", "unattended", 16)
    status, page = posted(client, "/inspections", number=" ")
    assert (status, "请填写督查员工号" in page, len(station.inspections.commands)) == (400, True, 1)


def test_every_form_draws_an_id_of_its_own(client: FlaskClient) -> None:
    pages = [client.get(path).text for path in (HERE, HERE, f"{HERE}/notice", "/inspections")]
    drawn = [found for page in pages for found in re.findall(r'name="drawn" value="([^"]*)"', page)]
    assert len(drawn) == len(set(drawn)) == 4


def test_a_finding_says_kind_severity_and_one_line_of_text(client: FlaskClient, station: RememberingStation) -> None:
    station.shifts.on_duty = (an_operator(), an_operator(number="0108"))
    posted(client, f"{HERE}/findings", **FINDING, text=" no \n record " + "x" * 1000, operator="0108")
    (command,) = station.inspections.commands
    assert isinstance(command, WriteFinding)
    assert (command.inspection, command.kind, command.severity) == (
        "visit1",
        FindingKind.DISINFECTION,
        Severity.SERIOUS,
    )
    assert (command.text[:12], len(command.text), command.operator) == ("no record xx", LONGEST_TEXT, "0108")


@pytest.mark.parametrize("wrong", [{"kind": ""}, {"kind": "picnic"}, {"severity": "grave"}], ids=str)
def test_a_finding_without_kind_or_severity_is_asked_again(
    client: FlaskClient, station: RememberingStation, wrong: dict[str, str]
) -> None:
    status, page = posted(client, f"{HERE}/findings", **(FINDING | wrong))
    assert (status, "请先选哪方面" in page, station.inspections.commands) == (400, True, [])


def test_a_notice_names_findings_and_a_day(client: FlaskClient, station: RememberingStation) -> None:
    status, _ = posted(client, f"{HERE}/notices", finding=["finding1", "finding2"], due="2026-03-09", text="again")
    (command,) = station.inspections.commands
    assert isinstance(command, ServeNotice)
    assert (status, command.findings, command.due) == (303, ("finding1", "finding2"), "2026-03-09")


@pytest.mark.parametrize(
    "wrong", [{"finding": []}, {"due": ""}, {"due": "soon"}, {"finding": ["f"] * (MOST_IN_NOTICE + 1)}], ids=str
)
def test_a_notice_without_findings_or_a_day_is_asked_again(
    client: FlaskClient, station: RememberingStation, wrong: dict[str, object]
) -> None:
    status, page = posted(client, f"{HERE}/notices", **({"finding": ["finding1"], "due": "2026-03-09"} | wrong))
    assert (status, "请选择问题" in page, station.inspections.commands) == (400, True, [])


def test_a_finding_is_closed_and_a_visit_ended(client: FlaskClient, station: RememberingStation) -> None:
    assert posted(client, "/inspections/findings/finding1", text="sprayed")[0] == 303
    assert posted(client, f"{HERE}/end")[0] == 303
    assert station.inspections.commands == [
        CloseFinding("finding1", "sprayed", "unattended"),
        EndVisit("visit1", "unattended"),
    ]


def test_what_the_station_refuses_about_an_inspection_is_said_in_words(
    client: FlaskClient, station: RememberingStation
) -> None:
    station.inspections.refusal = Refusal.BUSY
    status, page = posted(client, f"{HERE}/findings", **FINDING)
    assert (status, 'class="wrong"' in page) == (409, True)


def test_a_form_without_the_pages_token_or_id_does_nothing(client: FlaskClient, station: RememberingStation) -> None:
    for path in ("/inspections", f"{HERE}/findings", f"{HERE}/notices", f"{HERE}/end", "/inspections/findings/f"):
        assert client.post(path, data=FINDING | {"number": "0900"}).status_code == 403
    assert posted(client, "/inspections", number="0900", drawn="../x")[0] == 400
    assert station.inspections.commands == []
