"""What doctor says of the disk under the ledger, over a /sys of the test's own."""

import os
from pathlib import Path

import pytest

from station.commands import doctor_storage
from station.commands.doctor_check import Check
from station.commands.doctor_storage import look_at_storage


class Card:
    """A card with one partition, under the number of the disk that the test's folder really is on."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.disk = self.root / "sys/devices/mmc0/block/mmcblk0"
        self.put(self.disk / "mmcblk0p3" / "partition", "3\n")
        device = folder.stat().st_dev
        link = self.root / "sys/dev/block" / f"{os.major(device)}:{os.minor(device)}"
        link.parent.mkdir(parents=True)
        link.symlink_to(self.disk / "mmcblk0p3")

    def put(self, file: Path, text: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def errors(self, count: int) -> None:
        self.put(self.root / "sys/fs/ext4/mmcblk0p3/errors_count", f"{count}\n")

    def life(self, times: str, near_its_end: str) -> None:
        self.put(self.disk / "device" / "life_time", f"{times}\n")
        self.put(self.disk / "device" / "pre_eol_info", f"{near_its_end}\n")


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path)


def said(folder: Path, root: Path) -> dict[str, Check]:
    return {check.name: check for check in look_at_storage(folder, root)}


def test_room_is_measured_where_the_data_will_be(tmp_path: Path) -> None:
    (check,) = [check for check in look_at_storage(tmp_path / "not" / "yet", tmp_path) if check.name == "disk"]
    assert check.ok is True
    assert check.found.endswith(f"MB free at {tmp_path}")


def test_too_little_room_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_storage, "LEAST_FREE_MB", 2**40)
    assert said(tmp_path, tmp_path)["disk"].ok is False


def test_a_file_system_without_errors_tells_what_was_written_in_its_life(card: Card, tmp_path: Path) -> None:
    card.errors(0)
    card.put(card.root / "sys/fs/ext4/mmcblk0p3/lifetime_write_kbytes", f"{7 * 2**20}\n")
    check = said(tmp_path, card.root)["disk health"]
    assert (check.ok, check.found) == (True, "mmcblk0p3 has noted no errors, 7 GB written in its life")


def test_a_file_system_that_has_noted_errors_is_wrong(card: Card, tmp_path: Path) -> None:
    card.errors(2)
    check = said(tmp_path, card.root)["disk health"]
    assert (check.ok, check.found) == (False, "mmcblk0p3 has noted 2 errors")
    assert "station ledger backup" in check.remedy


@pytest.mark.parametrize(
    ("times", "near_its_end", "ok", "used"),
    [("0x01 0x02", "0x01", True, 20), ("0x0A 0x01", "0x01", False, 100), ("0x03 0x03", "0x02", False, 30)],
)
def test_a_card_that_tells_its_wear_is_heard(
    card: Card, tmp_path: Path, times: str, near_its_end: str, ok: bool, used: int
) -> None:
    card.life(times, near_its_end)
    check = said(tmp_path, card.root)["disk wear"]
    assert (check.ok, check.found) == (ok, f"mmcblk0 has used up to {used} % of its life")


def test_a_card_that_does_not_tell_is_no_fault(card: Card, tmp_path: Path) -> None:
    found = said(tmp_path, card.root)
    assert (found["disk health"].ok, found["disk wear"].ok) == (None, None)


def test_a_folder_on_no_disk_says_so(tmp_path: Path) -> None:
    assert said(tmp_path, tmp_path)["disk health"].ok is None
