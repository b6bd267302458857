import re

import pytest
from flask.testing import FlaskClient
from remembering_station import RememberingStation
from scripted_duty import an_incident, an_operator, an_order

from station.domain.commands import Refusal
from station.domain.events.incidents import LONGEST_TEXT, IncidentKind, Severity
from station.domain.incidents import CloseIncident, ReportIncident, UpdateIncident

pytestmark = pytest.mark.clock


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def posted(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    """Fill the form that stands on the page of incidents, and send it."""
    page = client.get("/incidents?").get_data(as_text=True)
    known = {"token": hidden(page, "token"), "incident": hidden(page, "incident")}
    answer = client.post(path, data=known | fields)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_report_says_kind_lane_and_the_usual_severity_and_draws_an_id(
    client: FlaskClient, station: RememberingStation
) -> None:
    status, _ = posted(client, "/incidents", kind="crowd", lane="2", severity="", text="  forty \n people ")
    (command,) = station.incidents.commands
    assert isinstance(command, ReportIncident)
    assert status == 303
    assert (command.kind, command.severity, command.lane, command.text) == (
        IncidentKind.CROWD,
        Severity.EMERGENCY,
        "2",
        "forty people",
    )
    posted(client, "/incidents", kind="crowd", lane="2")
    assert station.incidents.commands[0].incident != station.incidents.commands[1].incident


def test_a_text_that_is_too_long_is_cut(client: FlaskClient, station: RememberingStation) -> None:
    posted(client, "/incidents", kind="other", text="x" * 1000)
    assert len(station.incidents.commands[0].text) == LONGEST_TEXT


@pytest.mark.parametrize("kind", ["", "unmatched", "picnic"])
def test_a_report_without_a_kind_that_people_report_says_what_is_missing(
    client: FlaskClient, station: RememberingStation, kind: str
) -> None:
    _, page = posted(client, "/incidents", kind=kind)
    assert "请先选发生了什么" in page
    assert station.incidents.commands == []


def test_an_open_incident_is_listed_and_its_page_adds_to_it_or_closes_it(
    client: FlaskClient, station: RememberingStation
) -> None:
    station.incidents.hold(an_incident(1), an_incident(2, kind="unmatched", text=""))
    page = client.get("/incidents").get_data(as_text=True)
    assert "38.4 at the window" in page
    assert "未查验过杆" in page
    assert client.get("/incidents/incident1").status_code == 200
    assert client.get("/incidents/gone").status_code == 303
    posted(client, "/incidents/incident1", do="update", severity="emergency", text="collapsed")
    posted(client, "/incidents/incident1", do="close", severity="emergency", text="to hospital")
    assert station.incidents.commands == [
        UpdateIncident("incident1", Severity.EMERGENCY, "collapsed", "unattended"),
        CloseIncident("incident1", "to hospital", "unattended"),
    ]


def test_what_the_station_refuses_is_said_in_words(client: FlaskClient, station: RememberingStation) -> None:
    station.incidents.refusal = Refusal.NOT_FOUND
    status, page = posted(client, "/incidents/incident1", do="close")
    assert (status, 'class="wrong"' in page) == (409, True)


def test_a_form_of_another_site_does_nothing(client: FlaskClient, station: RememberingStation) -> None:
    assert client.post("/incidents", data={"kind": "crowd", "incident": "a1"}).status_code == 403
    assert client.post("/orders/order-1/acknowledge", json={}).status_code == 403
    assert (station.incidents.commands, station.orders.said) == ([], [])


def test_a_strangers_text_is_text(client: FlaskClient, station: RememberingStation) -> None:
    station.incidents.hold(an_incident(text="<script>alert(1)</script>"))
    station.orders.hold(an_order(zh="<b>bold</b>"))
    pages = client.get("/incidents").get_data(as_text=True) + client.get("/orders").get_data(as_text=True)
    assert "&lt;script&gt;alert" in pages
    assert "&lt;b&gt;bold" in pages


def test_orders_are_listed_with_who_acknowledged_them_and_when(
    client: FlaskClient, station: RememberingStation
) -> None:
    assert "没有指令" in client.get("/orders").get_data(as_text=True)
    station.orders.hold(
        an_order(1), an_order(2, acknowledged_at="2026-03-01T04:00:00Z", acknowledged_by="0107"), an_order(3, en="")
    )
    page = client.get("/orders").get_data(as_text=True)
    assert "03-01 12:00 已阅：0107" in page
    assert page.count("待阅") >= 2


def test_shown_and_acknowledged_are_told_to_the_station_and_a_refusal_comes_back(
    client: FlaskClient, station: RememberingStation
) -> None:
    station.orders.hold(an_order())
    token = hidden(client.get("/incidents").get_data(as_text=True), "token")
    header = {"X-CSRF-Token": token}
    assert client.post("/orders/order-1/shown", json={}, headers=header).get_json() == {"done": True}
    assert client.post("/orders/order-1/acknowledge", json={}, headers=header).get_json() == {"done": True}
    station.orders.refusal = Refusal.BUSY
    answer = client.post("/orders/order-1/acknowledge", json={}, headers=header)
    assert (answer.status_code, answer.get_json()) == (409, {"refused": "busy"})
    assert [step for step, _ in station.orders.said] == ["shown", "acknowledge", "acknowledge"]


def test_what_is_done_is_written_down_under_who_is_on_duty_or_whom_of_them_the_page_names(
    client: FlaskClient, station: RememberingStation
) -> None:
    station.orders.hold(an_order())
    station.incidents.hold(an_incident())
    header = {"X-CSRF-Token": hidden(client.get("/incidents").get_data(as_text=True), "token")}

    def acknowledged_by(named: str) -> str:
        client.post("/orders/order-1/acknowledge", json={"operator": named}, headers=header)
        return station.orders.held["order-1"].acknowledged_by

    assert acknowledged_by("0108") == "unattended"
    station.shifts.on_duty = (an_operator(), an_operator(number="0108"))
    assert [acknowledged_by(named) for named in ("", "0108", "9999")] == ["0107", "0108", "0107"]
    posted(client, "/incidents", kind="other", operator="0108")
    posted(client, "/incidents/incident1", do="close")
    assert [command.operator for command in station.incidents.commands] == ["0108", "0107"]
