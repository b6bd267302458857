import os
import stat
from pathlib import Path

import pytest

from station.disk import PRIVATE, draft_of, write_whole


def test_a_file_is_written_over_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "all.revoked.json"
    for content in (b"the first", b"the second, longer", b"short"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_content_is_on_disk_before_it_takes_its_name_and_the_name_before_anyone_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, synced = tmp_path / "station.toml", []
    path.write_bytes(b"before")
    sync = os.fsync

    def watched(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else draft_of(path).read_bytes()
        synced.append((kind, path.read_bytes()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    write_whole(path, b"after")
    assert synced == [(b"after", b"before"), ("folder", b"after")]


def test_what_was_there_stays_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.watched.list"
    write_whole(path, b"before")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    write_whole(path, b"after")
    assert path.read_bytes() == b"after"


def test_a_secret_is_its_users_alone_even_over_a_draft_that_all_could_read(tmp_path: Path) -> None:
    path = tmp_path / "2026-03-02.key"
    draft_of(path).write_bytes(b"half")
    draft_of(path).chmod(0o666)
    write_whole(path, b"secret", PRIVATE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_draft_that_is_a_link_is_never_written_through(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"another's")
    path = tmp_path / "station.key"
    draft_of(path).symlink_to(elsewhere)
    write_whole(path, b"secret", PRIVATE)
    assert (elsewhere.read_bytes(), path.read_bytes(), path.is_symlink()) == (b"another's", b"secret", False)


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_a_file_belongs_to_whom_it_is_written_for(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    write_whole(path, b"secret", PRIVATE, owner=(4711, 4712))
    assert (path.stat().st_uid, path.stat().st_gid) == (4711, 4712)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "file", b"content")
