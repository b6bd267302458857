"""The district's pages of orders and incidents: who may do what, and what they say."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from hub_messages import NOW, received, state
from hub_visitors import post, visitor_of
from scripted_hub import District
from test_hub_events import INCIDENT, incident, receipt, told

from station.domain.accounts import Role
from web_ui.district.orders import MOST_SHOWN

ORDER = {"level": "pingyuan", "urgency": "urgent", "hours": "12", "zh": "一号车道暂停放行", "en": ""}
HERE = f"/incidents/north/{INCIDENT}"


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path, lambda: NOW, anonymous_read=False)
    for name, level in (("north", "qiaobei"), ("south", "qiaonan")):
        district.say(state(levels=("pingyuan", level), name=name.upper()), name)
    yield district
    district.close()


def tell(district: District, *notices: object, station: str = "north") -> None:
    for notice in notices:
        district.store.apply([received(told(notice).message, station)])  # type: ignore[arg-type]


def report(district: District, station: str = "north") -> None:
    tell(district, incident(1, "opened", kind="fever", severity="serious", text="38.4 <b>"), station=station)


def test_a_dispatcher_writes_an_order_and_sees_what_became_of_it(district: District) -> None:
    client = visitor_of(district, role=Role.DISPATCHER)
    answer = post(client, "/orders", "/orders", **ORDER)
    assert answer.status_code == 303
    (row,) = district.orders.questions.orders()
    assert (row.level, row.zh, row.written_by) == ("pingyuan", "一号车道暂停放行", "li")
    tell(district, receipt(1, "received", row.id), receipt(2, "acknowledged", row.id))
    page = client.get(answer.location).text
    assert "1 of 2 stations have acknowledged it" in page
    assert 'data-station="south" data-step="waiting"' in page
    assert 'data-station="south"' not in client.get(f"{answer.location}?step=acknowledged").text
    assert any(entry.action == "order.written" for _, entry in district.pages.trail.entries("", ""))


def test_a_viewer_reads_orders_and_writes_none(district: District) -> None:
    client = visitor_of(district)
    assert "<textarea" not in client.get("/orders").text
    assert post(client, "/orders", "/orders", **ORDER).status_code == 403
    assert district.orders.questions.orders() == []


def test_nobody_orders_above_or_beside_their_own_level(district: District) -> None:
    client = visitor_of(district, role=Role.DISPATCHER, level=("pingyuan", "qiaobei"))
    for level in ("pingyuan", "pingyuan/qiaonan", ""):
        assert post(client, "/orders", "/orders", **(ORDER | {"level": level})).status_code == 422
    assert post(client, "/orders", "/orders", **(ORDER | {"level": "pingyuan/qiaobei/north"})).status_code == 303


@pytest.mark.parametrize(("change", "said"), [({"zh": ""}, "one language at least"), ({"level": "x"}, "No station")])
def test_what_is_wrong_with_an_order_is_said_and_what_was_written_stays_in_the_form(
    district: District, change: dict[str, str], said: str
) -> None:
    client = visitor_of(district, role=Role.DISPATCHER)
    answer = post(client, "/orders", "/orders", **(ORDER | {"en": "Stop lane 1 & wait"} | change | _enough(change)))
    assert answer.status_code == 422
    assert said in answer.text


def _enough(change: dict[str, str]) -> dict[str, str]:
    return {"en": ""} if "zh" in change else {}


def test_without_a_key_the_page_says_how_orders_are_sent(district: District) -> None:
    district.orders._key = None
    page = visitor_of(district, role=Role.DISPATCHER).get("/orders").text
    assert "signing.order_key" in page
    assert "<textarea" not in page


def test_an_order_comes_out_as_a_table_for_spreadsheets_and_programs(district: District) -> None:
    client = visitor_of(district, role=Role.DISPATCHER)
    here = post(client, "/orders", "/orders", **ORDER).location
    rows = list(csv.reader(StringIO(client.get(f"{here}/stations.csv").text.lstrip("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["north", "south"]
    assert json.loads(client.get(f"{here}/stations.json").text)["tables"][0]["rows"][0][0] == "north"
    assert client.get(f"{here}/stations.xlsx").status_code == 200
    assert client.get(f"{here}/stations.exe").status_code == 404


def test_the_list_of_orders_comes_out_as_a_table_of_those_for_a_level(district: District) -> None:
    client = visitor_of(district, role=Role.DISPATCHER)
    for level in ("pingyuan", "pingyuan/qiaonan"):
        post(client, "/orders", "/orders", **(ORDER | {"level": level}))
    _, *rows = csv.reader(StringIO(client.get("/orders.csv").text.lstrip("\ufeff")))
    assert {(row[3], row[7], row[8]) for row in rows} == {("pingyuan", "li", "2"), ("pingyuan/qiaonan", "li", "1")}
    _, row = csv.reader(StringIO(client.get("/orders.csv?level=pingyuan/qiaobei").text.lstrip("\ufeff")))
    assert row[3] == "pingyuan"
    assert client.get("/orders.xlsx").status_code == 200


def test_of_thousands_of_stations_the_page_shows_those_that_have_done_the_least_and_the_download_all(
    district: District,
) -> None:
    names = [f"s{n:03d}" for n in range(MOST_SHOWN + 5)]
    district.store.apply([received(state(levels=("pingyuan", "qiaobei")), name) for name in names])
    client = visitor_of(district, role=Role.DISPATCHER)
    here = post(client, "/orders", "/orders", **ORDER).location
    page = client.get(here).text
    assert page.count("data-station=") == MOST_SHOWN
    assert f"The first {MOST_SHOWN} of {MOST_SHOWN + 7}" in page
    assert len(client.get(f"{here}/stations.csv").text.splitlines()) == MOST_SHOWN + 8


def test_orders_that_nobody_here_wrote_are_told_to_whoever_sees_the_whole_district(district: District) -> None:
    tell(district, receipt(1, "refused", "a-thiefs-order", reason="forged"))
    assert "a-thiefs-order" in visitor_of(district).get("/orders").text
    part = visitor_of(district, "wang", level=("pingyuan", "qiaobei"))
    assert "a-thiefs-order" not in part.get("/orders").text


def test_an_incident_goes_from_report_through_dispatch_to_closure_with_times(district: District) -> None:
    report(district)
    client = visitor_of(district, role=Role.DISPATCHER)
    assert "38.4 &lt;b&gt;" in client.get("/incidents").text
    for step, words in (("dispatched", "team 3"), ("noted", "on the way")):
        assert post(client, HERE, HERE, step=step, words=words).status_code == 303
    tell(district, incident(9, "closed", text="taken to hospital"))
    page = client.get(HERE).text
    for step in ("opened", "dispatched", "noted", "closed"):
        assert f'data-step="{step}"' in page
    (row,) = district.incidents.incidents(NOW - timedelta(days=1))
    assert (row.dispatched_at, row.closed_at, row.closed_by) == (
        "2026-03-01T04:00:00.000Z",
        "2026-03-01T04:09:00.000Z",
        "",
    )
    assert "<form class" not in page


def test_the_district_closes_an_incident_whose_station_cannot(district: District) -> None:
    report(district)
    client = visitor_of(district, role=Role.DISPATCHER)
    post(client, HERE, HERE, step="closed", words="the station is gone")
    (row,) = district.incidents.incidents(NOW - timedelta(days=1))
    assert (row.closed_by, bool(row.closed_at)) == ("li", True)


def test_a_viewer_reads_incidents_and_does_nothing_about_them(district: District) -> None:
    report(district)
    client = visitor_of(district)
    assert 'name="words"' not in client.get(HERE).text
    token = {"step": "closed", "words": ""}
    assert post(client, HERE, "/incidents", **token).status_code == 403


def test_the_periods_to_choose_from_begin_with_one_day(district: District) -> None:
    page = visitor_of(district).get("/incidents").text
    assert re.findall(r">(\d+ days?)<", page) == ["1 day", "7 days", "30 days", "90 days"]


def test_somebody_of_a_level_sees_its_incidents_alone(district: District) -> None:
    report(district, "north")
    report(district, "south")
    client = visitor_of(district, role=Role.DISPATCHER, level=("pingyuan", "qiaobei"))
    page = client.get("/incidents").text
    assert ("NORTH" in page, "SOUTH" in page) == (True, False)
    there = f"/incidents/south/{INCIDENT}"
    assert client.get(there).status_code == 404
    assert post(client, there, HERE, step="closed").status_code == 404


def test_incidents_come_out_as_a_table(district: District) -> None:
    report(district)
    client = visitor_of(district)
    (_, row) = csv.reader(StringIO(client.get("/incidents.csv?days=30").text.lstrip("\ufeff")))
    assert row[:5] == ["north", "NORTH", "1", "Fever", "Serious"]
    assert client.get("/incidents?days=8").status_code == 400
