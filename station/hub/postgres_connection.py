"""A transaction on PostgreSQL, spoken to in the SQL that both stores understand."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.rows import DictRow, tuple_row

from station.hub.database import Change, Merge

_PLACE = re.compile(r"'[^']*'|::|:([a-z_][a-z0-9_]*)|%")


class PostgresConnection:
    for_update = "for update"

    def __init__(self, raw: psycopg.Connection[DictRow]) -> None:
        self._raw = raw

    def execute(self, sql: str, values: Mapping[str, Any] | None = None, /) -> psycopg.Cursor[DictRow]:
        return self._raw.execute(translated(sql), values or {})

    def executemany(self, sql: str, values: Iterable[Mapping[str, Any]], /) -> psycopg.Cursor[DictRow]:
        cursor = self._raw.cursor()
        cursor.executemany(translated(sql), values)
        return cursor

    def tuples(self, sql: str, values: Mapping[str, Any], /) -> Iterable[tuple[Any, ...]]:
        return self._raw.cursor(row_factory=tuple_row).execute(translated(sql), values)

    def merge(self, into: Merge, rows: Iterable[tuple[Any, ...]], /) -> None:
        """Of the rows with one key the newest, in the keys' order, so that no two hubs wait for each other."""
        columns, key = ", ".join(into.columns), ", ".join(into.key)
        staging = f"staging_{into.table}"
        self.execute(
            f"create temporary table if not exists {staging} on commit delete rows"
            f" as select {columns} from {into.table} with no data"
        )
        with self._raw.cursor() as cursor, cursor.copy(f"copy {staging} from stdin".encode()) as copy:
            for row in rows:
                copy.write_row(row)
        self.execute(
            f"insert into {into.table} ({columns}) select distinct on ({key}) {columns} from {staging}"
            f" order by {into.newest_first} {into.on_conflict}"
        )

    def change(self, what: Change, rows: Sequence[tuple[Any, ...]], /) -> None:
        """One statement, whose one parameter is JSON: psycopg writes an array's values one by one, in Python."""
        if not rows:
            return
        values = ", ".join(f"{column} = new.{column}" for column in what.values)
        kinds = ("text" if isinstance(value, str) else "bigint" for value in rows[0])
        columns = ", ".join(f"{column} {kind}" for column, kind in zip(what.columns, kinds, strict=True))
        self.execute(
            f"update {what.table} set {values} from json_to_recordset(:rows) as new({columns})"
            f" where {what.table}.{what.key} = new.{what.key}",
            {"rows": json.dumps([dict(zip(what.columns, row, strict=True)) for row in rows])},
        )

    def among(self, column: str, name: str, /) -> str:
        return f"{column} = any(:{name})"

    def array(self, values: Collection[str] | Collection[int], /) -> list[str] | str:
        """Numbers in one text, for the same reason."""
        texts = [str(value) for value in values]
        return texts if any(isinstance(value, str) for value in values) else f"{{{','.join(texts)}}}"


class WholeNumbers(Loader):
    """Sums of big integers come as numeric; as on SQLite they are whole numbers, and an average is a float."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text else int(text)


@lru_cache(maxsize=512)
def translated(sql: str) -> bytes:
    """``:name`` as psycopg writes it. What is quoted stays; so does a cast, which SQLite would not take anyway."""
    return _PLACE.sub(_place, sql).encode()


def _place(found: re.Match[str]) -> str:
    if found[1] is not None:
        return f"%({found[1]})s"
    return found[0].replace("%", "%%")
