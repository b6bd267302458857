"""Where the ledger lives, as ``station doctor`` finds it: room, rights, errors, wear. Read below ``root``."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from station.commands.doctor_check import Check
from station.domain.condition import Condition

LEAST_FREE_MB = 200
WORN_FROM = 9  # of 10: tenths of a flash memory's life that are used up (JESD84-B51, EXT_CSD 268 and 269)
_CHANGE = "copy the ledger with 'station ledger backup', and put in a new card"


@dataclass(frozen=True, slots=True)
class Volume:
    """A block device by its folder in sysfs: the partition, and the card or disk it is on."""

    name: str
    partition: Path
    disk: Path


def look_at_storage(folder: Path, root: Path = Path("/")) -> Iterator[Check]:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    yield _room(there)
    volume = volume_of(there, root)
    if volume is None:
        yield Check("disk health", None, f"{there} is on no disk of its own", condition=Condition.DISK_HEALTH_UNKNOWN)
        return
    yield _errors(volume, root)
    yield _wear(volume)


def _room(there: Path) -> Check:
    free = shutil.disk_usage(there).free // 2**20
    if os.statvfs(there).f_flag & os.ST_RDONLY:
        return Check("disk", False, f"{there} is read-only", "mount it for writing; the kernel does this after errors")
    if not os.access(there, os.W_OK):
        return Check("disk", False, f"{there} cannot be written", "give the folder to the station's user")
    if free < LEAST_FREE_MB:
        return Check("disk", False, f"{free} MB free at {there}", f"free some: at least {LEAST_FREE_MB} MB are needed")
    return Check("disk", True, f"{free} MB free at {there}")


def volume_of(there: Path, root: Path) -> Volume | None:
    device = there.stat().st_dev
    found = root / "sys/dev/block" / f"{os.major(device)}:{os.minor(device)}"
    if not found.exists():
        return None
    partition = found.resolve()
    disk = partition.parent if (partition / "partition").exists() else partition
    return Volume(partition.name, partition, disk)


def _errors(volume: Volume, root: Path) -> Check:
    """What the file system has noted about itself since it was made."""
    ext4 = root / "sys/fs/ext4" / volume.name
    errors = _number(ext4 / "errors_count")
    if errors is None:
        found = f"{volume.name} keeps no count of its errors"
        return Check("disk health", None, found, condition=Condition.DISK_HEALTH_UNKNOWN)
    if errors:
        found = f"{volume.name} has noted {errors} errors"
        return Check("disk health", False, found, _CHANGE, Condition.DISK_HEALTH_ERRORS, {"errors": errors})
    written = _number(ext4 / "lifetime_write_kbytes")
    amount = "" if written is None else f", {written / 2**20:.0f} GB written in its life"
    return Check(
        "disk health", True, f"{volume.name} has noted no errors{amount}", condition=Condition.DISK_HEALTH_GOOD
    )


def _wear(volume: Volume) -> Check:
    """eMMC and some cards tell how much of their life is used up, in tenths; SD cards mostly do not."""
    file = volume.disk / "device" / "life_time"
    if not file.exists():
        found = f"{volume.disk.name} does not tell; 'smartctl -a' may"
        return Check("disk wear", None, found, condition=Condition.DISK_WEAR_UNKNOWN)
    used = max(int(word, 16) for word in file.read_text().split())
    near_its_end = (_number(volume.disk / "device" / "pre_eol_info", 16) or 0) > 1
    found, values = f"{volume.disk.name} has used up to {used * 10} % of its life", {"percent": used * 10}
    if used > WORN_FROM or near_its_end:
        return Check("disk wear", False, found, _CHANGE, Condition.DISK_WEAR_WORN, values)
    return Check("disk wear", True, found, condition=Condition.DISK_WEAR_GOOD, values=values)


def _number(file: Path, base: int = 10) -> int | None:
    return int(file.read_text().strip(), base) if file.exists() else None
