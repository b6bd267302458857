import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from lanes import ZONE, HandClock, LaneRig
from made import TRUST, a_moment, a_pass

from station.domain import entries
from station.domain.decision import Outcome
from station.domain.passage import Personal
from station.domain.power import Power
from station.feed import Feed
from station.housekeeping import Housekeeping, UplinkReport
from station.ledger import AmendsChangedPassage, Ledger, audit
from station.lists import Lists
from station.lists.shelf import Shelf


def test_the_chain_verifies_and_one_changed_byte_is_found(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    for _ in range(5):
        rig.scan(a_pass())
    assert audit.verify(tmp_path).rows == 5
    rig.ledger.close()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as thief, thief:
        thief.execute("DROP TRIGGER ledger_no_update")
        thief.execute("UPDATE ledger SET persons = 9 WHERE seq = 3")
    found = audit.verify(tmp_path)
    assert (found.broken_at, found.rows) == (3, 2)


def test_a_removed_row_is_found(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    for _ in range(3):
        rig.scan(a_pass())
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as thief, thief:
        thief.execute("DROP TRIGGER ledger_no_delete")
        thief.execute("DELETE FROM ledger WHERE seq = 2")
    assert audit.verify(tmp_path).why == "row 2 is missing"


@pytest.mark.parametrize("statement", ["UPDATE ledger SET persons = 9", "DELETE FROM ledger"])
def test_rows_are_never_changed_in_place(tmp_path: Path, statement: str) -> None:
    LaneRig(tmp_path).scan(a_pass())
    with (
        closing(sqlite3.connect(tmp_path / "ledger.db")) as other,
        other,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        other.execute(statement)


def test_every_commit_is_synced(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, ZONE)
    assert ledger._connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert ledger._connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_an_amendment_of_what_changed_meanwhile_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(a_pass(musts={}))
    change = entries.decided_by_operator(row, Outcome.GRANTED, "a", a_moment(1))
    rig.ledger.append(change)
    with pytest.raises(AmendsChangedPassage):
        rig.ledger.append(replace(change, operator="b"))
    assert rig.ledger.head == 2


def test_personal_data_is_sealed_on_disk_and_forgotten_with_its_days_key(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass(plate="豫G54321", label="赵**"))
    rig.scan("my phone is 13800001111")
    rig.ledger.close()
    disk = b"".join(path.read_bytes() for path in tmp_path.glob("ledger.db*"))
    assert "豫G54321".encode() not in disk
    assert "赵".encode() not in disk
    assert b"13800001111" not in disk
    assert [row["plate"] for row in audit.records(tmp_path, personal=True)] == ["豫G54321", ""]

    today = a_moment().utc.date()
    assert rig.ledger.sealer.forget(today.replace(month=5), keep_days=30) == ["2026-03-02"]
    assert [row["text"] for row in audit.records(tmp_path, personal=True)] == [None, None]
    assert audit.verify(tmp_path).broken_at == 0


def test_nothing_personal_seals_to_nothing(tmp_path: Path) -> None:
    sealer = Ledger(tmp_path, ZONE).sealer
    assert sealer.seal(Personal(), a_moment()) == b""
    assert sealer.unseal(b"") == Personal()


def test_counts_are_the_same_after_a_restart_and_begin_anew_at_local_midnight(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    for _ in range(3):
        rig.scan(a_pass())
    rig.scan("a stranger's")
    before = rig.ledger.counts("1", rig.clock.now())
    rig.ledger.close()
    again = Ledger(tmp_path, ZONE)
    assert again.counts("1", rig.clock.now()) == before
    assert (before.granted, before.held) == (3, 1)
    midnight = HandClock(seconds=12 * 3600)  # noon in UTC+8 plus twelve hours
    assert again.counts("1", midnight.now()).passages == 0


def test_once_the_time_is_known_passages_move_to_their_true_minute(tmp_path: Path) -> None:
    clock = HandClock(trusted=False, wall_offset=-9e6)
    rig = LaneRig(tmp_path, clock=clock)
    rig.scan(a_pass())
    clock.seconds = 90
    rig.scan(a_pass())
    clock.seconds, clock.trusted, clock.wall_offset = 200, True, 0.0
    report = UplinkReport("off", "", "", 0)
    lists = Lists(Shelf(tmp_path / "lists", "pingyuan", "s"), TRUST, None, clock.now)
    house = Housekeeping(
        "s", "s", "Asia/Shanghai", 30, rig.ledger, clock, Feed(), lambda: report, lists, lambda: Power.GOOD
    )
    house.step()
    house.step()
    minutes = [rig.ledger.history(passage)[-1].entry.key.minute for passage in (1, 2)]
    assert minutes == ["2026-03-02T04:00Z", "2026-03-02T04:01Z"]
    assert rig.ledger.head == 4


def test_export_writes_every_row_and_a_cell_never_runs_as_a_formula(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan("=HYPERLINK(1)")
    with (tmp_path / "out.csv").open("w", newline="") as out:
        assert audit.export_csv(tmp_path, out, personal=True) == 1
    assert "'=HYPERLINK(1)" in (tmp_path / "out.csv").read_text()
