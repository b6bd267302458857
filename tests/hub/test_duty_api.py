"""Orders, incidents and inspections for programs: page by page, and no more than the token's pages would show."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hub_messages import NOW, received, state
from hub_visitors import BY, app_of
from scripted_hub import District
from storage import Storage
from test_hub_events import notice, receipt
from test_hub_inspections import a_visit, step

from station.domain.accounts import Role
from station.domain.district_incidents import NoteStep
from station.domain.district_orders import Draft
from station.domain.orders import Urgency
from station.messages import EventNotice

pytestmark = pytest.mark.clock

LEVELS = {"north": "qiaobei", "south": "qiaonan"}


class Program:
    """What reads the API with a token."""

    def __init__(self, district: District, *level: str) -> None:
        token = district.pages.tokens.make("test", Role.VIEWER, level or ("pingyuan",), 30, BY)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._client = app_of(district).test_client()

    def ask(self, path: str) -> tuple[int, Any]:
        answer = self._client.get(f"/api/v1/{path}", headers=self._headers)
        return answer.status_code, answer.json

    def all_of(self, name: str, query: str = "") -> list[str]:
        """The ids of a whole list, read two at a time."""
        found: list[str] = []
        cursor = ""
        while True:
            code, answer = self.ask(f"{name}?limit=2{query}{cursor}")
            assert code == 200, answer
            found += [one["id"] for one in answer[name]]
            if answer["next"] is None:
                return found
            cursor = f"&cursor={answer['next']}"


@pytest.fixture
def district(storage: Storage) -> Iterator[District]:
    """On both stores: the questions are written once for them."""
    district = District(storage.open(), lambda: NOW, anonymous_read=False)
    for name, level in LEVELS.items():
        district.say(state(levels=("pingyuan", level), name=name.upper()), name)
    district.say(state(levels=(), name="TOP"), "top")
    yield district
    district.closing.set()


@pytest.fixture
def program(district: District) -> Program:
    return Program(district)


def tell(district: District, *notices: EventNotice, station: str = "north") -> None:
    for one in notices:
        district.store.apply([received(one, station)])


def order(district: District, level: str = "pingyuan", hours: int = 12) -> str:
    return district.orders.write(Draft(level, Urgency.URGENT, "停", "Stop", timedelta(hours=hours)), "li").id


def incident(number: int, station: str, district: District) -> str:
    opened = notice(number, "incident_opened", incident=f"{station}{number}", kind="fever", severity="serious")
    tell(district, opened, station=station)
    return f"{station}{number}"


def test_incidents_come_page_by_page_the_newest_first_whatever_comes_meanwhile(
    district: District, program: Program
) -> None:
    known = [incident(number, station, district) for number in (1, 2, 3) for station in ("north", "south")]
    newest_first = sorted(known, key=lambda one: (one[-1], one), reverse=True)
    assert program.all_of("incidents") == newest_first
    _, first = program.ask("incidents?limit=4")
    incident(9, "north", district)
    _, second = program.ask(f"incidents?cursor={first['next']}")
    assert [one["id"] for one in (*first["incidents"], *second["incidents"])] == newest_first


def test_incidents_are_narrowed_to_a_level_and_a_state(district: District, program: Program) -> None:
    one, two = incident(1, "north", district), incident(2, "north", district)
    tell(district, notice(22, "incident_closed", incident=two))
    three, four = incident(3, "south", district), incident(4, "top", district)
    assert program.all_of("incidents") == [four, three, two, one]
    assert program.all_of("incidents", "&state=open") == [four, three, one]
    assert program.all_of("incidents", "&state=closed") == [two]
    assert program.all_of("incidents", "&level=pingyuan/qiaobei") == [two, one]
    assert program.all_of("incidents", "&level=pingyuan/qiao") == []


def test_an_incident_has_its_steps_in_order(district: District, program: Program) -> None:
    known = incident(1, "north", district)
    district.incidents.note("north", known, NoteStep.DISPATCHED, "li", "team 3", ())
    code, told = program.ask(f"incidents/north/{known}")
    assert code == 200
    assert [(one["step"], one["who"]) for one in told["steps"]] == [("dispatched", "li"), ("opened", "")]
    assert (told["station"], told["levels"], told["closed_at"]) == ("north", ["pingyuan", "qiaobei"], "")


def test_an_order_says_how_many_have_come_how_far_and_who_has_not(district: District, program: Program) -> None:
    written = order(district)
    tell(district, receipt(1, "received", written), receipt(2, "acknowledged", written))
    tell(district, receipt(1, "refused", written, reason="expired"), station="south")
    _, told = program.ask(f"orders/{written}")
    counts = {name: told[name] for name in ("received", "acknowledged", "refused", "written_by")}
    assert counts == {"received": 1, "acknowledged": 1, "refused": 1, "written_by": "li"}
    _, answer = program.ask(f"orders/{written}/stations")
    assert {one["station"]: one["step"] for one in answer["stations"]} == {"north": "acknowledged", "south": "refused"}
    _, answer = program.ask(f"orders/{written}/stations?step=refused")
    assert [(one["station"], one["reason"]) for one in answer["stations"]] == [("south", "expired")]


def test_orders_are_those_for_a_level_those_above_and_those_beneath(district: District, program: Program) -> None:
    for_all, for_north = order(district), order(district, "pingyuan/qiaobei/north")
    for_south = order(district, "pingyuan/qiaonan")
    assert set(program.all_of("orders")) == {for_all, for_north, for_south}
    assert set(program.all_of("orders", "&level=pingyuan/qiaobei")) == {for_all, for_north}
    assert program.all_of("orders", "&state=expired") == []
    assert set(program.all_of("orders", "&state=standing")) == {for_all, for_north, for_south}


def test_visits_are_narrowed_to_what_is_open_overdue_or_closed(district: District, program: Program) -> None:
    tell(district, *a_visit("late"), *a_visit("soon", due="2026-04-01", at="2026-02-11T04:00:00Z"))
    tell(district, *a_visit("done", at="2026-02-12T04:00:00Z"), station="south")
    tell(district, step("finding_closed", finding="doneb", text="done"), station="south")
    assert program.all_of("inspections") == ["done", "soon", "late"]
    assert program.all_of("inspections", "&state=open") == ["soon", "late"]
    assert program.all_of("inspections", "&state=overdue") == ["late"]
    assert program.all_of("inspections", "&state=closed") == ["done"]
    _, told = program.ask("inspections/north/late")
    assert (told["findings"], told["open_findings"], told["overdue"]) == (2, 1, True)
    assert [one["closing"] for one in told["findings_made"]] == ["sprayed", ""]
    assert [one["findings"] for one in told["notices_served"]] == [2]


def test_a_token_sees_its_own_level_alone(district: District) -> None:
    here, there = incident(1, "north", district), incident(1, "south", district)
    tell(district, *a_visit("v1"), station="south")
    elsewhere = order(district, "pingyuan/qiaonan")
    program = Program(district, "pingyuan", "qiaobei")
    assert program.all_of("incidents") == [here]
    assert program.all_of("orders") == program.all_of("inspections") == []
    for path in (
        f"incidents/south/{there}",
        "inspections/south/v1",
        f"orders/{elsewhere}",
        f"orders/{elsewhere}/stations",
        "incidents?level=pingyuan",
        "orders?level=pingyuan/qiaonan",
    ):
        assert program.ask(path)[0] == 404, path


def test_nobody_without_a_token_reads_them(district: District) -> None:
    client = app_of(district).test_client()
    assert {client.get(f"/api/v1/{name}").status_code for name in ("orders", "incidents", "inspections")} == {401}


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("incidents?state=shut", "state"),
        ("orders?state=", "state"),
        ("inspections?limit=0", "limit"),
        ("incidents?cursor=bm8", "cursor"),
        ("orders?cursor=WyJhIiwiYiIsImMiXQ", "cursor"),  # three texts, where two make a place
        ("incidents?cursor=WyJcdTAwMDAiLCJiIiwiYyJd", "cursor"),  # a NUL
        ("incidents?days=7", "days"),
    ],
)
def test_a_bad_parameter_of_a_list_is_named(program: Program, path: str, parameter: str) -> None:
    code, answer = program.ask(path)
    assert (code, answer["parameter"]) == (400, parameter)


def test_a_step_that_is_none_is_refused(district: District, program: Program) -> None:
    code, answer = program.ask(f"orders/{order(district)}/stations?step=away")
    assert (code, answer["parameter"]) == (400, "step")


def test_the_api_describes_these_answers_as_they_are(district: District, program: Program) -> None:
    known, written = incident(1, "north", district), order(district)
    tell(district, *a_visit("v1"))
    _, document = program.ask("openapi.json")
    schemas = document["components"]["schemas"]
    for schema, path in (
        ("Orders", "orders"),
        ("Order", f"orders/{written}"),
        ("OrderStations", f"orders/{written}/stations"),
        ("Incidents", "incidents"),
        ("Incident", f"incidents/north/{known}"),
        ("Inspections", "inspections"),
        ("Inspection", "inspections/north/v1"),
    ):
        _described(schemas[schema], program.ask(path)[1], schema)


def _described(schema: dict[str, Any], answer: Any, where: str) -> None:
    """Every member is named, and so is every member of what is in it."""
    if schema.get("type") == "array":
        assert answer, f"{where}: a test of nothing"
        _described(schema["items"], answer[0], where)
    elif schema.get("type") == "object":
        assert set(schema["properties"]) == set(answer) == set(schema["required"]), where
        for name, inner in schema["properties"].items():
            _described(inner, answer[name], f"{where}.{name}")
    elif "enum" in schema:
        assert answer in schema["enum"], where
