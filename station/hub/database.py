"""Where the hub's tables are: SQLite on a small machine, PostgreSQL for many hubs. SQL is written once for both, in
what both of them understand: parameters are ``:name`` and handed over as a mapping, rows are read by column name."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol


class StoreFault(Exception):
    """The store cannot be used at present. It says what is wrong and what to do, in one line."""


class StoreUnwritable(StoreFault):
    """Nothing of the transaction is stored; it may be tried again. The disk is full, or the server is away."""


class StoreUnreadable(StoreFault):
    """The question could not be asked; it may be asked again."""


class Row(Protocol):
    """``dict(row)`` works as well."""

    def __getitem__(self, name: str, /) -> Any: ...

    def keys(self) -> Iterable[str]: ...


class Cursor(Protocol):
    @property
    def rowcount(self) -> int:
        """How many rows an insert, update or delete changed."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


@dataclass(frozen=True, slots=True)
class Merge:
    """Rows that come by the thousand: each takes the place of the one with its key, where there is a ``version`` only
    if its own is higher."""

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    version: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The order of a row handed to ``Connection.merge``."""
        return (*self.key, *self.values, self.version) if self.version else (*self.key, *self.values)

    @property
    def on_conflict(self) -> str:
        held = ", ".join(f"{column} = excluded.{column}" for column in self.columns if column not in self.key)
        newer = f" where excluded.{self.version} > {self.table}.{self.version}" if self.version else ""
        return f"on conflict ({', '.join(self.key)}) do update set {held}{newer}"

    @property
    def newest_first(self) -> str:
        """The order in which the first row of a key is the one to hold."""
        key = ", ".join(self.key)
        return f"{key}, {self.version} desc" if self.version else key


@dataclass(frozen=True, slots=True)
class Change:
    """New values of rows that are there, many at a time."""

    table: str
    values: tuple[str, ...]
    key: str = "id"

    @property
    def columns(self) -> tuple[str, ...]:
        """The order of a row handed to ``Connection.change``."""
        return (*self.values, self.key)


class Connection(Protocol):
    """What a transaction or a question is made of. ``for_update`` ends a select whose rows this transaction goes on to
    change by what it read: other hubs wait. It is empty where there is one writer anyway."""

    for_update: str

    def execute(self, sql: str, values: Mapping[str, Any] = ..., /) -> Cursor: ...

    def executemany(self, sql: str, values: Iterable[Mapping[str, Any]], /) -> Cursor: ...

    def tuples(self, sql: str, values: Mapping[str, Any], /) -> Iterable[tuple[Any, ...]]:
        """Rows by position, for the few questions that are asked of every message: names cost twice as much."""

    def merge(self, into: Merge, rows: Iterable[tuple[Any, ...]], /) -> None: ...

    def change(self, what: Change, rows: Sequence[tuple[Any, ...]], /) -> None:
        """Each row at most once."""

    def among(self, column: str, name: str, /) -> str:
        """A condition: the column is one of those in the parameter ``name``, whose value ``array`` makes."""

    def array(self, values: Collection[str] | Collection[int], /) -> Any:
        """The value of a parameter that ``among`` names."""


class Readable(Protocol):
    def reading(self) -> AbstractContextManager[Connection]:
        """One snapshot for all that one answer reads. It never waits for a writer.

        :raises StoreUnreadable: the server is away.
        """


class Database(Readable, Protocol):
    """One for the whole process; any thread may use it."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """Whole or not at all, and on disk when it ends.

        :raises StoreUnwritable: nothing of it is stored.
        """

    def make_months(self, months: Sequence[str], /) -> None:
        """Make room for the tallies of months such as 2026-03, where each has its own.

        :raises StoreUnwritable: there is no room yet; they are stored all the same.
        """

    def forget_months(self, begin: str, end: str, /) -> None:
        """Drop the tallies of the months from one to before another, but none that waits to be summed up.

        :raises StoreUnwritable: some may be there still.
        """

    def watch(self) -> None:
        """From now on a transaction that a server keeps waiting has a deadline."""

    def close(self) -> None: ...
