"""Tallies by month on PostgreSQL: a partition each, and one for what lies in none of them: minutes of unknown time,
and those of a clock gone astray."""

from collections.abc import Iterable

from station.hub.database import Connection

TABLE = """
create table tallies (
    epoch_id bigint not null, minute text not null, lane text not null,
    kind text not null, origin text not null, outcome text not null,
    passages integer not null, vehicles integer not null, persons integer not null, version bigint not null,
    primary key (epoch_id, minute, lane, kind, origin, outcome)) partition by range (minute)
"""
ELSEWHERE = "create table tallies_elsewhere partition of tallies default"
_PREFIX = "tallies_"
_MONTHS = """
select child.relname as name from pg_inherits join pg_class as child on child.oid = inhrelid
where inhparent = 'tallies'::regclass and child.relname <> 'tallies_elsewhere' order by 1
"""


def make_months(connection: Connection, months: Iterable[str]) -> None:
    """Rows that came before their month's partition move into it."""
    if missing := sorted({_table(month): month for month in months}.items() - _there(connection)):
        connection.execute("lock table tallies in share row exclusive mode")
        connection.execute("lock table tallies_elsewhere in access exclusive mode")
        for table, month in sorted(set(missing) - _there(connection)):
            _make(connection, table, month)


def forget_months(connection: Connection, begin: str, end: str) -> None:
    """Whoever stores has ended or waits, so the marks of all that is stored are seen."""
    connection.execute("lock table tallies in exclusive mode")
    if connection.execute("select 1 as one from stale_hours where hour < :end limit 1", {"end": end}).fetchone():
        return
    for table, its in sorted(_there(connection)):
        if begin <= its < end:
            connection.execute(f"drop table if exists {table}")
    months = {"begin": begin, "end": end}
    connection.execute("delete from tallies_elsewhere where minute >= :begin and minute < :end", months)


def _make(connection: Connection, table: str, month: str) -> None:
    bounds = {"begin": month, "end": _following(month)}
    connection.execute(f"create table {table} (like tallies including all)")
    connection.execute(
        f"""
        with moved as (delete from tallies_elsewhere where minute >= :begin and minute < :end returning *)
        insert into {table} select * from moved
        """,
        bounds,
    )
    connection.execute(
        f"alter table tallies attach partition {table} for values from ('{month}') to ('{bounds['end']}')"
    )


def _there(connection: Connection) -> set[tuple[str, str]]:
    names = [str(row["name"]) for row in connection.execute(_MONTHS)]
    return {(name, name.removeprefix(_PREFIX).replace("_", "-")) for name in names}


def _table(month: str) -> str:
    return f"{_PREFIX}{month.replace('-', '_')}"


def _following(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"
