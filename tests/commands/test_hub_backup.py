"""``station hub backup``: a copy that a hub runs on, taken while it writes."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hub_messages import SHANGHAI, received, segment, tally

from station.__main__ import main
from station.hub.sqlite import FILE_NAME, SqliteDatabase
from station.hub.store import Store

pytestmark = pytest.mark.clock


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "hub.toml"
    file.write_text(f'[hub]\ndistrict = "pingyuan"\ndata_dir = "{tmp_path / "hub"}"\n')
    return file


@pytest.fixture
def database(tmp_path: Path) -> SqliteDatabase:
    database = SqliteDatabase(tmp_path / "hub")
    Store(database, SHANGHAI).apply([received(segment(1, tally(passages=3)))])
    yield database
    database.close()


def backed_up(config: Path, target: Path, *more: str) -> int:
    return main(["hub", "backup", "--config", str(config), str(target), *more])


def test_a_backup_holds_what_was_acknowledged_and_a_hub_runs_on_it(
    config: Path, database: SqliteDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backed_up(config, tmp_path / "usb") == 0
    (copy,) = (tmp_path / "usb").iterdir()
    assert json.loads(capsys.readouterr().out) == {"backup": str(copy), "bytes": copy.stat().st_size, "removed": []}
    assert copy.stat().st_mode & 0o777 == 0o600
    (tmp_path / "again").mkdir()
    copy.rename(tmp_path / "again" / FILE_NAME)
    restored = SqliteDatabase(tmp_path / "again")
    with restored.reading() as connection:
        assert connection.execute("select sum(passages) as n from tallies").fetchone()["n"] == 3
    restored.close()


def test_only_the_newest_backups_are_kept(config: Path, database: SqliteDatabase, tmp_path: Path) -> None:
    (tmp_path / "usb").mkdir()
    for day in (1, 2, 3):
        (tmp_path / "usb" / f"hub-2026030{day}T000000Z.sqlite3").touch()
    assert backed_up(config, tmp_path / "usb", "--keep", "2") == 0
    assert len(names := sorted(path.name for path in (tmp_path / "usb").iterdir())) == 2
    assert names[0] == "hub-20260303T000000Z.sqlite3"


def test_a_damaged_file_makes_no_backup(
    config: Path, database: SqliteDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database.close()
    with closing(sqlite3.connect(database.path)) as file, file:
        file.execute("pragma journal_mode = delete")
        size = file.execute("pragma page_size").fetchone()[0]
    with database.path.open("r+b") as file:
        file.seek(size * 3)
        file.write(b"\x99" * size * 2)
    assert backed_up(config, tmp_path / "usb") == 1
    assert "damaged" in capsys.readouterr().err
    assert list((tmp_path / "usb").glob("hub-*")) == []


@pytest.mark.parametrize(
    ("store", "said"),
    [("", "has this hub run yet?"), ('[store]\nurl = "postgresql://hub@/checkpoint"\n', "pg_dump")],
)
def test_what_cannot_be_copied_is_said(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], store: str, said: str
) -> None:
    config.write_text(config.read_text() + store)
    assert backed_up(config, tmp_path / "usb") == 2
    assert said in capsys.readouterr().err
