"""``station hub run`` that cannot be: one line that names the key or the file, and the remedy."""

from pathlib import Path

import pytest

from station.__main__ import main

pytestmark = pytest.mark.clock


def refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    file = folder / "hub.toml"
    file.write_text(f"""
[hub]
district = "pingyuan"
data_dir = "{folder / "hub"}"
[broker]
url = "mqtt://127.0.0.1:1"
[signing]
key = "{folder / "district.key"}"
[driver]
listen = "127.0.0.1:0"
""")
    assert main(["hub", "run", "--config", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_a_signing_key_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"{tmp_path / 'district.key'}: No such file" in refused(tmp_path, capsys)


def test_a_store_that_the_disk_does_not_let_open_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "hub" / "hub.sqlite3").mkdir(parents=True)
    line = refused(tmp_path, capsys)
    assert f"{tmp_path}/hub/hub.sqlite3: unable to open database file; make room on the disk" in line
