"""A hub whose store is damaged, of the wrong kind, or behind a pooler says so, and what to do."""

import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from postgres import Cluster
from psycopg.conninfo import conninfo_to_dict

from station.bootstrap import Hub
from station.config import DriverSection, HubConfig, HubSection, SigningSection
from station.hub.database import StoreFault, StoreUnreadable, StoreUnwritable
from station.hub.home_assistant_publisher import FILE
from station.hub.postgres import PostgresDatabase
from station.hub.sqlite import FILE_NAME, SqliteDatabase

pytestmark = pytest.mark.clock


@pytest.mark.parametrize("content", [b"garbage " * 999, bytes(100) + b"x" * 4000], ids=["no database", "no header"])
def test_a_damaged_file_is_named_with_the_way_to_restore(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(StoreUnwritable, match=r"hub\.sqlite3: .*'station hub backup'"):
        SqliteDatabase(tmp_path)


def test_a_file_whose_pages_are_malformed_is_named_too(tmp_path: Path) -> None:
    SqliteDatabase(tmp_path).close()
    content = (tmp_path / FILE_NAME).read_bytes()
    (tmp_path / FILE_NAME).write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(StoreFault, match="station hub backup"):
        SqliteDatabase(tmp_path)


def test_reading_from_a_file_that_was_damaged_meanwhile_is_told_as_such(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path)
    (tmp_path / f"{FILE_NAME}-wal").write_bytes(b"")
    (tmp_path / FILE_NAME).write_bytes(b"garbage " * 999)
    with pytest.raises(StoreUnreadable, match="station hub backup"), database.reading() as connection:
        connection.execute("select * from stations").fetchall()


def test_a_database_of_another_encoding_is_named_with_the_way_to_make_the_right_one(cluster: Cluster) -> None:
    url = cluster.lend()
    try:
        with cluster.connected(url) as connection:
            connection.autocommit = True
            connection.execute(
                "create database plain encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0"
            )
        with pytest.raises(StoreUnwritable, match=r"its encoding is SQL_ASCII.*createdb --encoding UTF8"):
            PostgresDatabase(_with(url, dbname="plain"))
    finally:
        with cluster.connected(url) as connection:
            connection.autocommit = True
            connection.execute("drop database if exists plain")
        cluster.take_back(url)


@pytest.fixture(params=["", "ignore_startup_parameters = options"], ids=["as shipped", "told to ignore options"])
def pooled(request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """A database behind a real pgbouncer that pools by transaction."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("pgbouncer is not installed: apt-get install pgbouncer")
    url = cluster.lend()
    parts = conninfo_to_dict(url)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path / "pooler"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "users").write_text(f'"{parts["user"]}" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={parts['host']} port={parts.get('port', 5432)}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = trust\nauth_file = {folder}/users\npool_mode = transaction\n{request.param}\n"
    )
    user = ["-u", "postgres"] if getpass.getuser() == "root" else []
    process = subprocess.Popen([program, *user, str(folder / "pgbouncer.ini")], stderr=subprocess.DEVNULL)
    try:
        yield _with(_once_there(url, port), host="127.0.0.1", port=str(port))
    finally:
        process.terminate()
        process.wait(10)
        cluster.take_back(url)


def _once_there(url: str, port: int) -> str:
    end = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end, "pgbouncer does not listen"
        else:
            return url


def _with(url: str, **parts: str) -> str:
    return psycopg.conninfo.make_conninfo(url, **parts)


def test_a_pooler_by_transaction_is_named_with_what_to_do(pooled: str) -> None:
    with pytest.raises(StoreUnwritable, match=r"a connection pooler stands before it.*store\.url the server itself"):
        PostgresDatabase(pooled)


# What else a hub reads at its start costs its own function alone


def a_config(folder: Path, **sections: object) -> HubConfig:
    return HubConfig(hub=HubSection(district="pingyuan", data_dir=str(folder)), **sections)  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [b"", b"garbage"], ids=["empty", "garbage"])
def test_signing_keys_that_cannot_be_used_cost_pages_and_not_the_counting(tmp_path: Path, content: bytes) -> None:
    key = tmp_path / "district.key"
    key.write_bytes(content)
    key.chmod(0o600)
    signing = SigningSection(key=str(key), order_key=str(key))
    hub = Hub(a_config(tmp_path / "hub", signing=signing, driver=DriverSection(listen="127.0.0.1:0")))
    well, report = hub.health()
    hub.close()
    assert hub.driver is None
    assert not hub.orders.may_write
    assert not well
    assert str(key) in str(report["drivers_page"])
    assert str(key) in str(report["order_key"])
    assert report["store"] == "ok"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"homeassistant/+/x\n"], ids=["empty", "garbage", "a filter"]
)
def test_a_damaged_note_of_what_home_assistant_was_told_stops_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    Hub(a_config(tmp_path)).close()


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000], ids=["empty", "half", "deep"])
def test_a_damaged_list_file_is_named_and_the_others_are_published(tmp_path: Path, content: bytes) -> None:
    hub = Hub(a_config(tmp_path))
    (tmp_path / "lists" / "all.revocations.json").write_bytes(content)
    for place in hub.lists._files.places():
        hub.lists._tend(place)
    assert "all.revocations.json" in hub.lists.fault
    hub.close()
