"""What the initramfs does after overlayroot, in a shell, with a stand-in for mount."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "firmware_config" / "boot" / "overlay-root"
FSTAB = """#
#  This fstab is for overlayroot.
#LABEL=root /media/root-ro/ ext4 ro,errors=remount-ro,noauto 0 1
/media/root-ro/ / overlay lowerdir=/media/root-ro/,upperdir=/media/root-rw/overlay/,workdir=/media/root-rw/w/_ 0 1
# a * in a comment stays
LABEL=checkpoint-data  /data                 ext4  noatime,nodev,nosuid,commit=5 0 2
/data/station          /var/lib/station      none  bind,nofail  0 0
"""
SHELLS = [name for name in ("dash", "busybox") if shutil.which(name)]


def run(folder: Path, kind: str, shell: str) -> list[str]:
    """:return: how ``mount`` was called."""
    system = folder / "system"
    (system / "etc").mkdir(parents=True)
    (system / "etc/fstab").write_text(FSTAB)
    (folder / "mounts").write_text(f"sysfs /sys sysfs rw 0 0\noverlayroot {system} {kind} ro,relatime 0 0\n")
    (folder / "functions").write_text('log_warning_msg() { echo "$*"; }\nlog_failure_msg() { echo "$*"; }\n')
    (folder / "mount").write_text(f'#!/bin/sh\necho "$*" >>{folder}/called\n')
    (folder / "mount").chmod(0o755)
    text = SCRIPT.read_text().replace("/scripts/functions", f"{folder}/functions")
    (folder / "script").write_text(text.replace("/proc/mounts", f"{folder}/mounts"))
    command = [shell, *(["sh"] if shell == "busybox" else []), str(folder / "script")]
    subprocess.run(command, env={"PATH": f"{folder}:/usr/bin:/bin", "rootmnt": str(system)}, check=True)
    called = folder / "called"
    return called.read_text().splitlines() if called.exists() else []


@pytest.mark.parametrize("shell", SHELLS)
def test_an_overlay_is_opened_and_systemd_has_nothing_to_change_about_it(tmp_path: Path, shell: str) -> None:
    assert run(tmp_path, "overlay", shell) == [f"-o remount,rw {tmp_path / 'system'}"]
    left = [line for line in FSTAB.splitlines() if " / overlay " not in line]
    assert (tmp_path / "system/etc/fstab").read_text().splitlines() == left


@pytest.mark.parametrize("shell", SHELLS)
def test_a_system_that_is_no_overlay_is_left_as_it_is(tmp_path: Path, shell: str) -> None:
    assert run(tmp_path, "ext4", shell) == []
    assert (tmp_path / "system/etc/fstab").read_text() == FSTAB


def test_it_runs_after_what_makes_the_overlay() -> None:
    asked = subprocess.run(["sh", SCRIPT, "prereqs"], capture_output=True, text=True, check=True)
    assert asked.stdout == "overlayroot\n"
