"""The musts that stations tell of, at the hub: the newest statement holds, none is added up, and old months go."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hub_messages import NOW, SHANGHAI, received, segment, state, tally
from test_hub_events import rows

from station.domain.sums import MustSums
from station.hub.database import Database
from station.hub.local_hours import LocalHours
from station.hub.must_hours import musts_of
from station.hub.received import Unreadable, read
from station.hub.store import Store
from station.hub.summaries import Summaries
from station.hub.upkeep import Upkeep
from station.messages import Ack, AmendedMusts, Segment, SegmentMusts, encode

DAY = ("2026-02-28T16:00Z", "2026-03-01T16:00Z")
HOUR, NEXT_DAY = "2026-03-01T03:00Z", "2026-03-01T16:00Z"


def musts(passages: int, version: int = 1, hour: str = HOUR, lane: str = "1") -> SegmentMusts:
    return SegmentMusts(lane, hour, passages, passages, 1, 0, passages - 1, 0, version)


def a_segment(number: int, *told: SegmentMusts, epoch: int = 1) -> Segment:
    return replace(segment(number, tally(), epoch=epoch), musts=told)


def of_day(database: Database, *stations: str) -> dict[str, MustSums]:
    with database.reading() as connection:
        return musts_of(connection, stations, *DAY)


def test_the_newest_statement_of_an_hour_holds_in_whatever_order_they_come(store: Store, database: Database) -> None:
    store.apply([received(a_segment(2, musts(5, version=9)), "north")])
    store.apply([received(a_segment(1, musts(3, version=4)), "north")])
    assert of_day(database, "north") == {"north": MustSums(5, 5, 1, 0, 4, 0)}


def test_what_amendments_to_earlier_passages_change_is_added_to_their_hour_alone(
    store: Store, database: Database
) -> None:
    amended = AmendedMusts("1", HOUR, -1, -2, 1, 0, 0, 3)
    told = a_segment(1, musts(3), musts(2, lane="2"), musts(9, hour=NEXT_DAY))
    store.apply([received(replace(told, amended_musts=(amended,)), "north")])
    assert of_day(database, "north") == {"north": MustSums(4, 3, 3, 0, 3, 3)}


def test_hours_lanes_and_ledgers_of_a_day_are_summed_and_other_days_are_not(store: Store, database: Database) -> None:
    store.apply([received(a_segment(1, musts(3), musts(2, lane="2"), musts(9, hour=NEXT_DAY)), "north")])
    store.apply([received(a_segment(1, musts(1), epoch=2), "north"), received(a_segment(1, musts(7)), "south")])
    assert {name: sums.passages for name, sums in of_day(database, "north", "south").items()} == {
        "north": 6,
        "south": 7,
    }
    assert set(of_day(database, "south")) == {"south"}


def test_of_a_station_that_tells_of_no_musts_nothing_is_known(store: Store, database: Database) -> None:
    store.apply([received(state(), "north"), received(segment(1, tally()), "north")])
    assert of_day(database, "north") == of_day(database) == {}


@pytest.mark.parametrize("hour", ["boot:b+1", "2026-03-01 03:00", "yesterday", ""])
def test_an_hour_that_is_no_minute_in_utc_is_unreadable(hour: str) -> None:
    assert isinstance(read("north", "segment", encode(a_segment(1, musts(1, hour=hour))), NOW).message, Unreadable)


def test_musts_are_forgotten_with_the_tallies_of_their_month_and_taken_again(store: Store, database: Database) -> None:
    old = musts(3, hour="2025-11-30T15:00Z")
    store.apply([received(a_segment(1, old, musts(2)), "north")])
    summaries = Summaries(database, LocalHours(SHANGHAI))
    summaries.prepare()
    summaries.settle()
    upkeep = Upkeep(database, 3, *[lambda: datetime(2026, 3, 15, tzinfo=UTC)] * 2)
    upkeep.keep()
    upkeep.keep()
    assert [row["hour"] for row in rows(database, "must_hours")] == [HOUR]
    (reply,) = store.apply([received(a_segment(2, old), "north")])
    assert isinstance(reply.message, Ack)
    assert sorted(row["hour"] for row in rows(database, "must_hours")) == ["2025-11-30T15:00Z", HOUR]
