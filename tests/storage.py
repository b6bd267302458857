"""Both stores as a test needs them: opened, opened again, broken and mended."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from postgres import Cluster

from station.hub.database import Database
from station.hub.postgres import PostgresDatabase
from station.hub.sqlite import SqliteDatabase


class Storage(Protocol):
    remedy: str
    """What a fault tells to do."""

    def open(self) -> Database:
        """What is there, as a hub that starts finds it."""

    def refuse(self) -> None:
        """From now on nothing can be written."""

    def relent(self) -> None: ...

    def close(self) -> None: ...


class SqliteStorage:
    remedy = "make room"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: list[SqliteDatabase] = []

    def open(self) -> SqliteDatabase:
        self._opened.append(SqliteDatabase(self._folder))
        return self._opened[-1]

    def refuse(self) -> None:
        """What a read-only file system looks like."""
        self._pragma("query_only = on")

    def relent(self) -> None:
        self._pragma("query_only = off")

    def close(self) -> None:
        for database in self._opened:
            database.close()

    def _pragma(self, said: str) -> None:
        for database in self._opened:
            with database._lock, suppress(sqlite3.ProgrammingError):  # a test may have closed it
                database._connection.execute(f"pragma {said}")


class PostgresStorage:
    remedy = "see that PostgreSQL runs"

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._url = cluster.lend()
        self._opened: list[PostgresDatabase] = []

    def open(self) -> PostgresDatabase:
        self._opened.append(PostgresDatabase(self._url))
        return self._opened[-1]

    def refuse(self) -> None:
        """What a server looks like that restarts."""
        self._cluster.shut(self._url)

    def relent(self) -> None:
        self._cluster.reopen(self._url)

    def close(self) -> None:
        for database in self._opened:
            database.close()
        self._cluster.take_back(self._url)
