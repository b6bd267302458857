"""A copy of hub.sqlite3 taken while the hub writes it, checked before it counts as one."""

import errno
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

PATTERN = "hub-*.sqlite3"
_NAME = "hub-%Y%m%dT%H%M%SZ.sqlite3"


class BackupBroken(Exception):
    """The copy is damaged; what is wrong with it is wrong with the hub's own file."""


def backup(file: Path, target: Path, at: datetime) -> Path:
    """Copy the hub's file into the folder ``target``, under a name a hub could run on once it is ``hub.sqlite3``.

    :return: the new file.
    :raises FileExistsError: a backup of this second is there. :raises OSError: the copy cannot be written.
    :raises BackupBroken: it is damaged.
    """
    place = target / f"{at.astimezone(UTC):{_NAME}}"
    if place.exists():
        raise FileExistsError(f"{place} is there already; a backup is never written over")
    target.mkdir(parents=True, exist_ok=True)
    draft = target / f".{place.name}.part"
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    source_uri = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(source_uri, uri=True)) as source, closing(sqlite3.connect(draft)) as copy:
        try:
            source.backup(copy)
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error), str(draft)) from error
    _check(file, draft)
    draft.rename(place)
    return place


def drop_older(target: Path, keep: int, made: Path) -> list[Path]:
    """Remove all but ``keep`` backups in ``target``: the one just ``made``, whatever its day by the clock, and of
    the others the newest.

    :return: what is gone.
    """
    others = sorted(place for place in target.glob(PATTERN) if place != made)
    gone = others[: max(0, len(others) - (keep - 1))]
    for place in gone:
        place.unlink()
    return gone


def _check(file: Path, draft: Path) -> None:
    with closing(sqlite3.connect(draft)) as copy:
        copy.execute("pragma journal_mode = delete")  # one file, nothing beside it
        try:
            said = str(copy.execute("pragma integrity_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            said = str(error)
    if said != "ok":
        raise BackupBroken(f"{file}: {said}; the hub's file is damaged, and so is its copy {draft}")
