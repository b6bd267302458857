"""A release is taken only if the district's release key signed exactly that file, and only once."""

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "firmware_config" / "update" / "take-release"

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl, which is not installed here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Releases go here; the key pair lies beside it."""
    made = tmp_path / "update"
    made.mkdir()
    openssl("genpkey", "-algorithm", "ed25519", "-out", tmp_path / "release.key")
    openssl("pkey", "-in", tmp_path / "release.key", "-pubout", "-out", tmp_path / "release.pub")
    return made


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def release(folder: Path, version: str) -> Path:
    """A release whose installer leaves a note of its version, signed."""
    content = folder.parent / f"checkpoint-{version}"
    installer = content / "scripts" / "install"
    installer.parent.mkdir(parents=True)
    installer.write_text(f"#!/bin/sh\necho {version} >>{folder.parent}/installed\n")
    installer.chmod(0o755)
    file = folder / f"checkpoint-{version}.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        archive.add(content, content.name)
    key = folder.parent / "release.key"
    openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file, "-out", f"{file}.sig")
    return file


def take(folder: Path) -> tuple[int, str]:
    ran = subprocess.run([SCRIPT, folder, folder.parent / "release.pub"], capture_output=True, text=True)
    note = folder.parent / "installed"
    return ran.returncode, note.read_text() if note.exists() else ""


def test_the_newest_signed_release_is_installed_once(folder: Path) -> None:
    for version in ("0.9.0", "0.10.0"):
        release(folder, version)
    assert take(folder) == (0, "0.10.0\n")
    assert take(folder) == (0, "0.10.0\n"), "an older one must not follow"


def test_an_empty_folder_is_nothing_to_do(folder: Path) -> None:
    assert take(folder) == (0, "")


def test_a_release_that_was_changed_after_signing_is_not_even_unpacked(folder: Path) -> None:
    file = release(folder, "1.0.0")
    file.write_bytes(file.read_bytes() + b"\0")
    assert take(folder) == (1, "")
    assert file.exists()


def test_a_release_signed_by_somebody_else_or_by_nobody_is_not_taken(folder: Path) -> None:
    file = release(folder, "1.0.0")
    openssl("genpkey", "-algorithm", "ed25519", "-out", folder.parent / "other.key")
    openssl("pkey", "-in", folder.parent / "other.key", "-pubout", "-out", folder.parent / "release.pub")
    assert take(folder) == (1, "")
    Path(f"{file}.sig").unlink()
    assert take(folder) == (1, "")
