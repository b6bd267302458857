"""Rows of counts become curves over one axis, beside the same days of the week before."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from web_ui.district.series import MOST_CURVES, OTHERS, curve_of, named, table_of, times

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, NEXT = datetime(2026, 3, 2, tzinfo=SHANGHAI), datetime(2026, 3, 3, tzinfo=SHANGHAI)


def row(hour: str, passages: int, **keys: str) -> dict[str, Any]:
    sums = {"passages": passages, "vehicles": passages, "persons": 2 * passages}
    return {"hour": f"{hour}:00:00+08:00", **keys, **sums}


def both(now: list[dict[str, Any]], then: list[dict[str, Any]]) -> dict[str, Any]:
    return {"now": {"rows": now}, "then": {"rows": then}}


def test_an_hour_without_a_passage_counts_nothing_and_last_weeks_hour_stands_beside_this_weeks() -> None:
    found = curve_of(both([row("2026-03-02T08", 5)], [row("2026-02-23T08", 3)]), DAY, NEXT, "hour", "", "persons")
    (curve,) = found["series"]
    assert len(found["at"]) == 24
    assert found["at"][8] == "2026-03-02T08:00:00+08:00"
    assert (curve["now"][8], curve["then"][8]) == (10, 6)
    assert (sum(curve["now"]), sum(curve["then"])) == (10, 6)


def test_a_level_where_nothing_passed_has_one_curve_of_nothing() -> None:
    found = curve_of(both([], []), DAY, NEXT, "hour", "kind", "passages")
    assert [(one["key"], sum(one["now"])) for one in found["series"]] == [("", 0)]


@given(st.lists(st.tuples(st.integers(0, 23), st.integers(0, 20), st.integers(1, 50)), max_size=60))
def test_whatever_the_kinds_the_curves_sum_to_all_that_passed(counted: list[tuple[int, int, int]]) -> None:
    rows = [row(f"2026-03-02T{hour:02}", passages, kind=f"kind-{kind}") for hour, kind, passages in counted]
    found = curve_of(both(rows, []), DAY, NEXT, "hour", "kind", "passages")
    assert sum(sum(one["now"]) for one in found["series"]) == sum(passages for _, _, passages in counted)
    assert len(found["series"]) <= MOST_CURVES


def test_the_small_ones_of_many_are_one_curve() -> None:
    rows = [row("2026-03-02T08", place + 1, station="north", lane=str(place)) for place in range(12)]
    found = curve_of(both(rows, []), DAY, NEXT, "hour", "lane", "passages")
    keys = [one["key"] for one in found["series"]]
    assert keys == [*(f"north {lane}" for lane in range(11, 4, -1)), OTHERS]
    assert found["series"][-1]["now"][8] == 1 + 2 + 3 + 4 + 5


def test_outcomes_are_of_passages_whatever_is_asked_for() -> None:
    rows = [{"hour": "2026-03-02T08:00:00+08:00", "outcome": "held", "passages": 4}]
    found = curve_of(both(rows, []), DAY, NEXT, "hour", "outcome", "persons")
    assert (found["measure"], found["series"][0]["now"][8]) == ("passages", 4)


def test_an_hour_that_the_clocks_leave_out_or_repeat_is_as_they_have_it() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = times(datetime(2026, 3, 29, tzinfo=berlin), datetime(2026, 3, 30, tzinfo=berlin), "hour")
    autumn = times(datetime(2026, 10, 25, tzinfo=berlin), datetime(2026, 10, 26, tzinfo=berlin), "hour")
    assert (len(spring), len(autumn)) == (23, 25)
    assert [time[11:16] for time in spring[1:4]] == ["01:00", "03:00", "04:00"]
    assert times(datetime(2026, 3, 28, tzinfo=berlin), datetime(2026, 3, 30, tzinfo=berlin), "day") == [
        "2026-03-28",
        "2026-03-29",
    ]


def test_curves_are_named_in_the_readers_language() -> None:
    rows = [row("2026-03-02T08", 1, kind=kind) for kind in ("truck", "hovercraft")]
    found = curve_of(both(rows, []), DAY, NEXT, "hour", "kind", "passages")
    assert {one["name"] for one in named(found, "zh")["series"]} == {"货车", "hovercraft"}
    assert {one["name"] for one in named(found, "en")["series"]} == {"Truck", "hovercraft"}


def test_a_table_has_a_row_for_each_time_and_two_columns_for_each_curve() -> None:
    rows = [row("2026-03-02T08", 5)]
    table = table_of(named(curve_of(both(rows, []), DAY, NEXT, "hour", "", "passages"), "en"), "x", "Hour", "before")
    assert table.columns == ("Hour", "All", "All (before)")
    assert table.rows[8] == ("2026-03-02 08:00", 5, 0)
    assert len(table.rows) == 24
