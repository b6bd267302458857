"""Whether the system is never written, from what the kernel says of its mounts."""

from pathlib import Path

import pytest

from station.commands.doctor_root import look_at_root

FIRMWARE = Path(__file__).parents[2] / "firmware_config"
PLAIN = "/dev/vda2 / ext4 rw,relatime 0 0\n"
OVERLAY = "overlayroot / overlay rw,relatime,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay 0 0\n"
CLOSED = OVERLAY.replace(" rw,", " ro,")
BELOW = "/dev/vda2 /media/root-ro ext4 ro,relatime 0 0\n"


def machine(folder: Path, mounts: str, command_line: str = "root=/dev/vda2 ro", asked: bool = True) -> Path:
    for name in ("proc", "etc"):
        (folder / name).mkdir()
    (folder / "proc/mounts").write_text(mounts)
    (folder / "proc/cmdline").write_text(command_line + "\n")
    if asked:
        setting = (FIRMWARE / "boot/overlayroot.conf").read_text()
        (folder / "etc/overlayroot.local.conf").write_text(setting)
    return folder


@pytest.mark.parametrize(
    ("mounts", "command_line", "ok", "found"),
    [
        (OVERLAY + BELOW, "ro", True, "is never written"),
        (PLAIN, "ro", False, "is written, though it was installed to be never written"),
        (PLAIN, "ro overlayroot=disabled", False, "overlayroot=disabled"),
        (CLOSED + BELOW, "ro", False, "is closed to programs as well"),
        (OVERLAY + BELOW.replace(" ro,", " rw,"), "rw", False, "is written through /media/root-ro"),
        ("", "ro", False, "is written, though"),
    ],
)
def test_a_system_that_was_to_be_never_written_is_told_as_it_is(
    tmp_path: Path, mounts: str, command_line: str, ok: bool, found: str
) -> None:
    check = look_at_root(machine(tmp_path, mounts, command_line))
    assert check.ok is ok
    assert found in check.found
    assert bool(check.remedy) is not ok


def test_a_system_that_may_be_written_is_no_fault(tmp_path: Path) -> None:
    assert look_at_root(machine(tmp_path, PLAIN, asked=False)).ok is None
