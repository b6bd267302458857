"""A real PostgreSQL of the tests' own: a private cluster on a socket, a database for each test."""

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow

from station.hub.postgres import PostgresDatabase

# Debian keeps the server's programs out of the way, a folder for each release.
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
_OWNER = "hub"
# A database takes a third of a second to make and a hundredth to put back to what it was when it was new.
_OTHERS_OUT = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = %(name)s and pid <> pg_backend_pid()
"""
_TABLES = """
select oid::regclass as name, relispartition and relname <> 'tallies_elsewhere' as made_later
from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
"""
_REMEMBER = f"""
create schema fresh;
do $$
declare one record;
begin
  for one in {_TABLES} loop execute format('create table fresh.%s as table %s', one.name, one.name); end loop;
end $$
"""
# Replicas do not look at references, so the order of tables is no matter.
_RENEW = f"""
set session_replication_role = replica;
do $$
declare one record;
begin
  for one in {_TABLES} loop
    if one.made_later then
      execute format('drop table %s', one.name);
    else
      execute format('delete from %s', one.name);
      execute format('insert into %s select * from fresh.%s', one.name, one.name);
    end if;
  end loop;
end $$
"""
# What a test's database may lose with the power, nobody misses.
_QUICK = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=60", "shared_buffers=32MB")
DURABLE = ("listen_addresses=", "shared_buffers=128MB", "max_wal_size=2GB")


def missing() -> str:
    """Why there can be no cluster; empty when there can."""
    if not _PROGRAMS:
        return "PostgreSQL is not installed: apt-get install postgresql"
    if os.geteuid() == 0 and "postgres" not in {user.pw_name for user in pwd.getpwall()}:
        return "PostgreSQL does not run as root, and there is no user called postgres"
    return ""


class Cluster:
    """Runs as another user where the tests run as root, which PostgreSQL refuses."""

    def __init__(self, settings: tuple[str, ...] = _QUICK) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hub-postgres-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user is not None:
            shutil.chown(self.folder, self._user, self._user)
        self._numbers = count(1)
        self._idle: list[str] = []
        self._run("initdb", "--auth=trust", f"--username={_OWNER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        with (self.folder / "data" / "postgresql.conf").open("a") as config:
            config.writelines(f"{name} = '{value}'\n" for name, _, value in (one.partition("=") for one in settings))
        self.start()

    def start(self) -> None:
        self._run("pg_ctl", "start", "-w", "-l", str(self.folder / "log"), "-o", f"-k {self.folder}")

    def stop(self) -> None:
        """End it at once, its clients with it."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate")

    def lend(self) -> str:
        """:return: the URL of a database as a hub's first start leaves it."""
        if self._idle:
            return self._idle.pop()
        url = self.create_empty()
        PostgresDatabase(url).close()
        with self.connected(url) as connection:
            connection.execute(_REMEMBER)
        return url

    def create_empty(self) -> str:
        """:return: the URL of a database that no hub has been in yet."""
        name = f"hub_{next(self._numbers)}"
        with self._connected("postgres") as connection:
            connection.execute(f"create database {name}".encode())
        return f"postgresql://{_OWNER}@/{name}?host={self.folder}"

    def take_back(self, url: str) -> None:
        """Make a database new for the next test. Whoever still holds something in it is thrown out."""
        self.reopen(url)
        with self._connected(_name(url)) as connection:
            connection.execute(_OTHERS_OUT, {"name": _name(url)})
            connection.execute(_RENEW)
        self._idle.append(url)

    def shut(self, url: str) -> None:
        """Throw everybody out of a database and let nobody in."""
        with self._connected("postgres") as connection:
            connection.execute(f"alter database {_name(url)} allow_connections false".encode())
            connection.execute(_OTHERS_OUT, {"name": _name(url)})

    def reopen(self, url: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(f"alter database {_name(url)} allow_connections true".encode())

    def connected(self, url: str) -> psycopg.Connection[TupleRow]:
        """Beside the hub, as the administrator."""
        return self._connected(_name(url))

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def _connected(self, name: str) -> psycopg.Connection[TupleRow]:
        return psycopg.connect("", host=str(self.folder), user=_OWNER, dbname=name, autocommit=True)

    def _run(self, program: str, *words: str) -> None:
        ended = subprocess.run(
            [_PROGRAMS[-1].with_name(program), "-D", str(self.folder / "data"), *words],
            user=self._user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            text=True,
        )
        assert ended.returncode == 0, f"{program}: {ended.stderr}"


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
