"""Which filesystem a folder lies on: a figure for a disk that is memory is no figure."""

from pathlib import Path

NOT_A_DISK = frozenset({"tmpfs", "ramfs", "rootfs"})


def filesystem_of(folder: Path, mounts: str | None = None) -> tuple[str, str]:
    """Type and device of the mount that holds ``folder``; ``mounts`` is the text of /proc/self/mounts."""
    place = folder.resolve()
    best, found = -1, ("unknown", "unknown")
    for line in (Path("/proc/self/mounts").read_text() if mounts is None else mounts).splitlines():
        device, point, kind = line.split()[:3]
        at = Path(point.replace("\\040", " "))
        if place.is_relative_to(at) and len(at.parts) >= best:
            best, found = len(at.parts), (kind, device)
    return found


def note(folder: Path) -> str:
    kind, device = filesystem_of(folder)
    warning = "; this is memory, not a disk: give --dir" if kind in NOT_A_DISK else ""
    return f"in {folder}: {kind} on {device}{warning}"
