"""``store-postgresql``: the hub's store on a PostgreSQL of its own, beside the bare ways to put the very same rows
there: COPY and one merge, or ``executemany`` of the upsert."""

from collections.abc import Sequence

import disk
import psycopg
from bench_store import SEGMENTS_A_COMMIT, STORE, Work, a_work, table_of
from hub_messages import SHANGHAI
from pairing import interleaved, sliced
from plan import Plan
from postgres import DURABLE, Cluster, missing
from tables import Table

from station.hub.database import Database
from station.hub.postgres import PostgresDatabase
from station.hub.segments import TALLIES
from station.hub.store import Store

COPIED, EXECUTED = "bare COPY and merge", "bare executemany, same key"


def measure(plan: Plan) -> list[Table]:
    if reason := missing():
        print(reason)
        return []
    cluster = Cluster(DURABLE)
    try:
        return [_race(cluster, plan, tallies) for tallies in (5, 50, 300)]
    finally:
        cluster.remove()


class BareCopy:
    """The merge that the store does, and nothing besides."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, work: Sequence[Work]) -> None:
        with self._database.transaction() as connection:
            connection.merge(TALLIES, (row for _, rows in work for row in rows))


class BareExecutemany:
    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection
        places = ", ".join("%s" for _ in TALLIES.columns)
        columns = ", ".join(TALLIES.columns)
        self._statement = f"insert into tallies ({columns}) values ({places}) {TALLIES.on_conflict}".encode()

    def take(self, work: Sequence[Work]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(self._statement, [row for _, rows in work for row in rows])


def _race(cluster: Cluster, plan: Plan, tallies: int) -> Table:
    urls = [cluster.lend() for _ in range(3)]
    database, copied = PostgresDatabase(urls[0]), PostgresDatabase(urls[1])
    store = Store(database, SHANGHAI)
    segments = max(SEGMENTS_A_COMMIT, plan.store_rows // 4 // tallies)
    with cluster.connected(urls[2]) as executed:
        ways = {
            STORE: lambda work: store.apply([received for received, _ in work]),
            COPIED: BareCopy(copied).take,
            EXECUTED: BareExecutemany(executed).take,
        }
        laps = interleaved(ways, sliced((a_work(number, tallies) for number in range(segments)), SEGMENTS_A_COMMIT))
    database.close()
    copied.close()
    for url in urls:
        with cluster.connected(url) as connection:
            found = connection.execute("select count(*) from tallies").fetchone()
            assert found == (segments * tallies,)
        cluster.take_back(url)
    title = f"store on PostgreSQL: {SEGMENTS_A_COMMIT} segments of {tallies} tallies a commit"
    note = f"{disk.note(cluster.folder)}; cpu is this process's, without the server's"
    return table_of(title, laps, COPIED, tallies, note)
