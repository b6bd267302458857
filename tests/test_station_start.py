"""A station always starts: whatever is wrong with a file it reads, the fault is named, and a car is let through by
hand."""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from station_site import StationSite, pass_by_hand, view_of

from station import config as cfg
from station.__main__ import main
from station.bootstrap import Station
from station.commands.doctor_files import look_at_files
from station.commands.doctor_keys import look_at_keys
from station.commands.doctor_ledger import look_at_ledger
from station.commands.doctor_lists import look_at_lists
from station.domain.passage import EntryType
from station.domain.station_faults import StationFault
from station.ledger import LedgerUnwritable, audit
from station.ledger.file import MAX_SET_ASIDE
from station.ledger.store import AMENDED_BEFORE
from station.supervisor import socket_server

pytestmark = pytest.mark.clock

A_NEWER_MIGRATION = (
    "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ledger', 'm999_gates', '')"
)

LEAF_OF_ROWS = 0x0D  # sqlite.org/fileformat2.html, b-tree pages

Damage = Callable[[Path], None]


@pytest.fixture
def site(tmp_path: Path) -> StationSite:
    site = StationSite(tmp_path)
    site.fill()
    return site


def test_systemd_hears_of_each_step_of_the_start(site: StationSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a start beside a browser is slow and not stuck, and one that is stuck is ended in its step."""
    steps: list[str] = []
    monkeypatch.setattr("station.bootstrap.station.notify_starting", steps.append)
    with site.station():
        assert steps == ["ledger", "keys and lists", "lane 1", "uplink"]


def make_empty(path: Path) -> None:
    path.write_bytes(b"")


def fill_with_garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def make_a_folder(path: Path) -> None:
    """As unreadable as rights can make a file, to root as well."""
    path.unlink()
    path.mkdir()


def nest_deeply(path: Path) -> None:
    path.write_text("[" * 200_000)


DAMAGES: dict[str, Damage] = {
    "empty": make_empty,
    "garbage": fill_with_garbage,
    "unreadable": make_a_folder,
    "deep": nest_deeply,
}
# Every file that a station reads at its start besides its ledger, from the folder of the site, with the fault it makes.
FILES = {
    "data/trust/district.pub": StationFault.KEYS,
    "list.key": StationFault.LIST_KEY,
    "data/seal/digest.key": StationFault.SEAL,
    "data/seal/*-*-*.key": StationFault.SEAL,
    "data/roster.json": StationFault.ROSTER,
    "data/rota.json": StationFault.ROTA,
    "data/lists/all.revocations.list": StationFault.LISTS,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_damaged_is_told_and_stops_nobody(site: StationSite, file: str, damage: str) -> None:
    if file.endswith(".list"):
        (site.data / "lists").mkdir()
        (site.folder / file).write_bytes(b"")
    (path,) = site.folder.glob(file)
    DAMAGES[damage](path)
    if path.is_dir() and path.parent == site.trust:
        pytest.skip("folders in the trust folder are passed over")
    with site.station() as station:
        station.duty.roster.members()
        station.duty.rota.rota()
        assert pass_by_hand(station).written
        assert FILES[file] in station.faults.standing()
        assert path.name in station.faults.standing()[FILES[file]]
        assert FILES[file] in view_of(station).faults or FILES[file] is StationFault.LISTS
    section = site.config.station
    checks = [*look_at_files(site.data), look_at_keys(section), *look_at_lists(section)]
    assert any(path.name in check.found for check in checks if check.ok is False)


def test_a_good_key_beside_a_bad_one_is_used(site: StationSite) -> None:
    (site.trust / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(99))
    with site.station() as station:
        assert len(station.lists.trust().district) == 1
        assert "Thumbs.db" in view_of(station).fault_details[StationFault.KEYS]


def test_a_trust_folder_that_was_named_and_is_gone_is_told(site: StationSite) -> None:
    (site.trust / "district.pub").unlink()
    site.trust.rmdir()
    site.trust.write_text("in the way")
    with site.station() as station:
        assert StationFault.KEYS in view_of(station).faults
        assert pass_by_hand(station).written


def test_a_driver_that_cannot_be_loaded_costs_its_part_alone(
    site: StationSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = (("gpio", "station.devices.no_such_module:Gate"),)
    monkeypatch.setattr("station.devices.gate.DRIVERS", missing)
    monkeypatch.setattr("station.devices.reader.DRIVERS", (("evdev", missing[0][1]),))
    monkeypatch.setattr("station.devices.thermometer.DRIVERS", (("mlx90614", missing[0][1]),))
    wired = replace(
        site.config.lanes[0],
        gate=cfg.GpioGateConfig(barrier=17, green=27, red=22),
        reader=cfg.EvdevReaderConfig(device="/dev/input/nothing"),
        thermometer=cfg.Mlx90614Config(),
    )
    station = Station(replace(site.config, lanes=(wired,)))
    try:
        assert pass_by_hand(station).written
    finally:
        station.close()


# The ledger


def spoil_header(ledger: Path) -> None:
    with ledger.open("r+b") as file:
        file.write(bytes(100))


def spoil_middle(ledger: Path) -> None:
    with ledger.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 4096)


def cut_tail(ledger: Path) -> None:
    with ledger.open("r+b") as file:
        file.truncate(ledger.stat().st_size // 2 + 100)


def spoil_a_row(ledger: Path) -> None:
    """The page is sound, what stands in it is not."""
    content = ledger.read_bytes()
    assert content.count(b'"proposed"') or content.count(b"granted")
    ledger.write_bytes(content.replace(b"granted", b"gr\xff\x00ted"))


def drop_a_table(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("ALTER TABLE segments RENAME TO parts")
        connection.commit()


def ask_for_more(ledger: Path) -> None:
    """A newer version wants a column that this one does not fill."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("ALTER TABLE ledger ADD COLUMN gate TEXT NOT NULL DEFAULT 'x'")
        connection.execute("CREATE TRIGGER wants_gate BEFORE INSERT ON ledger WHEN NEW.gate = 'x' "
                           "BEGIN SELECT RAISE(ABORT, 'say which gate'); END")  # fmt: skip
        connection.commit()


LEDGER_DAMAGES: tuple[Damage, ...] = (
    spoil_header, spoil_middle, cut_tail, make_empty, fill_with_garbage, make_a_folder, spoil_a_row, drop_a_table,
    ask_for_more,
)  # fmt: skip


@pytest.mark.parametrize("damage", LEDGER_DAMAGES)
def test_a_damaged_ledger_is_set_aside_and_a_new_one_begun(site: StationSite, damage: Damage) -> None:
    before = epoch_of(site.data)
    damage(site.data / "ledger.db")
    spoilt = (site.data / "ledger.db").read_bytes() if (site.data / "ledger.db").is_file() else b""
    with site.station() as station:
        assert pass_by_hand(station).written
        view = view_of(station)
        assert StationFault.LEDGER_SET_ASIDE in view.faults
        assert view.ledger_fault == ""
        (place,) = (site.data / "damaged").iterdir()
        assert str(place) in view.fault_details[StationFault.LEDGER_SET_ASIDE]
        assert station.segments.epoch != before
    kept = place / "ledger.db"
    assert kept.is_dir() or kept.read_bytes()[4096:] == spoilt[4096:]
    assert site.passages() == 1
    with site.station() as station:  # and again: nothing more is set aside
        assert len(list((site.data / "damaged").iterdir())) == 1
        assert station.ledger.head == 1


def test_a_ledger_of_a_newer_version_that_only_has_more_is_used(site: StationSite) -> None:
    with closing(sqlite3.connect(site.data / "ledger.db")) as connection:
        connection.execute("ALTER TABLE ledger ADD COLUMN gate TEXT NOT NULL DEFAULT ''")
        connection.execute(A_NEWER_MIGRATION)
        connection.commit()
    with site.station() as station:
        assert pass_by_hand(station).written
        assert station.faults.standing() == {}
    assert site.passages() == 4


def epoch_of(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        found: int = connection.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0]
    return found


def spoil_log_header(log: bytearray) -> None:
    log[:32] = bytes(32)


def spoil_log_middle(log: bytearray) -> None:
    log[len(log) // 2 : len(log) // 2 + 64] = b"\xa5" * 64


@pytest.mark.parametrize("damage", [spoil_log_header, spoil_log_middle])
def test_a_damaged_log_is_set_aside_with_its_ledger(site: StationSite, damage: Callable[[bytearray], None]) -> None:
    """SQLite itself would pass over what it cannot read, and over every row behind it."""
    rows = as_after_a_power_cut(site)
    log = bytearray((site.data / "ledger.db-wal").read_bytes())
    damage(log)
    (site.data / "ledger.db-wal").write_bytes(log)
    with site.station() as station:
        assert pass_by_hand(station).written
        assert StationFault.LEDGER_SET_ASIDE in view_of(station).faults
        assert station.ledger.head == 1 != rows + 1


@pytest.mark.parametrize("torn", [1, 24, 100, 4000])
def test_a_log_that_a_power_cut_tore_off_loses_nothing_that_was_on_disk(site: StationSite, torn: int) -> None:
    rows = as_after_a_power_cut(site)
    log = site.data / "ledger.db-wal"
    log.write_bytes(log.read_bytes() + log.read_bytes()[32 : 32 + torn])
    with site.station() as station:
        assert (station.ledger.head, station.ledger.set_aside) == (rows, "")


def as_after_a_power_cut(site: StationSite) -> int:
    """Rows in the log that no checkpoint has seen. :return: how many rows there are."""
    cut = site.folder / "cut"
    with site.station() as station:
        for _ in range(6):
            pass_by_hand(station)
        rows = station.ledger.head
        cut.mkdir()
        for name in ("ledger.db", "ledger.db-wal"):
            (cut / name).write_bytes((site.data / name).read_bytes())
    for part in site.data.glob("ledger.db*"):
        part.unlink()
    for part in cut.iterdir():
        part.rename(site.data / part.name)
    return rows


def test_no_more_than_so_many_damaged_ledgers_are_set_aside_and_none_is_deleted(site: StationSite) -> None:
    for _ in range(MAX_SET_ASIDE + 2):
        (site.data / "ledger.db").write_bytes(b"garbage " * 99)
        with site.station() as station:
            pass_by_hand(station)
    assert len(list((site.data / "damaged").iterdir())) == MAX_SET_ASIDE
    with site.station() as station:
        assert "change the card" in view_of(station).ledger_fault
        assert not pass_by_hand(station).written


def test_what_can_be_read_of_a_damaged_ledger_is_verified_exported_and_told_by_doctor(
    site: StationSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.fill(200)
    ledger = site.data / "ledger.db"
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = ledger.read_bytes()
    leaves = [at for at in range(4096, len(content), 4096) if content[at] == LEAF_OF_ROWS]
    with ledger.open("r+b") as file:
        file.seek(leaves[len(leaves) // 2])
        file.write(b"\xa5" * 4096)
    with site.station() as station:
        assert pass_by_hand(station).written
    (place,) = (site.data / "damaged").iterdir()
    assert main(["ledger", "verify", str(place)]) == 1
    out = site.folder / "rows.jsonl"
    assert main(["ledger", "export", str(place), "--format", "json", "--output", str(out)]) == 1
    assert "stretches cannot be read" in capsys.readouterr().err
    read = [json.loads(line)["seq"] for line in out.read_text().splitlines()]
    assert read[0] == 1
    assert read[-1] == 203
    assert 150 < len(read) < 203
    found = {check.name: check for check in look_at_ledger(site.data)}
    assert (found["ledger"].ok, found["damaged ledger"].ok) == (True, False)
    assert f"station ledger export {place}" in found["damaged ledger"].remedy


def test_doctor_tells_a_ledger_that_is_damaged_and_one_of_a_newer_version(site: StationSite) -> None:
    with closing(sqlite3.connect(site.data / "ledger.db")) as connection:
        connection.execute(A_NEWER_MIGRATION)
        connection.commit()
    (check,) = look_at_ledger(site.data)
    assert (check.ok, "m999_gates" in check.found) == (True, True)
    spoil_header(site.data / "ledger.db")
    (check,) = look_at_ledger(site.data)
    assert (check.ok, "ledger.db" in check.found) == (False, True)


# A disk that takes no writes when the station starts, and does so later


def test_without_a_disk_lanes_work_by_hand_and_everything_is_written_when_it_returns(tmp_path: Path) -> None:
    site = StationSite(tmp_path)
    site.data.rename(tmp_path / "elsewhere")
    site.data.write_text("in the way")
    with site.station() as station:
        assert not pass_by_hand(station).written
        assert not pass_by_hand(station).written
        view = view_of(station)
        assert "data" in view.ledger_fault
        assert view.disk_free_mb >= 0
        site.data.unlink()
        (tmp_path / "elsewhere").rename(site.data)
        mend(station)
        assert station.ledger.replaced  # it is to begin again on what the disk holds
        assert not pass_by_hand(station).written
    assert site.passages() == 3
    with site.station() as station:
        assert (station.ledger.head, view_of(station).ledger_fault) == (3, "")


def mend(station: Station) -> None:
    """Housekeeping tries again once it is time to."""
    station.ledger._open_at = float("-inf")
    station.housekeeping.step()


def test_a_ledger_that_was_there_all_along_goes_on_behind_its_rows(site: StationSite) -> None:
    (site.data / "ledger.db").rename(site.folder / "away.db")
    (site.data / "ledger.db").symlink_to("/proc/nowhere/ledger.db")  # a file system that is not mounted
    with site.station() as station:
        assert not pass_by_hand(station).written
        (site.data / "ledger.db").unlink()
        (site.folder / "away.db").rename(site.data / "ledger.db")
        mend(station)
    assert site.passages() == 4
    with site.station() as station:
        assert (station.ledger.head, station.ledger.set_aside) == (4, "")


# Damage that is found while the station runs


def spoil_while_running(site: StationSite) -> None:
    """Every page but the first, once all is in the file and nobody's cache holds it any more."""
    ledger = site.data / "ledger.db"
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = ledger.stat().st_size
        with ledger.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * (size - 4096))
        connection.execute("PRAGMA user_version = 1")
        connection.commit()


@pytest.mark.parametrize(
    "meet",
    [
        lambda station: pass_by_hand(station),
        lambda station: station.ledger.uses("00" * 8, station.clock.now(), 600),
        lambda station: station.segments.last(),
        lambda station: station.duty.events.waiting(8),
        lambda station: station.by_hand.callers("豫G"),
        lambda station: station.segments.next_connection(),
    ],
    ids=["registering", "reading", "segments", "events", "callers", "counting connections"],
)
def test_damage_found_while_running_ends_in_a_new_ledger_and_not_in_a_loop(
    site: StationSite, meet: Callable[[Station], object]
) -> None:
    with site.station() as station:
        pass_by_hand(station)
        spoil_while_running(site)
        with suppress(LedgerUnwritable):
            meet(station)
        assert not pass_by_hand(station).written
        assert "malformed" in station.ledger.fault
        mend(station)
        assert station.ledger.replaced
        pass_by_hand(station)
    by_hand = site.passages()
    assert by_hand in (2, 3)  # whoever registered first met the damage
    with site.station() as station:
        assert pass_by_hand(station).written
        assert len(list((site.data / "damaged").iterdir())) == 1
        assert "malformed" in view_of(station).fault_details[StationFault.LEDGER_SET_ASIDE]


def test_what_amends_a_passage_of_the_damaged_ledger_is_written_and_counts_once(site: StationSite) -> None:
    with site.station() as station:
        shown = pass_by_hand(station)
        lost = station.ledger.latest_of(shown.id)
        assert lost is not None
        spoil_while_running(site)
        pass_by_hand(station)
        station.ledger.keep(replace(lost.entry, type=EntryType.AMENDMENT, amends=shown.id, replaces=shown.row))
        mend(station)
    assert site.passages() == 1
    found = list(audit.records(site.data, personal=False))
    assert [row["passages"] for row in found] == [1, 0]
    assert found[1]["evidence"][AMENDED_BEFORE] == str(shown.id)
    assert audit.verify(site.data).broken_at == 0


# A disk that is mounted for the test


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("mounting needs root")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.decode(errors='replace').strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def remount(place: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)


@pytest.mark.parametrize("filled", [True, False], ids=["with a ledger", "new"])
def test_a_disk_that_is_read_only_at_the_start_and_writable_later(mounted: Path, filled: bool) -> None:
    site = StationSite(mounted)
    if filled:
        site.fill()
    remount(mounted, "ro")
    with site.station() as station:
        assert station.ledger.head == (3 if filled else 0)  # what is there is read
        assert not pass_by_hand(station).written
        assert view_of(station).ledger_fault
        assert station.ledger.kept == 1
        remount(mounted, "rw")
        mend(station)
    assert site.passages() == (4 if filled else 1)
    with site.station() as station:
        assert (view_of(station).ledger_fault, station.ledger.set_aside) == ("", "")


@pytest.mark.parametrize("filled", [True, False], ids=["with a ledger", "new"])
def test_a_disk_that_is_full_at_the_start_and_has_room_later(mounted: Path, filled: bool) -> None:
    site = StationSite(mounted)
    if filled:
        site.fill()
    ballast = mounted / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    with site.station() as station:
        registered = [pass_by_hand(station).written for _ in range(9)]
        assert not registered[-1]
        assert view_of(station).ledger_fault
        ballast.unlink()
        mend(station)
    assert site.passages() == (3 if filled else 0) + 9
    with site.station() as station:
        assert (view_of(station).ledger_fault, station.ledger.set_aside) == ("", "")


def test_a_socket_for_supervisors_that_cannot_be_made_is_a_fault_and_lanes_work(site: StationSite) -> None:
    missing = site.folder / "no such folder" / "view.sock"
    section = cfg.SupervisorSection(listen="0.0.0.0:8443", cert="view.pem", key="view.key", socket=str(missing))
    station = Station(replace(site.config, supervisor=section))
    try:
        assert station.supervisor is not None
        station.supervisor.step()
        assert station.faults.standing()[StationFault.VIEW].startswith(f"supervisor.socket: {missing}: ")
        assert pass_by_hand(station).written
    finally:
        station.close()


def test_without_a_view_that_asks_supervisors_cannot_look_which_is_a_fault_and_lanes_work(
    site: StationSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_server, "SILENT_S", 0.0)
    section = cfg.SupervisorSection(
        listen="0.0.0.0:8443", cert="view.pem", key="view.key", socket=str(site.folder / "view.sock")
    )
    station = Station(replace(site.config, supervisor=section))
    try:
        assert station.supervisor is not None
        station.supervisor.step()
        assert "station-supervisor" in station.faults.standing()[StationFault.VIEW]
        assert pass_by_hand(station).written
        monkeypatch.setattr(socket_server, "SILENT_S", 60.0)
        assert StationFault.VIEW not in station.faults.standing()
    finally:
        station.close()
