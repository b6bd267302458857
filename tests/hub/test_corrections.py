"""A station forgotten, and its numbers put right: on both stores, with a real ledger that says it all again."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hub_messages import MINUTE, NOW, SHANGHAI, STATION, live, received, segment, state, tally
from lanes import LaneRig
from made import a_pass

from station.domain.accounts import By
from station.hub.audit_trail import AuditTrail
from station.hub.corrections import Corrections, NotFound, Total
from station.hub.database import Database
from station.hub.local_hours import LocalHours
from station.hub.overview import Overview
from station.hub.queries import Queries
from station.hub.received import read
from station.hub.station_removal import BY_NAME, OF_LEDGERS, OF_STATIONS, UnknownStation, forget_station
from station.hub.store import Store
from station.hub.summaries import Summaries
from station.ledger import Segments
from station.messages import MAX_ROW, Ack, EventNotice, Sync, encode
from station.outbox.segments import SegmentWindow

BY = By("command line")
ABSURD = 2**63 - 1
DAY = (("pingyuan",), NOW.replace(hour=0), NOW.replace(hour=23), "lane")


@pytest.fixture
def trail(database: Database) -> AuditTrail:
    return AuditTrail(database, lambda: NOW, 400, lambda: None)


@pytest.fixture
def corrections(database: Database, trail: AuditTrail) -> Corrections:
    return Corrections(database, LocalHours(SHANGHAI), trail, BY)


@pytest.fixture
def summaries(database: Database) -> Summaries:
    summaries = Summaries(database, LocalHours(SHANGHAI))
    summaries.prepare()
    return summaries


def a_day(store: Store, name: str) -> None:
    said = {"incident": "a1", "kind": "fever", "severity": "serious", "text": "x"}
    event = EventNotice(1, f"{name}-e", 3, "2026-03-01T12:00:00+08:00", "trusted", "1", "incident_opened", said)
    store.apply(
        [
            *(received(one, name) for one in (state(), live(30, lane_1=3), segment(1, tally(9)), segment(4, tally(8)))),
            read(name, "incident", encode(event), NOW),
            read(name, "state", b"{", NOW),
        ]
    )


def rows_by_table(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        if isinstance(connection, sqlite3.Connection):
            found = connection.execute(
                "select name from sqlite_master where type = 'table' and name not like '%sqlite%'"
            )
        else:
            found = connection.execute("select tablename as name from pg_tables where schemaname = 'public'")
        names = [row["name"] for row in found.fetchall()]
        return {name: connection.execute(f"select count(*) as n from {name}").fetchone()["n"] for name in names}


def test_of_a_forgotten_station_no_row_is_left_and_of_another_every_one(
    database: Database, store: Store, queries: Queries, summaries: Summaries, trail: AuditTrail
) -> None:
    a_day(store, "south")
    summaries.settle()
    before = rows_by_table(database)
    a_day(store, "north")
    summaries.settle()
    overview = Overview(queries, lambda: NOW, iter(range(0, 10**6, 60)).__next__)
    overview.look()
    forget_station(database, trail, "north", BY, "gone with the bridge")
    assert {**rows_by_table(database), "audit_trail": 0} == before
    for _ in range(20):
        overview.look()
    assert overview.tree.station("north") is None
    assert overview.tree.node("pingyuan")["stations"] == 1
    ((_, entry),) = trail.entries("", "")
    assert (entry.action, entry.detail) == ("station.forgotten", "north: gone with the bridge")
    with pytest.raises(UnknownStation):
        forget_station(database, trail, "north", BY, "again")


def test_every_table_that_is_of_stations_or_ledgers_is_one_that_is_forgotten(database: Database) -> None:
    with database.reading() as connection:
        if not isinstance(connection, sqlite3.Connection):
            pytest.skip("the tables are the same")
        tables = [row["name"] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        of_stations = {
            table
            for table in tables
            for column in connection.execute(f"pragma table_info({table})")
            if column["name"] in ("station_id", "epoch_id", "station")
        }
    assert of_stations - {"boards"} == {*OF_LEDGERS, *OF_STATIONS, *BY_NAME}


def test_a_corrected_total_is_in_every_sum_and_thaws(
    store: Store,
    queries: Queries,
    summaries: Summaries,
    corrections: Corrections,
    database: Database,
    trail: AuditTrail,
) -> None:
    store.apply([received(live(30)), received(segment(1, tally(9, passages=1_000_000_000)))])
    summaries.settle()
    with database.transaction() as connection:
        connection.execute("update tallies set version = :absurd", {"absurd": ABSURD})
    total = Total("1", MINUTE, "car", "unknown", "granted", 4, 4, 9)
    corrections.correct_total(STATION, None, total, "a child at the screen")
    assert queries.counts(*DAY)["rows"][0]["passages"] == 4
    summaries.settle()
    assert queries.counts(*DAY)["rows"][0]["passages"] == 4
    store.apply([received(segment(2, tally(12, passages=5)))])
    assert queries.total_passages() == 5
    ((_, entry),) = trail.entries("", "")
    assert entry.detail.endswith("1000000000/1000000000/2000000000 -> 4/4/9; a child at the screen")


def test_a_total_that_is_not_there_or_in_two_ledgers_is_not_corrected(store: Store, corrections: Corrections) -> None:
    total = Total("1", MINUTE, "car", "unknown", "granted", 4, 4, 9)
    with pytest.raises(NotFound, match="no ledger here"):
        corrections.correct_total("nobody", None, total, "r")
    store.apply([received(segment(1, tally(), epoch=epoch)) for epoch in (1, 2)])
    with pytest.raises(NotFound, match="give --epoch, one of 1, 2"):
        corrections.correct_total(STATION, None, total, "r")
    corrections.correct_total(STATION, "2", total, "r")
    with pytest.raises(NotFound, match="ledger 7; it has 1, 2"):
        corrections.correct_ledger(STATION, "7", MAX_ROW, "r")


class Talk:
    """A station's real ledger and a hub's real store, without a broker between them."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.lane = LaneRig(folder)
        self.segments = Segments(self.lane.ledger)
        self.window = SegmentWindow(self.segments, gather=0.0)
        self.store, self.now = store, 0.0

    def exchange(self, rounds: int = 12) -> None:
        for _ in range(rounds):
            self.now += 100.0
            said: list[Any] = []
            self.window.offer(self.now, said.append)
            replies = self.store.apply([read(STATION, "segment", encode(one), NOW) for one in said]) if said else []
            for reply in replies:
                match reply.message:
                    case Ack() as ack:
                        self.window.acknowledged(ack, self.now)
                    case Sync() as sync:
                        self.window.reopen(sync.epoch, sync.segment)

    def close(self) -> None:
        self.segments.close()
        self.lane.ledger.close()


def test_after_a_correction_true_totals_come_again_from_the_stations_ledger(
    tmp_path: Path, database: Database, store: Store, queries: Queries, corrections: Corrections
) -> None:
    ticks = iter(range(0, 10**6, 60))
    talk = Talk(tmp_path / "card", Store(database, SHANGHAI, lambda: float(next(ticks))))
    for _ in range(5):
        talk.lane.scan(a_pass())
        talk.exchange(2)
    assert queries.total_passages() == 5
    with database.transaction() as connection:  # what the version before let in
        connection.execute("update tallies set passages = 77, version = :n", {"n": ABSURD})
        connection.execute(
            "update epochs set conn = :n, highest_seq = :n, regressed = 1, implausible = 1", {"n": ABSURD}
        )
    talk.lane.scan(a_pass())
    talk.exchange()
    assert queries.total_passages() != 6  # frozen
    (ledger,) = corrections.ledgers(STATION)
    assert ledger["frozen"] >= 1
    assert corrections.correct_ledger(STATION, None, MAX_ROW, "frozen totals") == 1
    talk.lane.scan(a_pass())
    talk.exchange(40)
    assert queries.total_passages() == 7
    (row,) = queries.stations()
    assert (row.implausible, row.regressed, row.backlog) == (False, False, 0)
    assert talk.segments.unacknowledged_rows() == 0
    talk.close()


def test_messages_are_taken_off_the_list(store: Store, queries: Queries, corrections: Corrections) -> None:
    store.apply([read(STATION, "state", b"{", NOW)])
    assert corrections.clear_messages(STATION, "card replaced") == 1
    assert queries.stations()[0].bad_messages == 0
