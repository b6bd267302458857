"""What a file says about the tree: what would change, or every row that is wrong."""

import pytest

from station.domain.level_import import Plan, Refused, Stated, plan
from station.domain.levels import ALWAYS, FOREVER, Level, Placement, Registry, Span, above, spans

TODAY = "2026-03-02"
ROOT, NORTH, SOUTH = Stated(2, "pingyuan", "平原", "Pingyuan"), Stated(3, "pingyuan/north"), Stated(4, "pingyuan/south")
TREE = (ROOT, NORTH, SOUTH)
NOTHING = Registry()


def planned(*stated: Stated, registry: Registry = NOTHING) -> Plan:
    return plan(stated, registry, "pingyuan", TODAY)


def taken(registry: Registry, change: Plan) -> Registry:
    """The registry as it is after a plan."""
    placements = {station: dict(places) for station, places in registry.placements.items()}
    for one in change.placements:
        placements.setdefault(one.station, {})[one.since] = one.path
    return Registry(dict(registry.levels) | {level.path: level for level in change.levels}, placements)


def faults(*stated: Stated, registry: Registry = NOTHING) -> list[tuple[int, str]]:
    with pytest.raises(Refused) as refused:
        planned(*stated, registry=registry)
    return [(fault.row, fault.text) for fault in refused.value.faults]


def test_a_station_that_is_new_stands_there_always_and_a_known_one_from_today() -> None:
    first = planned(*TREE, Stated(5, "pingyuan/north", station="a"))
    assert first.placed == (Placement("a", ALWAYS, "pingyuan/north"),)
    registry = taken(Registry(), first)
    second = planned(Stated(2, "pingyuan/south", station="a"), registry=registry)
    assert second == Plan(moved=(Placement("a", TODAY, "pingyuan/south"),))
    moved = taken(registry, second)
    assert [moved.place("a", day) for day in ("2026-03-01", TODAY)] == ["pingyuan/north", "pingyuan/south"]


def test_the_same_file_once_more_changes_nothing() -> None:
    rows = (
        *TREE,
        Stated(5, "pingyuan/north", station="a"),
        Stated(6, "pingyuan/south", station="a", since="2026-02-01"),
        Stated(7, "pingyuan/north", station="a", since="2026-02-08"),
        Stated(8, "pingyuan/south", station="b", since="always"),
        Stated(9, "pingyuan/south", station="c"),
    )
    registry = taken(Registry(), planned(*rows))
    assert registry.placements["a"] == {
        ALWAYS: "pingyuan/north",
        "2026-02-01": "pingyuan/south",
        "2026-02-08": "pingyuan/north",
    }
    assert planned(*rows, registry=registry) == Plan()


def test_another_title_is_a_change_and_its_level_is_not_added_again() -> None:
    registry = taken(Registry(), planned(*TREE))
    titled = planned(Stated(2, "pingyuan/north", "北", "North"), registry=registry)
    assert titled == Plan(retitled=(Level("pingyuan/north", "北", "North"),))


def test_a_row_that_places_a_station_and_says_no_title_leaves_the_titles() -> None:
    registry = taken(Registry(), planned(ROOT))
    assert planned(Stated(2, "pingyuan", station="a"), registry=registry).levels == ()


@pytest.mark.parametrize(
    ("row", "remedy"),
    [
        (Stated(9, "", "t"), "give names joined by '/'"),
        (Stated(9, "elsewhere"), "begin it with 'pingyuan'"),
        (Stated(9, "pingyuan//x"), "write names joined by '/'"),
        (Stated(9, "pingyuan/.."), "write names joined by '/'"),
        (Stated(9, "pingyuan/" + "x" * 65), "shorten it"),
        (Stated(9, "/".join(["pingyuan", *"abcdefg"])), "7 is the most"),
        (Stated(9, "pingyuan/nowhere/x"), "there is no 'pingyuan/nowhere'; add a row for it"),
        (Stated(9, "pingyuan/nowhere", station="a"), "there is no 'pingyuan/nowhere' to place a at"),
        (Stated(9, "pingyuan", "另"), "titled otherwise in row 2"),
        (Stated(9, "pingyuan/north", "x" * 81), "at most 80"),
        (Stated(9, "pingyuan", station="A b"), "no station's id"),
        (Stated(9, "pingyuan", station="a", since="1 March"), "write it like 2026-03-01, or always"),
        (Stated(9, "pingyuan", station="a", since="2026-02-30"), "write it like 2026-03-01"),
        (Stated(9, "pingyuan", "平原", "Pingyuan", since="2026-03-01"), "name it or clear from"),
    ],
)
def test_a_row_that_is_wrong_is_named_with_its_remedy(row: Stated, remedy: str) -> None:
    found = faults(*TREE, row)
    assert any(number == 9 and remedy in text for number, text in found), found


def test_a_station_is_placed_once_from_a_day() -> None:
    twice = (Stated(5, "pingyuan/north", station="a"), Stated(6, "pingyuan/south", station="a"))
    assert faults(*TREE, *twice) == [(6, "station: a is placed from the same day in row 5; keep one of them")]


def test_every_wrong_row_is_told_in_the_order_of_the_file() -> None:
    rows = (Stated(2, "x"), ROOT, Stated(4, "pingyuan/a/b"), Stated(5, "pingyuan", station="!"))
    assert [row for row, _ in faults(*rows)] == [2, 4, 5]


def test_where_the_registry_is_silent_the_station_itself_is_believed() -> None:
    assert spans({}, "said/x") == [Span("said/x", ALWAYS, FOREVER)]
    assert spans({"2026-03-01": "p"}, "said") == [
        Span("said", ALWAYS, "2026-03-01"),
        Span("p", "2026-03-01", FOREVER),
    ]
    assert spans({ALWAYS: "p"}, "said") == [Span("p", ALWAYS, FOREVER)]


def test_the_levels_above_are_told_from_the_district_down() -> None:
    assert list(above("a/b/c")) == ["a", "a/b", "a/b/c"]
