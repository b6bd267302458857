"""Whether the system is never written where that was asked for, as ``station doctor`` finds it below ``root``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.commands.doctor_check import Check

NAME: Final = "system disk"
SETTING: Final = "etc/overlayroot.local.conf"
SYSTEM_BELOW: Final = "/media/root-ro"
"""Where overlayroot mounts the file system that is under the overlay."""
_REBUILD: Final = "apt-get install busybox e2fsprogs overlayroot && update-initramfs -u -k all, then reboot"


@dataclass(frozen=True, slots=True)
class Mount:
    kind: str
    writable: bool


def look_at_root(root: Path = Path("/")) -> Check:
    mounts = _mounts(root)
    system, below = mounts.get("/"), mounts.get(SYSTEM_BELOW)
    if not _never_written_by_setting(root):
        return Check(NAME, None, "is written like any other ('A card that is never written' in docs/installing.md)")
    if system is None or system.kind != "overlay":
        if "overlayroot=disabled" in _text(root / "proc/cmdline").split():
            remedy = "when you have done what it is for, take overlayroot=disabled out of the command line and reboot"
            return Check(NAME, False, "is written: the kernel's command line says overlayroot=disabled", remedy)
        return Check(NAME, False, "is written, though it was installed to be never written", _REBUILD)
    if below is not None and below.writable:
        return Check(NAME, False, f"is written through {SYSTEM_BELOW}", "take the word rw out of the command line")
    if not system.writable:
        return Check(NAME, False, "is closed to programs as well: what needs /etc or /var does not run", _REBUILD)
    return Check(NAME, True, "is never written: changes are in memory and gone at the next boot")


def _never_written_by_setting(root: Path) -> bool:
    lines = _text(root / SETTING).splitlines()
    return any(line.strip().startswith('overlayroot="tmpfs') for line in lines)


def _mounts(root: Path) -> dict[str, Mount]:
    """By their place; a later mount hides an earlier one."""
    found = {}
    for line in _text(root / "proc/mounts").splitlines():
        _, place, kind, options, *_ = line.split(" ")
        found[place] = Mount(kind, "rw" in options.split(","))
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
