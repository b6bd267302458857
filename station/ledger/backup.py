"""A copy of the ledger taken while the station writes it, checked before it counts as one."""

import errno
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from station.ledger.audit import Audit, open_ledger, verify

PATTERN = "ledger-*"
_NAME = "ledger-%Y%m%dT%H%M%SZ"


class BackupBroken(Exception):
    """The copy does not verify; what is wrong with it is wrong with the ledger itself."""


def backup(folder: Path, target: Path, at: datetime, *, personal: bool) -> tuple[Path, Audit]:
    """Copy the ledger of ``folder`` into a new folder under ``target``, which a station could run on.

    With ``personal`` the keys of the sealed part and the photographs go along; then forgetting that copy on time is its
    keeper's work.

    :return: the new folder, and the walk along its hash chain.
    :raises LedgerMissing: no ledger. :raises FileExistsError: a backup of this second is there.
    :raises OSError: the copy cannot be written. :raises BackupBroken: it does not verify.
    """
    place = target / f"{at.astimezone(UTC):{_NAME}}"
    if place.exists():
        raise FileExistsError(f"{place} is there already; a backup is never written over")
    draft = target / f".{place.name}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    with closing(open_ledger(folder)) as source, closing(sqlite3.connect(draft / "ledger.db")) as copy:
        try:
            source.backup(copy)
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error), str(draft)) from error
    if personal:
        for sealed in ("seal", "photographs"):
            if (folder / sealed).exists():
                shutil.copytree(folder / sealed, draft / sealed)
    found = verify(draft)
    if found.broken_at:
        raise BackupBroken(f"{folder}: {found.why}; the ledger is damaged, and so is its copy in {draft}")
    draft.rename(place)
    return place, found


def drop_older(target: Path, keep: int, made: Path) -> list[Path]:
    """Remove all but ``keep`` backups under ``target``: the one just ``made``, whatever its day by the clock, and of
    the others the newest.

    :return: what is gone.
    """
    others = sorted(place for place in target.glob(PATTERN) if place != made)
    gone = others[: max(0, len(others) - (keep - 1))]
    for place in gone:
        shutil.rmtree(place)
    return gone
