"""Files that are there whole or not at all, whenever the power goes."""

import os
from pathlib import Path

READABLE = 0o644
PRIVATE = 0o600


def write_whole(path: Path, content: bytes, mode: int = READABLE, owner: tuple[int, int] | None = None) -> None:
    """On disk for good when this returns, and at no moment readable by more than ``mode`` says.

    :param owner: user and group by number, for who writes on behalf of another.
    :raises OSError: it is not, and what was at ``path`` is still there.
    """
    draft = draft_of(path)
    draft.unlink(missing_ok=True)  # a power cut left it, perhaps open to more readers
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        if owner is not None:
            os.fchown(file.fileno(), *owner)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    keep_names(path.parent)


def draft_of(path: Path) -> Path:
    """Where ``path`` is written before it takes its name: beside it, as a name moves at once on one disk only."""
    return path.with_name(f".{path.name}.new")


def keep_names(folder: Path) -> None:
    """A new name is on disk once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
