import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from lanes import ZONE, LaneRig
from made import NOON, a_pass

from station.ledger import Ledger, audit
from station.ledger.backup import BackupBroken, backup, drop_older


def test_a_backup_taken_while_the_station_writes_verifies_and_a_station_runs_on_it(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path / "data")
    rig.scan(a_pass())
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            rig.scan(a_pass())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        place, found = backup(tmp_path / "data", tmp_path / "usb", NOON, personal=False)
    finally:
        stop.set()
        writer.join()
    assert place.name == "ledger-20260302T040000Z"
    assert found.rows >= 1
    restored = Ledger(place, ZONE)
    assert restored.head == found.rows
    restored.close()


def test_what_is_sealed_stays_sealed_in_a_backup_unless_its_keys_are_asked_for(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path / "data")
    rig.scan(a_pass(plate="豫G54321"))
    bare, _ = backup(tmp_path / "data", tmp_path / "usb", NOON, personal=False)
    whole, _ = backup(tmp_path / "data", tmp_path / "usb", NOON + timedelta(days=1), personal=True)
    assert [row["plate"] for row in audit.records(bare, personal=True)] == [None]
    assert [row["plate"] for row in audit.records(whole, personal=True)] == ["豫G54321"]


def test_a_backup_is_never_written_over(tmp_path: Path) -> None:
    LaneRig(tmp_path / "data").scan(a_pass())
    backup(tmp_path / "data", tmp_path, NOON, personal=False)
    with pytest.raises(FileExistsError, match="never written over"):
        backup(tmp_path / "data", tmp_path, NOON, personal=False)


def test_a_damaged_ledger_is_said_and_its_copy_does_not_count_as_a_backup(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path / "data")
    rig.scan(a_pass())
    rig.ledger.close()
    with closing(sqlite3.connect(tmp_path / "data" / "ledger.db")) as thief, thief:
        thief.execute("DROP TRIGGER ledger_no_update")
        thief.execute("UPDATE ledger SET persons = 9")
    with pytest.raises(BackupBroken, match="row 1 does not match its hash"):
        backup(tmp_path / "data", tmp_path / "usb", NOON, personal=False)
    assert list((tmp_path / "usb").glob("ledger-*")) == []


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    LaneRig(tmp_path / "data").scan(a_pass())
    places = [backup(tmp_path / "data", tmp_path, NOON + timedelta(days=day), personal=False)[0] for day in range(4)]
    assert drop_older(tmp_path, 2, places[-1]) == places[:2]
    assert [place.exists() for place in places] == [False, False, True, True]


def test_one_that_was_made_with_a_clock_years_behind_is_not_the_one_to_go(tmp_path: Path) -> None:
    LaneRig(tmp_path / "data").scan(a_pass())
    days = [timedelta(), timedelta(days=1), timedelta(days=-9000)]
    places = [backup(tmp_path / "data", tmp_path, NOON + day, personal=False)[0] for day in days]
    assert drop_older(tmp_path, 2, places[-1]) == places[:1]
    assert [place.exists() for place in places] == [False, True, True]
