"""The layer under the hub's tables: the same SQL, the same tables, the same faults on both stores."""

import re
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hub_messages import NOW, SHANGHAI, live, received, segment, state, tally
from postgres import Cluster
from sqlite_utils import Database as SqliteUtils
from storage import PostgresStorage, Storage

from station.hub.database import Connection, Database, StoreUnreadable, StoreUnwritable
from station.hub.postgres import MOST_CONNECTIONS, PostgresDatabase
from station.hub.postgres_connection import translated
from station.hub.queries import Queries
from station.hub.schema import migrations
from station.hub.sqlite import FILE_NAME, SqliteDatabase
from station.hub.store import Store
from station.messages import Ack

RELEASED = "m009_accounts"  # the first migration that no released hub has


def number(connection: Connection) -> int:
    return int(connection.execute("select count(*) as n from boards").fetchone()["n"])


def hold(connection: Connection, name: str) -> None:
    connection.execute(
        "insert into boards (number, kind, station, lane, position, plate, seats)"
        " values (:name, 'road', '', '', '50% :x', '', 0)",
        {"name": name},
    )


def test_a_transaction_is_whole_or_not_at_all(database: Database) -> None:
    with database.transaction() as connection:
        hold(connection, "1")
    with pytest.raises(ZeroDivisionError):
        _held_by_half(database)
    with database.reading() as connection:
        assert number(connection) == 1


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.reading() as connection:
        assert number(connection) == 0
        with ThreadPoolExecutor(1) as other:
            other.submit(_held, database).result()
        assert number(connection) == 0
    with database.reading() as connection:
        assert number(connection) == 1


def _held_by_half(database: Database) -> None:
    with database.transaction() as connection:
        hold(connection, "2")
        raise ZeroDivisionError


def _held(database: Database) -> None:
    with database.transaction() as connection:
        hold(connection, "1")


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only"), database.reading() as connection:
        hold(connection, "1")


def test_values_lists_quotes_and_percent_signs_mean_the_same_everywhere(database: Database) -> None:
    with database.transaction() as connection:
        for name in ("B", "a", "é", "文"):
            hold(connection, name)
        question = f"select number, position from boards where {connection.among('number', 'these')} order by number"
        rows = connection.execute(question, {"these": connection.array(["文", "B", "a", "x"])}).fetchall()
        nobody = connection.execute(question, {"these": connection.array([])}).fetchall()
        numbers = f"select 2 as n where {connection.among('2', 'these')}"
        assert connection.execute(numbers, {"these": connection.array([1, 2])}).fetchone()["n"] == 2
    assert [dict(row) for row in rows] == [{"number": one, "position": "50% :x"} for one in ("B", "a", "文")]
    assert nobody == []


def test_sums_are_whole_numbers_and_averages_are_not(database: Database) -> None:
    with database.reading() as connection:
        row = connection.execute(
            "select sum(n) as whole, avg(n) as middle"
            " from (select cast(:big as bigint) as n union all select cast(1 as bigint)) as numbers",
            {"big": 2**62},
        ).fetchone()
    assert (row["whole"], row["middle"]) == (2**62 + 1, pytest.approx(2**61))


def test_placeholders_are_found_where_they_are() -> None:
    sql = "select ':a' || :a, '50%', b::text, :b_2 % 2 from x where y > 'boot:'"
    assert translated(sql) == b"select ':a' || %(a)s, '50%%', b::text, %(b_2)s %% 2 from x where y > 'boot:'"


def test_both_stores_have_the_same_tables_and_columns(tmp_path: Path, cluster: Cluster) -> None:
    storage = PostgresStorage(cluster)
    with storage.open().reading() as connection:
        rows = connection.execute(
            "select table_name, column_name, data_type, is_nullable, column_default, collation_name"
            " from information_schema.columns where table_schema = 'public'"
            " and table_name not in ('migrations', 'tallies_elsewhere')"
        ).fetchall()
    storage.close()
    theirs = {(row["table_name"], row["column_name"]) for row in rows}
    database = SqliteDatabase(tmp_path)
    ours = {
        (table.name, column.name)
        for table in SqliteUtils(database._connection).tables
        if not table.name.startswith("_sqlite")
        for column in table.columns
    }
    database.close()
    assert theirs == ours
    assert {row["collation_name"] for row in rows if row["data_type"] == "text"} == {"C"}


def test_a_hub_of_the_last_release_finds_its_totals_after_the_update(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    migrations.apply(SqliteUtils(old), stop_before=RELEASED)
    old.execute("insert into stations (id, station) values (1, 'north')")
    old.execute("insert into epochs (id, station_id, epoch, progress) values (7, 1, '1', 4)")
    old.execute("insert into tallies values (7, '2026-03-01T03:59Z', '1', 'car', 'unknown', 'granted', 5, 5, 9, 1)")
    old.close()
    database = SqliteDatabase(tmp_path)
    said = segment(5, tally(passages=2, minute="2026-03-01T04:00Z"))
    replies = Store(database, SHANGHAI).apply([received(said, "north")])
    assert [reply.message for reply in replies] == [Ack(1, 5, segments=())]
    with database.reading() as connection:
        assert connection.execute("select sum(passages) as n from tallies").fetchone()["n"] == 7
    database.close()


def test_hubs_that_start_together_make_the_tables_once(cluster: Cluster) -> None:
    url = cluster.lend()
    with cluster.connected(url) as connection:
        connection.execute("drop schema public cascade; create schema public")
    with ThreadPoolExecutor(4) as hubs:
        opened = list(hubs.map(lambda _: PostgresDatabase(url), range(4)))
    with opened[0].reading() as connection:
        names = connection.execute("select name from migrations").fetchall()
    assert len(names) == len({row["name"] for row in names}) > 1
    for database in opened:
        database.close()
    cluster.take_back(url)


def test_a_server_that_was_away_is_found_again(storage: Storage, queries: Queries, store: Store) -> None:
    if not isinstance(storage, PostgresStorage):
        pytest.skip("a file is never away")
    assert queries.total_passages() == 0
    storage.refuse()
    with pytest.raises(StoreUnreadable, match="see that PostgreSQL runs"):
        queries.total_passages()
    storage.relent()
    assert queries.total_passages() == 0
    assert store.fault(NOW) == ""


def test_more_askers_than_connections_take_turns(database: Database) -> None:
    begun = threading.Barrier(MOST_CONNECTIONS)

    def ask(turn: int) -> int:
        with database.reading() as connection:
            if turn < MOST_CONNECTIONS:
                begun.wait(10)
            return number(connection)

    with ThreadPoolExecutor(3 * MOST_CONNECTIONS) as askers:
        assert list(askers.map(ask, range(3 * MOST_CONNECTIONS))) == [0] * 3 * MOST_CONNECTIONS


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://hub@/nothing?host=/nonexistent", "see that PostgreSQL runs"),
        ("postgresql://hub@/nothing?colour=blue", "invalid URI query parameter"),
    ],
)
def test_a_server_that_cannot_be_reached_is_named_with_a_remedy(url: str, said: str) -> None:
    with pytest.raises(StoreUnwritable, match=re.escape(said)) as raised:
        PostgresDatabase(url)
    assert "\n" not in str(raised.value)


def test_several_hubs_store_the_same_stations_at_once_and_nothing_is_lost_or_double(storage: Storage) -> None:
    stations, rounds, hubs = [f"s-{number}" for number in range(12)], 8, 3
    databases = [storage.open() for _ in range(hubs if isinstance(storage, PostgresStorage) else 1)]

    def work(hub: int) -> list[object]:
        store = Store(databases[hub % len(databases)], SHANGHAI)
        replies: list[object] = []
        for turn in range(rounds):
            # Segments go to one hub each, everything else to all; each hub has an order of its own.
            ordered = stations[hub * 4 :] + stations[: hub * 4]
            batch = [received(message, name) for name in ordered for message in (state(conn=turn + 1), live(turn + 1))]
            batch += [
                received(segment(turn + 1, tally(turn + 1, minute=f"2026-03-01T03:{turn:02}Z"), through=turn), name)
                for place, name in enumerate(ordered)
                if (place + turn) % hubs == 0 or turn == rounds - 1
            ]
            replies += store.apply(batch[::-1] if hub % 2 else batch)
        return replies

    with ThreadPoolExecutor(hubs) as running:
        answers = list(running.map(work, range(hubs)))
    # What one hub had early another has made whole by now: the last answers come from what all of them stored.
    final = Store(databases[0], SHANGHAI)
    for turn in range(rounds):
        said = segment(turn + 1, tally(turn + 1, minute=f"2026-03-01T03:{turn:02}Z"), through=turn)
        replies = final.apply([received(said, name) for name in stations])
    assert {reply.message for reply in replies} == {Ack(1, rounds, segments=())}
    assert all(answers)
    with databases[0].reading() as connection:
        row = connection.execute("select count(*) as n, sum(passages) as passages from tallies").fetchone()
        assert (row["n"], row["passages"]) == (len(stations) * rounds, len(stations) * rounds)
        assert connection.execute("select count(*) as n from ahead").fetchone()["n"] == 0
