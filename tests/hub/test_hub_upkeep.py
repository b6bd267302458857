"""Months of tallies: made, kept by policy, and forgotten whole."""

from datetime import UTC, datetime

import pytest
from hub_messages import NOW, SHANGHAI, received, segment, tally

from station.domain.moment import Moment
from station.hub.database import Database
from station.hub.local_hours import LocalHours
from station.hub.postgres import PostgresDatabase
from station.hub.retention import RetentionClock
from station.hub.store import Store
from station.hub.summaries import Summaries
from station.hub.upkeep import Upkeep
from station.messages import Ack

MARCH, APRIL, AHEAD = (datetime(*day, tzinfo=UTC) for day in ((2026, 3, 15), (2026, 4, 1), (2999, 1, 1)))
OLD, LAST, THIS, UNKNOWN = "2025-11-30T23:59Z", "2025-12-01T00:00Z", "2026-03-01T12:00Z", "boot:1f+7"


@pytest.fixture
def upkeep(database: Database) -> Upkeep:
    return Upkeep(database, 3, lambda: MARCH, lambda: MARCH)


@pytest.fixture
def summaries(database: Database) -> Summaries:
    summaries = Summaries(database, LocalHours(SHANGHAI))
    summaries.prepare()
    return summaries


def minutes(database: Database) -> list[str]:
    with database.reading() as connection:
        return [row["minute"] for row in connection.execute("select minute from tallies order by minute")]


def filled(store: Store) -> None:
    said = (tally(minute=minute) for minute in (OLD, LAST, THIS, UNKNOWN))
    store.apply([received(segment(1, *said))])


def test_tallies_older_than_the_policy_are_forgotten_and_their_sums_stay(
    database: Database, store: Store, upkeep: Upkeep, summaries: Summaries
) -> None:
    filled(store)
    summaries.settle()
    upkeep.keep()
    assert minutes(database) == [OLD, LAST, THIS, UNKNOWN]  # a batch might just be storing some
    upkeep.keep()
    assert minutes(database) == [LAST, THIS, UNKNOWN]
    with database.reading() as connection:
        days = connection.execute("select day from day_sums where grain = 'all' order by day").fetchall()
    assert [row["day"] for row in days] == ["2025-12-01", "2026-03-01"]


def test_a_month_whose_hours_wait_to_be_summed_up_is_not_forgotten(
    database: Database, store: Store, upkeep: Upkeep
) -> None:
    filled(store)
    for _ in range(3):
        upkeep.keep()
    assert minutes(database)[0] == OLD


def hour_sums(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        rows = connection.execute("select hour, passages from hour_sums where grain = 'all' order by hour").fetchall()
    return {row["hour"]: row["passages"] for row in rows}


def test_counts_that_come_late_are_stored_summed_up_and_stay(
    database: Database, store: Store, upkeep: Upkeep, summaries: Summaries
) -> None:
    """A station that was away for years, or a hub whose clock was once years ahead."""
    filled(store)
    summaries.settle()
    upkeep.keep()
    upkeep.keep()
    late = "2025-07-01T08:00Z"
    replies = store.apply([received(segment(2, tally(9, 9, minute=late), tally(9, 9, minute=LAST)))])
    assert [reply.message for reply in replies] == [Ack(1, 2, segments=())]
    summaries.settle()
    april = Upkeep(database, 3, lambda: APRIL, lambda: APRIL)
    for _ in range(3):
        upkeep.keep()
        april.keep()
    store.apply([received(segment(3, tally(9, 4, minute="2025-07-01T08:30Z")))])
    summaries.settle()
    assert [minute for minute in minutes(database) if minute < LAST] == [late, "2025-07-01T08:30Z"]
    assert hour_sums(database)["2025-07-01T08:00Z"] == 13


def test_a_part_of_a_forgotten_hour_is_not_put_for_the_whole(
    database: Database, store: Store, upkeep: Upkeep, summaries: Summaries
) -> None:
    """A station with an old card put back offers again what it had been told it may forget."""
    store.apply([received(segment(1, tally(1, 9, minute=OLD), tally(1, 2, minute="2025-11-30T23:10Z")))])
    summaries.settle()
    upkeep.keep()
    upkeep.keep()
    assert minutes(database) == []
    store.apply([received(segment(2, tally(1, 2, minute="2025-11-30T23:10Z")))])
    summaries.settle()
    assert hour_sums(database) == {"2025-11-30T23:00Z": 11}


def test_no_reading_of_the_clock_alone_forgets_a_month_and_nothing_after_it_is_dropped(
    database: Database, store: Store, summaries: Summaries
) -> None:
    """One start with a wrong clock: today's counts are stored all the same, and none of before is forgotten."""
    filled(store)
    summaries.settle()
    clock = [Moment(AHEAD, True, "b00t", 100.0)]
    retention = RetentionClock(database, "hub", lambda: clock[0])
    upkeep = Upkeep(database, 3, lambda: clock[0].utc, retention.until)
    for _ in range(3):
        upkeep.keep()
    clock[0] = Moment(MARCH, True, "b00t", 200.0)
    upkeep.keep()
    store.apply([received(segment(2, tally(9, minute="2026-03-01T12:01Z")))])
    summaries.settle()
    assert minutes(database) == [OLD, LAST, THIS, "2026-03-01T12:01Z", UNKNOWN]


def test_a_store_that_an_older_version_held_for_too_old_heals(
    database: Database, store: Store, upkeep: Upkeep, summaries: Summaries
) -> None:
    with database.transaction() as connection:
        connection.execute("update kept set since = '2996-01' where id = 1")
    filled(store)
    summaries.settle()
    for _ in range(3):
        upkeep.keep()
    assert minutes(database) == [LAST, THIS, UNKNOWN]


def test_without_a_policy_nothing_is_forgotten(database: Database, store: Store, summaries: Summaries) -> None:
    filled(store)
    summaries.settle()
    forever = Upkeep(database, 0, lambda: AHEAD, lambda: AHEAD)
    for _ in range(3):
        forever.keep()
    assert minutes(database) == [OLD, LAST, THIS, UNKNOWN]


def test_a_store_that_is_away_is_kept_later(store: Store, upkeep: Upkeep, storage) -> None:
    filled(store)
    storage.refuse()
    upkeep.keep()
    storage.relent()
    assert store.fault(NOW) == ""


def test_each_month_has_its_own_partition_with_what_came_before_it(
    database: Database, store: Store, upkeep: Upkeep
) -> None:
    if not isinstance(database, PostgresDatabase):
        pytest.skip("SQLite has no partitions; tallies lie by ledger and minute there")
    filled(store)
    upkeep.keep()
    upkeep.keep()
    with database.reading() as connection:
        rows = connection.execute("select tableoid::regclass::text as name, minute from tallies order by minute")
        placed = [(row["name"], row["minute"]) for row in rows]
    assert placed == [
        ("tallies_elsewhere", OLD),
        ("tallies_2025_12", LAST),
        ("tallies_2026_03", THIS),
        ("tallies_elsewhere", UNKNOWN),
    ]
