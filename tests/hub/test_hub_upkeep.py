"""Months of tallies: made, kept by policy, and forgotten whole."""

from datetime import UTC, datetime

import pytest
from hub_messages import NOW, SHANGHAI, received, segment, tally

from station.hub.database import Database
from station.hub.local_hours import LocalHours
from station.hub.postgres import PostgresDatabase
from station.hub.store import Store
from station.hub.summaries import Summaries
from station.hub.upkeep import Upkeep
from station.messages import Ack

OLD, LAST, THIS, UNKNOWN = "2025-11-30T23:59Z", "2025-12-01T00:00Z", "2026-03-01T12:00Z", "boot:1f+7"


@pytest.fixture
def upkeep(database: Database) -> Upkeep:
    return Upkeep(database, 3, lambda: datetime(2026, 3, 15, tzinfo=UTC))


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


def test_what_is_offered_of_a_forgotten_month_is_acknowledged_and_not_taken(
    database: Database, store: Store, upkeep: Upkeep, summaries: Summaries
) -> None:
    filled(store)
    summaries.settle()
    upkeep.keep()
    upkeep.keep()
    replies = store.apply([received(segment(2, tally(9, minute=OLD), tally(9, minute=LAST)))])
    assert [reply.message for reply in replies] == [Ack(1, 2, segments=())]
    summaries.settle()
    assert minutes(database) == [LAST, THIS, UNKNOWN]
    with database.reading() as connection:
        hours = connection.execute("select sum(passages) as n from hour_sums where grain = 'all'").fetchone()
    assert hours["n"] == 3


def test_without_a_policy_nothing_is_forgotten(database: Database, store: Store, summaries: Summaries) -> None:
    filled(store)
    summaries.settle()
    forever = Upkeep(database, 0, lambda: datetime(2999, 1, 1, tzinfo=UTC))
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
