"""What an enrolled station can say at its worst: it is refused or set aside, named, and ends nothing."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from broker import Broker
from hub_messages import MINUTE, NOW, SHANGHAI, STATION, live, received, segment, state, tally
from hub_running import Hub, Station
from storage import Storage
from waiting import until

from station.hub.database import Database
from station.hub.dead_letters import DeadLetters, dead_letters_of
from station.hub.local_hours import LocalHours
from station.hub.overview import Overview
from station.hub.plausibility import MAX_FIRST_ROWS, MAX_LEAP_ROWS, MAX_ROWS_PER_SECOND
from station.hub.queries import Queries
from station.hub.received import read
from station.hub.segments import MAX_EARLY, NAMES_AT_ONCE
from station.hub.sqlite import SqliteDatabase
from station.hub.standings import MAX_LEDGERS
from station.hub.store import Store
from station.hub.summaries import Summaries
from station.messages import MAX_ROW, Ack, EventNotice, encode

pytestmark = pytest.mark.clock

ABSURD = 2**63 - 1


def raw(message: Any, **changed: Any) -> bytes:
    return json.dumps({"v": 1} | msgspec.to_builtins(message) | changed).encode()


def deep() -> bytes:
    return raw(state(), levels=["pingyuan", *(f"l{number}" for number in range(1500))])


# Numbers


def test_a_version_that_no_ledger_can_have_freezes_no_total(store: Store, queries: Queries) -> None:
    store.apply([received(live(30)), received(segment(1, tally(20, passages=4)))])
    assert store.apply([received(segment(2, tally(MAX_ROW, passages=999)))]) == []
    store.apply([received(segment(2, tally(21, passages=5)))])
    assert queries.total_passages() == 5
    (row,) = queries.stations()
    assert row.bad[0]["last_error"] == f"version: row {MAX_ROW} of a ledger of which 30 are known"


@pytest.mark.parametrize(
    "absurd",
    [
        live(MAX_ROW),
        segment(2, through=MAX_ROW),
        segment(MAX_ROW, through=40),
        state(conn=MAX_ROW),
        state(events=MAX_ROW),
        EventNotice(1, "id", MAX_ROW, "2026-03-01T12:00:00+08:00", "trusted", "1", "incident_opened", {}),
    ],
)
def test_a_single_absurd_number_changes_no_mark(absurd: Any, store: Store, queries: Queries) -> None:
    store.apply([received(state()), received(live(30, lane_1=3)), received(segment(1, tally(20), through=20))])
    before = replace(queries.stations()[0], bad=(), bad_messages=0)
    store.apply([received(absurd)])
    (after,) = queries.stations()
    assert after.bad_messages == 1
    assert replace(after, bad=(), bad_messages=0) == before
    store.apply([received(live(31)), received(segment(2, tally(31, passages=7), through=30))])
    assert queries.total_passages() == 7
    assert not queries.stations()[0].regressed


def test_a_ledger_that_ran_alone_for_ten_years_is_taken_whole(store: Store, queries: Queries) -> None:
    store.apply([received(segment(1, tally(MAX_FIRST_ROWS, passages=3), through=1000))])
    store.apply([received(segment(2, tally(MAX_FIRST_ROWS + 9, minute="2026-03-01T03:58Z"), through=2000))])
    assert queries.total_passages() == 4


def test_a_station_that_was_away_brings_the_rows_of_that_time_and_no_more(store: Store, queries: Queries) -> None:
    store.apply([received(live(1000))])
    month = timedelta(days=30)
    most = 1000 + MAX_LEAP_ROWS + int(month.total_seconds()) * MAX_ROWS_PER_SECOND
    store.apply([received(live(most + 1), at=NOW + month)])
    assert queries.stations()[0].bad_messages == 1
    store.apply([received(live(most), at=NOW + month)])
    assert (queries.stations()[0].bad_messages, queries.stations()[0].backlog) == (1, most)


def test_a_hub_whose_clock_was_put_back_takes_what_comes_row_by_row(store: Store, queries: Queries) -> None:
    store.apply([received(live(1000))])
    for number in range(1, 20):
        store.apply([received(live(1000 + number * 5000), at=NOW - timedelta(days=900))])
    assert (queries.stations()[0].bad_messages, queries.stations()[0].backlog) == (0, 96_000)


def test_numbers_as_the_types_allow_them_in_a_hundred_ledgers_overflow_no_sum(
    store: Store, queries: Queries, database: Database
) -> None:
    store.apply([received(live(MAX_FIRST_ROWS, epoch=epoch)) for epoch in range(MAX_LEDGERS)])
    with database.transaction() as connection:
        connection.execute("update epochs set highest_seq = :most", {"most": MAX_ROW})
        connection.execute("update stations set epoch_id = null")
    assert queries.stations()[0].backlog == MAX_ROW


def test_a_station_has_a_hundred_ledgers_at_the_most(store: Store, queries: Queries) -> None:
    for begin in (0, 50, 100):
        store.apply([received(segment(1, tally(), epoch=epoch)) for epoch in range(begin, begin + 51)])
    (row,) = queries.stations()
    assert queries.total_passages() == MAX_LEDGERS
    assert "another ledger of a station that has had 100" in row.bad[0]["last_error"]


def test_early_segments_are_noted_up_to_a_bound_and_their_totals_all_the_same(
    store: Store, database: Database, queries: Queries
) -> None:
    minutes = [f"2026-03-01T{n // 60:02}:{n % 60:02}Z" for n in range(MAX_EARLY + 100)]
    store.apply([received(segment(n + 2, tally(minute=minute))) for n, minute in enumerate(minutes)])
    with database.reading() as connection:
        assert connection.execute("select count(*) as n from ahead").fetchone()["n"] == MAX_EARLY
    assert queries.total_passages() == MAX_EARLY + 100


def test_a_long_acknowledgement_is_said_in_parts_that_a_station_reads(store: Store) -> None:
    named = [replace(segment(n), id=f"{n:080}") for n in range(1, 251)]
    acks = [reply.message for reply in store.apply([received(one) for one in [*named, *named]])]
    assert all(len(encode(ack)) < 16 * 1024 for ack in acks)
    assert [len(ack.segments or ()) for ack in acks if isinstance(ack, Ack)] == [NAMES_AT_ONCE, NAMES_AT_ONCE, 50]


def test_a_thousand_million_bad_messages_are_as_many_as_are_counted(
    store: Store, database: Database, queries: Queries
) -> None:
    bad = read(STATION, "state", b"{", NOW)
    store.apply([bad])
    with database.transaction() as connection:
        connection.execute("update bad_messages set messages = 1000000000")
    store.apply([bad])
    assert queries.stations()[0].bad_messages == 10**9


# Set aside


class Choking(Store):
    """Chokes on what names the minute, as a store does on what nobody thought of."""

    def _apply(self, connection: Any, batch: Any, refused: Any) -> Any:
        if any("choke" in str(one.message) for one in batch):
            connection.execute("select 1 from no_such_table")
        return super()._apply(connection, batch, refused)


@pytest.fixture
def choking(broker: Broker, storage: Storage) -> Iterator[Hub]:
    hub = _choking(broker, storage)
    yield hub
    hub.stop()


def _choking(broker: Broker, storage: Storage) -> Hub:
    hub = Hub(broker.url, storage.open())
    hub.collector._store = Choking(hub.database, SHANGHAI)
    return hub.start().connected()


def test_of_a_batch_the_bad_message_alone_is_set_aside_and_the_rest_is_acknowledged(
    choking: Hub, broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    north = Station(broker.url, "north")
    for number in range(1, 31):
        bad = number == 17
        north.say(segment(number, tally(lane="choke" if bad else "1", minute=f"2026-03-01T03:{number:02}Z")))
    until(lambda: choking.queries.total_passages() == 29)
    until(lambda: choking.queries.stations()[0].set_aside)
    (letter,) = choking.queries.stations()[0].set_aside
    assert (letter["topic"], letter["messages"]) == ("segment", 1)
    assert "no_such_table" in letter["reason"]
    assert any("up/north/segment set aside" in line for line in caplog.messages)
    assert b'set_aside_messages_total{name="segment"} 1.0' in choking.metrics.expose()[1]
    view = choking.overview.tree.attention("pingyuan", 9)["stations"]
    until(lambda: ["set_aside" in one["reasons"] for one in choking.overview.tree.attention("pingyuan", 9)["stations"]])
    north.say(segment(17, tally(minute="2026-03-01T03:17Z")))
    until(lambda: Ack(1, 30, segments=()) in north.acks, what=str(view))
    north.close()


def test_a_restart_does_not_meet_what_was_set_aside_again(broker: Broker, storage: Storage) -> None:
    hub, north = _choking(broker, storage), Station(broker.url, "north")
    north.say(state(name="choke"), retain=True)
    north.say(segment(1, tally()))
    until(lambda: hub.queries.total_passages() == 1 and hub.queries.stations()[0].set_aside)
    hub.stop()
    again = _choking(broker, storage)
    until(lambda: again.queries.stations()[0].bad_messages)
    (row,) = again.queries.stations()
    assert [letter["messages"] for letter in row.set_aside] == [1]
    assert "set aside before" in row.bad[0]["last_error"]
    again.stop()
    north.close()


def test_what_is_set_aside_is_bounded(database: Database, store: Store) -> None:
    store.apply([received(state())])
    letters = DeadLetters(database)
    for number in range(50):
        letters.set_aside(
            STATION, "state", "f", ValueError(f"\ud800\n{number}" + "x" * 9999), NOW + timedelta(0, number)
        )
    with database.reading() as connection:
        kept = dead_letters_of(connection, None)
    assert len(kept) == 20
    assert {len(letter["reason"]) <= 200 and letter["reason"].isprintable() for letter in kept} == {True}
    assert kept[-1]["reason"].startswith("ValueError: ??49x")


def test_refused_messages_are_logged_with_topic_and_reason_once_a_minute(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(200):
        store.apply([read(STATION, "state", deep(), NOW), read("south", "live", b"{", NOW)])
    told = [record.getMessage() for record in caplog.records if record.name == "station.hub.refusals"]
    assert len(told) == 2
    assert "up/bridge-north/state refused: " in told[0]
    assert "levels" in told[0] or "bytes where" in told[0]


def test_a_number_that_sqlite_cannot_hold_is_no_fault_of_the_disk(tmp_path: Any) -> None:
    database = SqliteDatabase(tmp_path)
    with pytest.raises(OverflowError), database.transaction() as connection:
        connection.execute("select :n", {"n": 2**64})
    with pytest.raises(sqlite3.OperationalError), database.transaction() as connection:
        connection.execute("select sum(n) from (select 9223372036854775807 as n union all select 1)").fetchall()
    database.close()


def test_a_station_that_cannot_be_looked_at_is_shown_as_that_and_the_others_as_they_are(
    store: Store, database: Database, queries: Queries
) -> None:
    store.apply([received(state(), name) for name in ("north", "south", "west")])
    with database.transaction() as connection:
        connection.execute("update stations set lanes = 'no json' where station = 'south'")
    overview = Overview(queries, lambda: NOW, iter(range(0, 10**6, 60)).__next__)
    for _ in range(3):
        overview.look()
    views = {name: overview.tree.station(name) for name in ("north", "south", "west")}
    assert [view["state"] for view in views.values() if view] == ["online", "unknown", "online"]
    assert views["south"] is not None
    assert views["south"]["reasons"] == ["unknown", "set_aside"]


# What the version before has stored


def test_a_store_that_holds_poison_opens_and_names_the_station(storage: Storage) -> None:
    database = storage.open()
    store = Store(database, SHANGHAI)
    store.apply([received(state()), received(segment(1, tally())), received(segment(1, tally(), epoch=2))])
    with database.transaction() as connection:
        connection.execute("update epochs set highest_seq = :n", {"n": ABSURD})
        connection.execute("update tallies set version = :n", {"n": ABSURD})
        connection.execute("update stations set epoch_id = null, levels = :deep", {"deep": _said_deep()})
        for column in ("head", "head_at", "implausible"):
            connection.execute(f"alter table epochs drop column {column}")
        _forget_migration(connection)
    again = storage.open()
    Summaries(again, LocalHours(SHANGHAI)).prepare()
    queries = Queries(again, "pingyuan", SHANGHAI, lambda: NOW)
    (row,) = queries.stations()
    assert (row.implausible, row.backlog) == (True, MAX_ROW)
    assert "levels" in row.set_aside[0]["reason"]
    assert row.levels == ("pingyuan",)
    overview = Overview(queries, lambda: NOW)
    overview.look()
    (view,) = overview.tree.attention("pingyuan", 9)["stations"]
    assert {"implausible", "set_aside"} <= set(view["reasons"])


def _said_deep() -> str:
    return json.dumps(["pingyuan", *(f"l{number}" for number in range(1500))])


def _forget_migration(connection: Any) -> None:
    """As if this version had not been here."""
    where = "where name in ('m020_plausible')"
    tables = "_sqlite_migrations" if isinstance(connection, sqlite3.Connection) else "migrations"
    connection.execute(f"delete from {tables} {where}")


# Against a real broker


def test_no_state_or_number_ends_the_hub_and_a_restart_is_fine(broker: Broker, storage: Storage) -> None:
    hub, north = Hub(broker.url, storage.open()).start().connected(), Station(broker.url, "north")
    north.say_raw("state", deep(), retain=True)
    north.say_raw("state", raw(state(), levels=["x" * 2000] * 250))
    for epoch in (1, 2):
        north.say_raw("live", raw(live(1, epoch=epoch), seq=ABSURD), qos=0, retain=True)
        north.say_raw("live", raw(live(1, epoch=epoch), seq=ABSURD - 1), qos=1)
    north.say_raw("segment", raw(segment(1, tally(minute=MINUTE)), tallies=[_absurd_tally()]))
    north.say(segment(1, tally(3, passages=4)))
    until(lambda: north.acks)
    hub.stop()
    again = Hub(broker.url, storage.open()).start().connected()
    until(lambda: sum(row.bad_messages for row in again.queries.stations()) >= 5)
    assert again.queries.total_passages() == 4
    until(lambda: again.overview.tree.attention("pingyuan", 9)["total"] == 1)
    assert again.overview.tree.attention("pingyuan", 9)["stations"][0]["reasons"] == ["unknown", "bad"]
    again.stop()
    north.close()


def _absurd_tally() -> dict[str, Any]:
    return {**msgspec.to_builtins(tally()), "version": ABSURD}
