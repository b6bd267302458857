"""Scans and declarations of each board and day. They gather in memory and are written once a second, so that a flood
of them costs no more writes than a trickle; a power cut costs the counts of that second."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from station.domain.retention import never
from station.hub.database import Database, StoreUnwritable

FLUSH_SECONDS = 1.0
KEPT = timedelta(days=400)

_Key = tuple[str, str]  # a board's number and a local day


class BoardCounts:
    """Counts registered boards only, so what is kept is bounded by how many hang."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        now: Callable[[], datetime],
        until: Callable[[], datetime | None] = never,
    ) -> None:
        """:param until: the retention clock, for days that are too old to be kept."""
        self._database = database
        self._zone = zone
        self._now, self._until = now, until
        self._lock = threading.Lock()
        self._scans: Counter[_Key] = Counter()
        self._declarations: Counter[_Key] = Counter()
        self._swept = ""
        self._pause = threading.Event()

    def scanned(self, number: str) -> None:
        with self._lock:
            self._scans[number, self._today()] += 1

    def declared(self, number: str) -> None:
        with self._lock:
            self._declarations[number, self._today()] += 1

    def step(self) -> None:
        """What came within a second is written together; while the disk takes nothing it waits in memory."""
        self._pause.wait(FLUSH_SECONDS)
        self.flush()

    def flush(self) -> None:
        with self._lock:
            scans, self._scans = self._scans, Counter()
            declarations, self._declarations = self._declarations, Counter()
        if not scans and not declarations:
            return
        try:
            self._write(scans, declarations)
        except StoreUnwritable:  # the hub's health says so; nothing is lost, and nothing grows but numbers
            with self._lock:
                self._scans.update(scans)
                self._declarations.update(declarations)

    def _write(self, scans: Counter[_Key], declarations: Counter[_Key]) -> None:
        rows = [
            {"number": key[0], "day": key[1], "scans": scans[key], "declarations": declarations[key]}
            for key in sorted({*scans, *declarations})
        ]
        today = self._today()
        until = (
            self._until() if self._swept != today else None
        )  # it asks the store itself, so not while this one writes
        with self._database.transaction() as connection:
            connection.executemany(
                """
                insert into board_days (number, day, scans, declarations) values (:number, :day, :scans, :declarations)
                on conflict (number, day) do update set
                    scans = board_days.scans + excluded.scans,
                    declarations = board_days.declarations + excluded.declarations
                """,
                rows,
            )
            if until is not None:
                oldest = (until.astimezone(self._zone).date() - KEPT).isoformat()
                connection.execute("delete from board_days where day < :oldest", {"oldest": oldest})
                self._swept = today

    def _today(self) -> str:
        return self._now().astimezone(self._zone).date().isoformat()
