"""Counts at any level, over any period, in the hub's own days."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hub_messages import SHANGHAI, STATION, live, received, segment, state, tally

from station.hub.database import Database
from station.hub.queries import Queries, UnknownLevel
from station.hub.store import Store

DISTRICT = ("pingyuan",)
FIRST, NEXT = datetime(2026, 3, 1, tzinfo=SHANGHAI), datetime(2026, 3, 2, tzinfo=SHANGHAI)


@pytest.fixture
def stored(store: Store) -> Store:
    """Two stations under one township, a third that has not said where it is."""
    midnight = "2026-02-28T16:00Z"  # in Shanghai
    store.apply(
        [
            received(state()),
            received(
                segment(
                    1,
                    tally(passages=3, minute="2026-02-28T15:59Z"),
                    tally(passages=5, minute=midnight, outcome="held", origin="risk_area"),
                    tally(passages=7, minute="2026-03-01T03:59Z", lane="2", kind="bus", outcome="denied"),
                    tally(passages=11, minute="boot:abc+12", kind="person", vehicles=0, persons=11),
                    tally(passages=0, minute=midnight, lane="1", kind="truck"),
                )
            ),
            received(state(name="南岸", levels=("pingyuan", "qiaobei", "bridge-south")), "bridge-south"),
            received(segment(1, tally(passages=13)), "bridge-south"),
            received(segment(1, tally(passages=17)), "silent"),
        ]
    )
    return store


def test_counts_by_lane_are_the_contracts_answer(stored: Store, queries: Queries) -> None:
    answer = queries.counts(("pingyuan", "qiaobei", "bridge-north"), FIRST, NEXT, "lane")
    lane = {"station": STATION, "vehicles": 5, "persons": 10, "granted": 0, "held": 5, "denied": 0}
    assert answer == {
        "level": "pingyuan/qiaobei/bridge-north",
        "from": "2026-03-01T00:00:00+08:00",
        "to": "2026-03-02T00:00:00+08:00",
        "rows": [
            {**lane, "lane": "1", "passages": 5},
            {**lane, "lane": "2", "passages": 7, "vehicles": 7, "persons": 14, "held": 0, "denied": 7},
        ],
        "unknown_time": {"passages": 11, "vehicles": 0, "persons": 11, "granted": 11, "held": 0, "denied": 0},
    }


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("day", {"2026-02-28": 3, "2026-03-01": 25}),
        ("hour", {"2026-02-28T23:00:00+08:00": 3, "2026-03-01T00:00:00+08:00": 5, "2026-03-01T11:00:00+08:00": 20}),
        ("origin", {"unknown": 23, "risk_area": 5}),
        ("kind", {"car": 21, "bus": 7}),
    ],
)
def test_counts_are_grouped_in_the_hubs_time_zone(
    stored: Store, queries: Queries, by: str, expected: dict[str, int]
) -> None:
    answer = queries.counts(("pingyuan", "qiaobei"), datetime(2026, 2, 1, tzinfo=UTC), NEXT, by)
    assert {row[by]: row["passages"] for row in answer["rows"]} == expected


def test_the_district_holds_every_station_even_one_that_has_not_said_where_it_is(
    stored: Store, queries: Queries
) -> None:
    rows = queries.counts(DISTRICT, FIRST, NEXT, "lane")["rows"]
    assert {row["station"]: row["passages"] for row in rows if row["lane"] == "1"} == {
        "bridge-north": 5,
        "bridge-south": 13,
        "silent": 17,
    }


def test_half_hour_time_zones_have_their_own_hours(database: Database) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    Store(database, zone).apply(
        [received(state()), received(segment(1, tally(minute="2026-03-01T03:29Z"), tally(minute="2026-03-01T03:30Z")))]
    )
    kolkata = Queries(database, "pingyuan", zone, lambda: FIRST)
    hours = [row["hour"] for row in kolkata.counts(DISTRICT, FIRST, NEXT, "hour")["rows"]]
    assert hours == ["2026-03-01T08:00:00+05:30", "2026-03-01T09:00:00+05:30"]


def test_a_period_is_widened_to_whole_minutes(stored: Store, queries: Queries) -> None:
    begin = datetime(2026, 3, 1, 11, 59, 30, tzinfo=SHANGHAI)
    answer = queries.counts(DISTRICT, begin, begin.replace(second=31), "kind")
    assert (answer["from"][11:16], answer["to"][11:16]) == ("11:59", "12:00")
    assert sum(row["passages"] for row in answer["rows"]) == 37


def test_an_unknown_level_is_named(stored: Store, queries: Queries) -> None:
    with pytest.raises(UnknownLevel, match="pingyuan/nowhere"):
        queries.counts(("pingyuan", "nowhere"), FIRST, NEXT, "lane")


def test_an_empty_district_is_known(queries: Queries) -> None:
    assert queries.counts(DISTRICT, FIRST, NEXT, "lane")["rows"] == []


def test_todays_lanes_are_the_live_frame_and_what_other_ledgers_counted_today(store: Store, queries: Queries) -> None:
    store.apply([received(state(epoch=1)), received(segment(1, tally(passages=4), epoch=1))])
    assert [lane["granted"] for lane in queries.lanes_today()[STATION]] == [4, 0]
    store.apply([received(live(4, epoch=1, lane_1=4))])
    assert [lane["granted"] for lane in queries.lanes_today()[STATION]] == [4, 0]
    store.apply([received(state(epoch=2)), received(live(3, epoch=2, lane_1=3, lane_2=1))])
    assert [lane["granted"] for lane in queries.lanes_today()[STATION]] == [7, 1]


def test_yesterdays_live_frame_does_not_count_today(store: Store, queries: Queries) -> None:
    store.apply([received(state()), received(live(9, day="2026-02-28", lane_1=9))])
    assert [lane["granted"] for lane in queries.lanes_today()[STATION]] == [0, 0]
