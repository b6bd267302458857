"""The ledger's file: opened and looked over; one that is damaged is set aside, never deleted."""

import secrets
import sqlite3
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from station.disk import keep_names
from station.ledger.connections import begin_ledger, connect_to_read, connect_to_write, is_damage, is_mistake
from station.ledger.epochs import EPOCH_BITS, Home, home_of, settle_epoch
from station.ledger.rows import COLUMNS, GENESIS, INSERT, chain
from station.ledger.schema import migrations
from station.ledger.wal import commit_frames

FILE_NAME = "ledger.db"
DAMAGED_FOLDER = "damaged"
MAX_SET_ASIDE = 8
"""A card that spoils one ledger after the other is changed, not filled."""
CHECK_TIMEOUT_S = 2.0
CHECKED_ROWS = 2000
_REASON = "reason.txt"
# The log first: a new ledger must never find the log of the one before.
_PARTS = ("-wal", "-shm", "-journal", "")
_STEPS = 20_000  # of SQLite's machine between two looks at the time
_ANOTHERS = "its tables are not those of this version"


class LedgerDamaged(Exception):
    """The file is no ledger that can be used. The message says what is wrong with it."""


class LedgerAway(Exception):
    """The file cannot be opened at present: the disk, or its rights. The message names file and remedy."""


class LedgerFile:
    """``ledger.db`` of a station's ``data_dir``, with what SQLite keeps beside it."""

    def __init__(self, folder: Path, machine: str = "") -> None:
        """:param machine: what tells this machine from others."""
        self._folder, self._machine = folder, machine
        self.path = folder / FILE_NAME
        self.moved = False
        """Whether the file came here from another machine, or is a copy."""

    @property
    def home(self) -> Home:
        return home_of(self.path, self._machine)

    def open(self) -> sqlite3.Connection:
        """A new ledger where there is no file. What is damaged far from where the lanes read and write may only be
        found later.

        :raises LedgerDamaged: the file is to be set aside. :raises LedgerAway: it is to be tried again.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            is_new = not self.path.exists()
        except OSError as error:
            raise self._away(error) from error
        try:
            return self._opened()
        except LedgerAway:
            if is_new:
                self._drop_empty()
            raise

    def _opened(self) -> sqlite3.Connection:
        try:
            commits = self._commits()
            connection = connect_to_write(self.path)
        except OSError as error:
            raise self._away(error) from error
        except sqlite3.Error as error:
            raise self._said(error) from error
        try:
            self._look_over(connection, commits)
        except (sqlite3.Error, LedgerDamaged) as error:
            connection.close()
            if isinstance(error, sqlite3.Error):
                raise self._said(error) from error
            raise
        return connection

    def open_to_read(self) -> sqlite3.Connection | None:
        """For a disk that takes no writes: the ledger as it stands on it. None if that cannot be told."""
        log = self.path.with_name(f"{FILE_NAME}-wal")
        try:
            has_log = log.exists() and log.stat().st_size > 0
            connection = connect_to_read(self.path, immutable=not has_log)
        except (sqlite3.Error, OSError):
            return None
        try:
            found = connection.execute("SELECT * FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
            if found is not None and not set(COLUMNS) <= set(found.keys()):
                raise sqlite3.DatabaseError(_ANOTHERS)
            if connection.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone() is not None:
                return connection
        except sqlite3.Error:
            pass
        connection.close()
        return None

    def _commits(self) -> list[int]:
        """:raises LedgerDamaged: what is there is no file, or an empty one. :raises OSError: it cannot be told."""
        if self.path.exists():
            if not self.path.is_file():
                raise LedgerDamaged("it is no file")
            if self.path.stat().st_size == 0:
                raise LedgerDamaged("it is empty")
        return commit_frames(self.path)

    def _look_over(self, connection: sqlite3.Connection, commits: list[int]) -> None:
        """:raises LedgerDamaged: (or an error of SQLite that means damage) it cannot be used."""
        read = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1]
        if len(lost := [frame for frame in commits if frame > read]) > 1:
            raise LedgerDamaged(f"its log is damaged: {len(lost)} commits in it cannot be read")
        check_pages(connection, CHECK_TIMEOUT_S)
        migrations.apply(Database(connection))
        _check_rows(connection)
        connection.execute("BEGIN IMMEDIATE")
        try:
            _try_insert(connection)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        begin_ledger(connection, secrets.randbits(EPOCH_BITS))
        self._settle(connection)

    def _settle(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            self.moved = settle_epoch(connection, self.home) or self.moved
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _drop_empty(self) -> None:
        """A file that a full disk let be made and not filled would pass for a ledger that was lost."""
        with suppress(OSError):
            if self.path.stat().st_size == 0:
                self.path.unlink()

    def _away(self, error: OSError) -> LedgerAway:
        return LedgerAway(f"{error.filename or self.path}: {error.strerror}; see to the disk and its rights")

    def _said(self, error: sqlite3.Error) -> Exception:
        if is_damage(error):
            return LedgerDamaged(str(error))
        if is_mistake(error):
            return LedgerDamaged(f"{_ANOTHERS} ({error})")
        return LedgerAway(f"{self.path}: {error}; make room on the disk, and check that it can be written")

    # Setting aside

    def set_aside(self, why: str) -> Path:
        """Move the file, with its log, into a folder of its own that is named after its last change. A folder is what
        ``station ledger`` takes in place of a ``data_dir``.

        :raises LedgerAway: it cannot be moved, or enough lie there already.
        """
        try:
            if len(self.set_aside_before()) >= MAX_SET_ASIDE:
                raise LedgerAway(
                    f"{self.path}: {why}; {MAX_SET_ASIDE} damaged ledgers lie in {self._damaged} already: copy them"
                    " to a stick, remove them here, and change the card"
                )
            place = self._new_place()
            (place / _REASON).write_text(f"{why}\n", encoding="utf-8")
            for part in _PARTS:
                file = self.path.with_name(FILE_NAME + part)
                if file.exists():
                    file.rename(place / file.name)
            for folder in (place, self._damaged, self._folder):
                keep_names(folder)
        except OSError as error:
            raise LedgerAway(
                f"{self.path}: {why}; it cannot be set aside ({error.strerror}): see to the disk and its rights"
            ) from error
        return place

    @property
    def _damaged(self) -> Path:
        return self._folder / DAMAGED_FOLDER

    def _new_place(self) -> Path:
        self._damaged.mkdir(mode=0o700, exist_ok=True)
        changed = max(
            (file.stat().st_mtime for part in _PARTS if (file := self.path.with_name(FILE_NAME + part)).exists()),
            default=0.0,
        )
        name = f"ledger-{datetime.fromtimestamp(changed, UTC):%Y%m%dT%H%M%SZ}"
        for number in range(1, MAX_SET_ASIDE + 2):
            place = self._damaged / (name if number == 1 else f"{name}-{number}")
            if not place.exists():
                place.mkdir(mode=0o700)
                return place
        raise LedgerAway(f"{self._damaged}: is full of {name}; remove what was copied from there")

    def set_aside_before(self) -> list[tuple[Path, str]]:
        """Every ledger that was set aside and still lies there, with what was wrong with it."""
        try:
            places = sorted(place for place in self._damaged.iterdir() if (place / FILE_NAME).exists())
        except OSError:
            return []
        return [(place, _reason(place)) for place in places]


def check_pages(connection: sqlite3.Connection, timeout_s: float) -> None:
    """As far as that goes in so many seconds: a lane does not wait for a year of rows. :raises LedgerDamaged: a page is
    malformed."""
    end = time.monotonic() + timeout_s
    connection.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        found = "ok"
    finally:
        connection.set_progress_handler(None, 0)
    if found != "ok":
        raise LedgerDamaged(" ".join(str(found).split()))


def _check_rows(connection: sqlite3.Connection) -> None:
    """The last rows follow one another: it is these that the lanes go on from."""
    found = connection.execute(
        "SELECT * FROM ledger WHERE seq >= (SELECT max(seq) FROM ledger) - ? ORDER BY seq", (CHECKED_ROWS,)
    ).fetchall()
    before = found[0] if found and found[0]["seq"] > 1 else None
    previous, expected = (GENESIS, 1) if before is None else (before["hash"], before["seq"] + 1)
    for record in found if before is None else found[1:]:
        if record["seq"] != expected or chain(previous, (record[column] for column in COLUMNS)) != record["hash"]:
            raise LedgerDamaged(f"row {expected} does not match its hash")
        previous, expected = record["hash"], expected + 1


def _try_insert(connection: sqlite3.Connection) -> None:
    """A row as this version writes it, which is taken back."""
    values = dict.fromkeys(COLUMNS, "") | {"seq": None, "sealed": b"", "reasons": "[]", "evidence": "{}"}
    connection.execute(INSERT, (*values.values(), b""))
    for question in (
        "SELECT segment, from_seq, through_seq FROM segments LIMIT 1",
        "SELECT key, value FROM meta LIMIT 1",
    ):
        connection.execute(question).fetchone()


def _reason(place: Path) -> str:
    try:
        return (place / _REASON).read_text(encoding="utf-8", errors="replace").strip()[:200]
    except OSError:
        return "damaged"
