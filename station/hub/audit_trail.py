"""Who logged in, changed and looked at what. Rows are added and, once they are old, swept; none is ever changed."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from station.domain.accounts import AuditEntry, By
from station.domain.retention import never
from station.domain.times import utc_text
from station.hub.database import Connection, Database, StoreUnwritable
from station.runtime import AUDIT_LOOKS

LOOK = "look"
FLUSH_SECONDS = 1.0
AGAIN = timedelta(minutes=1)
LOOKS_REMEMBERED = 4096
PAGE = 100

_ADD = (
    "insert into audit_trail (id, at, who, address, action, detail) values (:id, :at, :who, :address, :action, :detail)"
)
_PAGE = """
select * from audit_trail where id < :before and (:who = '' or who = :who) order by id desc limit :most
"""
_NEWEST = "9999"  # behind every id, which begins with a time

_Row = dict[str, str]


class AuditTrail:
    """Changes are written at once. Looks gather in memory and are written once a second, so that looking costs no
    transaction of its own; a power cut costs the looks of that second, a full disk none of them: they wait."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        days: int,
        until: Callable[[], datetime | None] = never,
    ) -> None:
        """:param until: the retention clock, for entries that are too old to be kept."""
        self._database = database
        self._now, self._until = now, until
        self._kept = timedelta(days=days)
        self._lock = threading.Lock()
        self._waiting: list[_Row] = []
        self._lately: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()
        self._swept = ""
        self._pause = threading.Event()  # never set: only waited on

    def note(self, by: By, action: str, detail: str) -> None:
        with self._database.transaction() as connection:
            self.add(connection, by, action, detail)

    def add(self, connection: Connection, by: By, action: str, detail: str) -> None:
        """With what it tells of, in one transaction."""
        connection.execute(_ADD, self._row(by, action, detail))

    def looked(self, by: By, what: str) -> None:
        """The same look within a minute is one: a page that loads itself again is no news.

        :raises StoreUnwritable: so many wait that the next would go unseen.
        """
        now = self._now()
        with self._lock:
            if len(self._waiting) >= AUDIT_LOOKS:
                raise StoreUnwritable(f"{AUDIT_LOOKS} looks wait for the audit trail; make the store writable")
            key = (by.name, by.address, what)
            if key in self._lately and now - self._lately[key] < AGAIN:
                return
            self._lately[key] = now
            self._lately.move_to_end(key)
            if len(self._lately) > LOOKS_REMEMBERED:
                self._lately.popitem(last=False)
            self._waiting.append(self._row(by, LOOK, what))

    def entries(self, before: str, who: str) -> list[tuple[str, AuditEntry]]:
        """The newest first; ``before`` is the id of the last entry of the page before, or empty."""
        values = {"before": before or _NEWEST, "who": who, "most": PAGE}
        with self._database.reading() as connection:
            rows = connection.execute(_PAGE, values).fetchall()
        return [(row["id"], _entry(row)) for row in rows]

    def step(self) -> None:
        self._pause.wait(FLUSH_SECONDS)
        self.flush()

    def flush(self) -> None:
        with self._lock:
            rows, self._waiting = self._waiting, []
        today, until = self._now().date().isoformat(), self._until()
        if not rows and self._swept == today:
            return
        try:
            with self._database.transaction() as connection:
                connection.executemany(_ADD, rows)
                if until is not None:
                    connection.execute("delete from audit_trail where id < :old", {"old": utc_text(until - self._kept)})
        except StoreUnwritable:  # the hub's health says so
            with self._lock:
                self._waiting = rows + self._waiting
            return
        self._swept = today

    def _row(self, by: By, action: str, detail: str) -> _Row:
        at = utc_text(self._now())
        return {
            "id": f"{at}-{secrets.token_hex(4)}",
            "at": at,
            "who": by.name,
            "address": by.address,
            "action": action,
            "detail": detail,
        }


def _entry(row: Mapping[str, str]) -> AuditEntry:
    return AuditEntry(datetime.fromisoformat(row["at"]), row["who"], row["address"], row["action"], row["detail"])
