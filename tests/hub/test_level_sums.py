"""Sums by level and period on both stores, before and after the summaries have done their work."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hub_messages import NOW, SHANGHAI, received, segment, state, tally

from station.domain.level_import import Plan
from station.domain.levels import ALWAYS, Level, Placement
from station.hub.database import Database, StoreUnwritable
from station.hub.level_registry import change_registry, read_registry
from station.hub.level_sums import LevelSums
from station.hub.live_tree import UnknownLevel
from station.hub.local_hours import LocalHours
from station.hub.places import settle_missing
from station.hub.store import Store
from station.hub.summaries import Summaries

DISTRICT, NORTH, SOUTH = ("pingyuan",), ("pingyuan", "north"), ("pingyuan", "south")
FIRST = datetime(2026, 3, 1, tzinfo=SHANGHAI)
WEEK = FIRST + timedelta(days=7)


@pytest.fixture
def sums(database: Database, store: Store) -> LevelSums:
    """A station that moves from north to south on the third of March, and one that says itself it is in the south."""
    with database.transaction() as connection:
        change_registry(
            connection,
            Plan(
                added=tuple(Level("/".join(path)) for path in (DISTRICT, NORTH, SOUTH)),
                placed=(
                    Placement("mover", ALWAYS, "pingyuan/north"),
                    Placement("mover", "2026-03-03", "pingyuan/south"),
                ),
            ),
        )
    store.apply(
        [
            received(state(levels=SOUTH), "stayer"),
            received(segment(1, *(a_tally(day, day) for day in range(1, 8))), "mover"),
            received(segment(1, a_tally(2, 100, kind="bus", outcome="held"), a_tally(4, 200, lane="2")), "stayer"),
        ]
    )
    return LevelSums(database, "pingyuan", SHANGHAI)


@pytest.fixture(params=["marked", "summed up"], autouse=True)
def summaries(request: pytest.FixtureRequest, database: Database, sums: LevelSums) -> Summaries:
    """Every test sees hours that wait to be summed up, and none."""
    summaries = Summaries(database, LocalHours(SHANGHAI))
    summaries.prepare()
    if request.param == "summed up":
        summaries.settle()
        assert count(database, "stale_hours") == 0
    return summaries


def a_tally(day: int, passages: int, **given: str):
    return tally(passages=passages, minute=f"2026-03-{day:02}T03:59Z", **given)


def count(database: Database, table: str) -> int:
    with database.reading() as connection:
        return connection.execute(f"select count(*) as n from {table}").fetchone()["n"]


def by_level(sums: LevelSums, begin: datetime, end: datetime, path: tuple[str, ...] = DISTRICT) -> dict[str, int]:
    return {row["level"]: row["passages"] for row in sums.every_level(path, begin, end)["rows"]}


def test_each_day_counts_where_the_station_stood_that_day(sums: LevelSums) -> None:
    assert by_level(sums, FIRST, WEEK) == {"pingyuan": 328, "pingyuan/north": 3, "pingyuan/south": 325}
    assert by_level(sums, FIRST, WEEK, NORTH) == {"pingyuan/north": 3}
    two = FIRST + timedelta(days=2)
    assert by_level(sums, FIRST, two) == {"pingyuan": 103, "pingyuan/north": 3, "pingyuan/south": 100}
    assert by_level(sums, two, two + timedelta(days=1)) == {"pingyuan": 3, "pingyuan/south": 3}


def test_a_period_may_begin_and_end_in_the_middle_of_an_hour(sums: LevelSums) -> None:
    begin, end = (datetime(2026, 3, day, 11, 59, tzinfo=SHANGHAI) for day in (2, 4))
    assert by_level(sums, begin, end)["pingyuan"] == 105
    assert by_level(sums, begin + timedelta(minutes=1), end + timedelta(minutes=1))["pingyuan"] == 207


def test_a_curve_is_split_by_what_is_asked(sums: LevelSums) -> None:
    two = FIRST + timedelta(days=2)
    rows = sums.curve(DISTRICT, FIRST, two, "day", "kind")["rows"]
    assert [(row["day"], row["kind"], row["passages"]) for row in rows] == [
        ("2026-03-01", "car", 1),
        ("2026-03-02", "bus", 100),
        ("2026-03-02", "car", 2),
    ]
    rows = sums.curve(SOUTH, FIRST, two, "hour", "outcome")["rows"]
    assert rows == [{"hour": "2026-03-02T11:00:00+08:00", "outcome": "held", "passages": 100}]
    rows = sums.curve(SOUTH, FIRST, WEEK, "day", "lane")["rows"]
    assert {(row["station"], row["lane"]): row["passages"] for row in rows if row["day"] == "2026-03-04"} == {
        ("mover", "1"): 4,
        ("stayer", "2"): 200,
    }


def test_the_same_days_of_the_week_before_stand_beside(sums: LevelSums) -> None:
    both = sums.beside(DISTRICT, WEEK, WEEK + timedelta(days=2), "day")
    assert both["now"]["rows"] == []
    assert [row["passages"] for row in both["then"]["rows"]] == [1, 102]


def test_stations_are_summed_one_by_one(sums: LevelSums) -> None:
    rows = sums.every_station(SOUTH, FIRST, WEEK)["rows"]
    assert {row["station"]: (row["passages"], row["held"]) for row in rows} == {"mover": (25, 0), "stayer": (300, 100)}


def test_what_is_amended_later_is_summed_anew(sums: LevelSums, store: Store, summaries: Summaries) -> None:
    store.apply([received(segment(2, tally(9, 0, minute="2026-03-01T03:59Z")), "mover")])
    for _ in range(2):
        assert by_level(sums, FIRST, WEEK)["pingyuan"] == 327
        summaries.settle()


def test_an_hour_that_is_told_late_moves_what_ran_up_since(sums: LevelSums, store: Store, summaries: Summaries) -> None:
    store.apply([received(segment(2, tally(9, 1000, minute="2026-02-20T03:59Z")), "mover")])
    summaries.settle()
    assert by_level(sums, FIRST, WEEK)["pingyuan"] == 328
    assert by_level(sums, FIRST - timedelta(days=28), WEEK)["pingyuan"] == 1328


def test_another_time_zone_has_all_its_days_summed_anew(database: Database, sums: LevelSums) -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    anew = Summaries(database, LocalHours(kolkata))
    anew.prepare()
    there = LevelSums(database, "pingyuan", kolkata)
    begin = datetime(2026, 3, 1, tzinfo=kolkata)
    for _ in range(2):
        rows = there.curve(DISTRICT, begin, begin + timedelta(days=1), "hour")["rows"]
        assert [(row["hour"], row["passages"]) for row in rows] == [("2026-03-01T09:00:00+05:30", 1)]
        anew.settle()
    marked = count(database, "stale_hours")
    anew.prepare()
    assert marked == count(database, "stale_hours") == 0


def test_a_store_that_cannot_be_written_keeps_its_marks(storage, database: Database, summaries: Summaries) -> None:
    before = count(database, "stale_hours")
    storage.refuse()
    with pytest.raises(StoreUnwritable):
        summaries.sum_some()
    storage.relent()
    assert count(database, "stale_hours") == before
    summaries.settle()
    assert count(database, "stale_hours") == 0


def test_stations_heard_before_places_were_written_down_are_placed_at_the_start(
    database: Database, sums: LevelSums
) -> None:
    with database.transaction() as connection:
        connection.execute("delete from places")
        settle_missing(connection)
        assert len(read_registry(connection).placements["mover"]) == 2
    assert by_level(sums, FIRST, WEEK) == {"pingyuan": 328, "pingyuan/north": 3, "pingyuan/south": 325}


def test_a_level_that_nobody_knows_is_named(sums: LevelSums) -> None:
    with pytest.raises(UnknownLevel, match="pingyuan/west"):
        sums.counts(("pingyuan", "west"), FIRST, WEEK, "lane", NOW.date().isoformat())
