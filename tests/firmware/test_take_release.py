"""A release is taken only if the release key signed exactly that file, only if it is newer, and only once."""

import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "firmware_config" / "update" / "take-release"

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl, which is not installed here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Releases go here; the key pair and what runs (0.5.0) lie beside it."""
    made = tmp_path / "update"
    made.mkdir()
    openssl("genpkey", "-algorithm", "ed25519", "-out", tmp_path / "release.key")
    openssl("pkey", "-in", tmp_path / "release.key", "-pubout", "-out", tmp_path / "release.pub")
    set_running(made, "0.5.0")
    return made


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def set_running(folder: Path, version: str) -> None:
    current = folder.parent / "current"
    current.mkdir(exist_ok=True)
    (current / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n')


def release(folder: Path, version: str, name: str = "", installer: str = "") -> Path:
    """A release whose installer leaves a note of its version, signed."""
    content = folder.parent / f"checkpoint-{version}"
    script = content / "scripts" / "install"
    script.parent.mkdir(parents=True)
    script.write_text(f"#!/bin/sh\n{installer}\necho {version} >>{folder.parent}/installed\n")
    script.chmod(0o755)
    (content / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n')
    file = folder / f"checkpoint-{name or version}.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        archive.add(content, content.name)
    sign(file)
    return file


def sign(file: Path) -> None:
    key = file.parent.parent / "release.key"
    openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file, "-out", f"{file}.sig")


def take(folder: Path) -> tuple[int, str]:
    """:return: exit code, and the versions that were installed."""
    arguments = [SCRIPT, folder, folder.parent / "release.pub", folder.parent / "current"]
    ran = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    note = folder.parent / "installed"
    return ran.returncode, note.read_text() if note.exists() else ""


def results(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "status.json").read_text())["results"]
    return found


def test_the_newest_signed_release_is_installed_once(folder: Path) -> None:
    for version in ("0.9.0", "0.10.0"):
        release(folder, version)
    assert take(folder) == (0, "0.10.0\n")
    set_running(folder, "0.10.0")
    assert take(folder) == (0, "0.10.0\n"), "an older one must not follow"
    assert {(one["file"], one["outcome"]) for one in results(folder)} == {
        ("checkpoint-0.10.0.tar.gz", "installed"),
        ("checkpoint-0.9.0.tar.gz", "refused"),
    }


def test_an_empty_folder_is_nothing_to_do(folder: Path) -> None:
    assert take(folder) == (0, "")
    assert not (folder / "status.json").exists()


def test_a_release_that_was_changed_after_signing_is_not_even_unpacked(folder: Path) -> None:
    file = release(folder, "1.0.0")
    file.write_bytes(file.read_bytes() + b"\0")
    assert take(folder) == (1, "")
    assert (folder / "refused" / file.name).exists()


def test_a_release_signed_by_somebody_else_or_by_nobody_is_not_taken(folder: Path) -> None:
    file = release(folder, "1.0.0")
    openssl("genpkey", "-algorithm", "ed25519", "-out", folder.parent / "other.key")
    openssl("pkey", "-in", folder.parent / "other.key", "-pubout", "-out", folder.parent / "release.pub")
    assert take(folder) == (1, "")
    shutil.move(folder / "refused" / file.name, file)
    assert take(folder) == (1, "")
    assert [one["reason"] for one in results(folder)] == ["is not signed by the release key", "is not signed"]


@pytest.mark.parametrize("junk", [b"", b"\x1f\x8b junk", None], ids=["empty", "junk", "symbolic link"])
def test_a_file_that_nobody_signed_keeps_no_signed_one_waiting(folder: Path, junk: bytes | None) -> None:
    release(folder, "1.0.0")
    newest = folder / "checkpoint-99.0.0.tar.gz"
    if junk is None:
        newest.symlink_to("/etc/passwd")
    else:
        newest.write_bytes(junk)
    assert take(folder) == (1, "1.0.0\n")
    assert not newest.is_symlink()
    assert not newest.exists()


@pytest.mark.parametrize("version", ["0.4.9", "0.5.0", "0.5"])
def test_a_signed_release_that_is_not_newer_than_what_runs_is_refused_whatever_it_is_called(
    folder: Path, version: str
) -> None:
    release(folder, version, name="9.9.9")
    assert take(folder) == (1, "")
    (told,) = results(folder)
    assert (told["outcome"], "is not newer" in told["reason"]) == ("refused", True)


@pytest.mark.parametrize("version", ["latest", "1.0.0-rc1", "1"])
def test_a_version_that_cannot_be_compared_is_refused(folder: Path, version: str) -> None:
    release(folder, version)
    assert take(folder) == (1, "")


def test_what_is_signed_and_is_no_release_is_refused(folder: Path) -> None:
    for name, content in (("1.0.0", b"no archive"), ("2.0.0", b"\x1f\x8b")):
        file = folder / f"checkpoint-{name}.tar.gz"
        file.write_bytes(content)
        sign(file)
    assert take(folder) == (1, "")
    assert len(results(folder)) == 2


def test_an_archive_that_would_write_outside_its_folder_is_refused(folder: Path) -> None:
    file = folder / "checkpoint-1.0.0.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../../outside"))
    sign(file)
    assert take(folder) == (1, "")
    assert "cannot be unpacked" in results(folder)[0]["reason"]


def test_a_release_that_is_not_well_is_told_and_not_tried_again(folder: Path) -> None:
    release(folder, "1.0.0", installer="exit 1")
    assert take(folder) == (1, "")
    assert results(folder)[0]["outcome"] == "failed"
    assert take(folder) == (0, "")


def test_results_and_refused_files_are_bounded(folder: Path) -> None:
    for number in range(12):
        (folder / f"checkpoint-{number}.tar.gz").write_bytes(b"x" * number)
    assert take(folder)[0] == 1
    assert len(results(folder)) == 8
    assert len(list((folder / "refused").glob("*.tar.gz"))) == 8
