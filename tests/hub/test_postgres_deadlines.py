"""A PostgreSQL that does not answer: whoever asks is told, and nothing waits for ever."""

import os
import signal
import threading
from collections.abc import Iterator

import psycopg
import pytest
from postgres import Cluster
from waiting import until

from station.hub import postgres_deadlines
from station.hub.database import StoreUnreadable, StoreUnwritable
from station.hub.postgres import PostgresDatabase


@pytest.fixture
def postgres(cluster: Cluster) -> Iterator[PostgresDatabase]:
    url = cluster.lend()
    database = PostgresDatabase(url)
    yield database
    database.close()
    cluster.take_back(url)


def test_a_server_that_hangs_in_a_statement_is_hung_up_on(
    postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_deadlines, "CHECK_INTERVAL_S", 0.05)
    with postgres.transaction() as connection:
        backend = connection.execute("select pg_backend_pid() as pid").fetchone()["pid"]
    monkeypatch.setattr(postgres_deadlines, "TRANSACTION_TIMEOUT_S", 0.2)
    postgres.watch()
    os.kill(backend, signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnwritable, match="see that PostgreSQL runs"), postgres.transaction() as connection:
            connection.execute("select 1")
    finally:
        os.kill(backend, signal.SIGCONT)
    monkeypatch.setattr(postgres_deadlines, "TRANSACTION_TIMEOUT_S", 60)
    with postgres.transaction() as connection:
        assert connection.execute("select 1 as one").fetchone()["one"] == 1


def test_a_name_server_that_does_not_answer_is_waited_for_once(
    postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = threading.Event()
    real = psycopg.connect

    def resolving(conninfo: str = "", **options: object) -> object:
        asked.append(conninfo)
        answers.wait(60)
        return real(conninfo, **options)

    postgres.close()
    monkeypatch.setattr(postgres_deadlines.psycopg, "connect", resolving)
    monkeypatch.setattr(postgres_deadlines, "CONNECT_TIMEOUT_S", 0.05)
    for _ in range(5):
        with pytest.raises(StoreUnreadable, match="name servers"), postgres.reading():
            pass
    assert len(asked) == 1
    answers.set()
    monkeypatch.setattr(postgres_deadlines, "CONNECT_TIMEOUT_S", 30)
    until(lambda: not postgres._connector._overdue.running)
    with postgres.reading() as connection:
        assert connection.execute("select 1 as one").fetchone()["one"] == 1
