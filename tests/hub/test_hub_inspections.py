"""Inspections at the hub: whatever order they are told in, what is overdue, the counts of a month, and the pages."""

import csv
import json
import random
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from hub_messages import NOW, received, state
from hub_visitors import visitor_of
from scripted_hub import ZONE, District
from test_hub_events import rows

from station.hub.database import Database
from station.hub.inspections import Inspections
from station.hub.store import Store
from station.messages import EventNotice
from web_ui.district.inspections import MOST_SHOWN

LONG_AGO = NOW - timedelta(days=300)
_number = count(1)


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path, lambda: NOW, anonymous_read=False)
    for name, level in (("north", "qiaobei"), ("south", "qiaonan")):
        district.say(state(levels=("pingyuan", level), name=name.upper()), name)
    yield district
    district.close()


def step(event: str, at: str = "2026-03-01T04:00:00Z", **said: str) -> EventNotice:
    row = next(_number)
    return EventNotice(1, f"id-{row}", row, at, "trusted", "1" if event == "inspection_began" else "", event, said)


def a_visit(
    visit: str = "v1", due: str = "2026-02-20", at: str = "2026-02-10T04:00:00Z", text: str = "no record <b>"
) -> list[EventNotice]:
    """Two findings, a notice for both of them, and the first one's closure."""
    kinds = {"kind": "disinfection", "severity": "serious"}
    return [
        step("inspection_began", at, inspection=visit),
        step("finding_made", at, inspection=visit, finding=f"{visit}a", text=text, **kinds),
        step("finding_made", at, inspection=visit, finding=f"{visit}b", text="two on shift", **kinds),
        step(
            "notice_served",
            at,
            inspection=visit,
            notice=f"{visit}n",
            findings=json.dumps([f"{visit}a", f"{visit}b"]),
            text="put it right",
            due=due,
        ),
        step("inspection_ended", at, inspection=visit),
        step("finding_closed", finding=f"{visit}a", text="sprayed"),
    ]


def tell(district: District, *steps: EventNotice, station: str = "north") -> None:
    for one in steps:
        district.store.apply([received(one, station)])


def test_an_inspection_comes_out_the_same_in_whatever_order_it_is_told(store: Store, database: Database) -> None:
    steps = a_visit()
    outcomes = set()
    for seed in range(12):
        random.Random(seed).shuffle(steps)
        for one in (*steps, *steps):
            store.apply([received(one, f"s{seed}")])
    for row in Inspections(database, ZONE, lambda: NOW).inspections(LONG_AGO):
        outcomes.add((row.lane, row.began_at, row.ended_at, row.findings, row.open_findings, row.notices, row.due))
    when = "2026-02-10T04:00:00.000Z"
    assert outcomes == {("1", when, when, 2, 1, 1, "2026-02-20")}
    assert len(rows(database, "inspections")) == 12


def test_a_notice_is_overdue_from_the_day_after_its_own_until_its_findings_are_closed(district: District) -> None:
    today = NOW.astimezone(district.services.zone).date()
    tell(district, *a_visit("v1", due=today.isoformat()), *a_visit("v2", due=(today - timedelta(days=1)).isoformat()))
    assert {row.id: row.overdue for row in district.inspections.inspections(LONG_AGO)} == {"v1": False, "v2": True}
    tell(district, step("finding_closed", finding="v2b"))
    rows = {row.id: (row.overdue, row.due) for row in district.inspections.inspections(LONG_AGO)}
    assert rows["v2"] == (False, "")


def test_a_notice_for_a_finding_that_is_not_told_of_yet_is_open(district: District) -> None:
    began, _, _, served, *_ = a_visit()
    tell(district, began, served)
    (row,) = district.inspections.inspections(LONG_AGO)
    assert (row.findings, row.due, row.overdue) == (0, "2026-02-20", True)


def test_what_is_overdue_stands_first_and_the_longest_before_all(district: District) -> None:
    tell(district, *a_visit("new", "2026-12-31", "2026-02-28T04:00:00Z"), *a_visit("late", "2026-02-20"))
    tell(district, *a_visit("later", "2026-02-12"), step("inspection_began", inspection="now"))
    assert [row.id for row in district.inspections.inspections(LONG_AGO)] == ["later", "late", "now", "new"]


def test_an_old_visit_stays_listed_while_something_of_it_is_open(district: District) -> None:
    tell(district, *a_visit("v1"))
    assert [row.id for row in district.inspections.inspections(NOW)] == ["v1"]
    tell(district, step("finding_closed", finding="v1b"))
    assert district.inspections.inspections(NOW) == []


@pytest.mark.parametrize("findings", ["", "[", "7", '["../x", 7, "v1b"]', '"v1b"'])
def test_a_notice_that_names_its_findings_badly_is_stored_with_those_that_are_ids(
    store: Store, database: Database, findings: str
) -> None:
    said = {"inspection": "v1", "notice": "n1", "findings": findings, "due": "soon"}
    store.apply([received(step("notice_served", **said), "north")])
    assert [row["due"] for row in rows(database, "notices")] == [""]
    assert [row["finding"] for row in rows(database, "notice_findings")] == (["v1b"] if "../x" in findings else [])


@pytest.mark.parametrize("event", ["inspection_began", "finding_made", "finding_closed", "notice_served"])
def test_a_step_that_names_nothing_is_kept_and_in_no_page(store: Store, database: Database, event: str) -> None:
    store.apply([received(step(event), "north")])
    assert rows(database, "inspections") == rows(database, "findings") == rows(database, "notices") == []


def test_a_month_is_the_districts_own_and_of_the_visitors_level(district: District) -> None:
    last_of_january, first_of_february = "2026-01-31T15:59:59Z", "2026-01-31T16:00:00Z"  # in Shanghai
    tell(district, *a_visit("v1", at=last_of_january), *a_visit("v2", at=first_of_february))
    tell(district, *a_visit("v3", at=first_of_february), station="south")
    counted = {
        one.month: (one.checks, one.problems, one.notices, one.closures) for one in district.inspections.months()
    }
    assert len(counted) == 12
    assert {month: counts for month, counts in counted.items() if any(counts)} == {
        "2026-03": (0, 0, 0, 3),
        "2026-02": (2, 4, 2, 0),
        "2026-01": (1, 2, 1, 0),
    }
    north = {one.month: one.checks for one in district.inspections.months(("pingyuan", "qiaobei"))}
    assert (north["2026-02"], north["2026-01"]) == (1, 1)
    assert list(north)[:4] == ["2026-03", "2026-02", "2026-01", "2025-12"]


# The pages


def test_the_list_and_a_visits_own_page_tell_what_was_found_and_what_came_of_it(district: District) -> None:
    tell(district, *a_visit())
    client = visitor_of(district)
    page = client.get("/inspections").text
    assert "1 overdue" in page
    assert "NORTH" in page
    page = client.get("/inspections/north/v1").text
    for words in ("no record &lt;b&gt;", "sprayed", "two on shift", "put it right", "2026-02-20", "Disinfection"):
        assert words in page
    assert page.count("data-finding=") == 2


def test_somebody_of_a_level_sees_its_inspections_alone(district: District) -> None:
    tell(district, *a_visit("v1"))
    tell(district, *a_visit("v2"), station="south")
    client = visitor_of(district, level=("pingyuan", "qiaobei"))
    page = client.get("/inspections").text
    assert ("NORTH" in page, "SOUTH" in page) == (True, False)
    assert "SOUTH" not in client.get("/inspections.csv").text
    assert client.get("/inspections/south/v2").status_code == 404
    assert client.get("/inspections/north/v1").status_code == 200


def test_of_a_months_visits_the_page_shows_the_first_and_the_download_all(district: District) -> None:
    visits = [step("inspection_began", "2026-02-27T04:00:00Z", inspection=f"v{n}") for n in range(MOST_SHOWN + 5)]
    district.store.apply([received(one, "north") for one in visits])
    client = visitor_of(district)
    page = client.get("/inspections").text
    assert page.count("data-inspection=") == MOST_SHOWN
    assert f"The first {MOST_SHOWN} of {MOST_SHOWN + 5}" in page
    (visits_table, _) = json.loads(client.get("/inspections.json").text)["tables"]
    assert len(visits_table["rows"]) == MOST_SHOWN + 5


def test_inspections_come_out_as_tables(district: District) -> None:
    tell(district, *a_visit())
    client = visitor_of(district)
    text = client.get("/inspections.csv?days=90").text.lstrip("\ufeff")
    lines = list(csv.reader(StringIO(text)))
    assert lines[2][:3] == ["north", "NORTH", "1"]
    assert lines[2][5:] == ["2", "1", "1", "2026-02-20", "Yes"]
    assert ["2026-02", "1", "2", "1", "0"] in lines
    tables = json.loads(client.get("/inspections.json").text)["tables"]
    assert [len(table["rows"]) for table in tables] == [1, 12]
    assert client.get("/inspections.xlsx").status_code == client.get("/inspections.pdf").status_code == 200
    assert client.get("/inspections?days=8").status_code == 400
    assert client.get("/inspections.exe").status_code == 404
