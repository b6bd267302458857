"""Messages that were by the contract and still could not be stored: set aside, named, and not met again.

A segment or an event that is here was not acknowledged to its station, which offers it again: nothing is lost. Of a
message the topic, the reason and a digest are kept, nothing of what it says. The broker says a retained one again at
every subscription; it is known by its digest, until another version of the hub may do better with it.
"""

import hashlib
import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from prometheus_client import Counter

from station.domain.times import utc_text
from station.hub.database import Connection, Database, Readable
from station.hub.refusals import printable
from station.hub.sums import among, names
from station.version import SOFTWARE

log = logging.getLogger(__name__)

MAX_OF_STATION = 20
MAX_ALL = 2000
_HOLD = """
insert into dead_letters (station, name, reason, fingerprint, software, messages, first_at, last_at)
values (:station, :name, :reason, :fingerprint, :software, 1, :at, :at)
on conflict (station, name, reason) do update set
  fingerprint = excluded.fingerprint, software = excluded.software, last_at = excluded.last_at,
  messages = case when dead_letters.messages < 1000000000 then dead_letters.messages + 1 else 1000000000 end
"""
_FORGET_OLDEST = """
delete from dead_letters where (station, name, reason) in (
  select station, name, reason from dead_letters {where}
  order by last_at desc, name, reason limit 1000000 offset {most})
"""
_OF_STATIONS = """
select dead_letters.station as station, dead_letters.name as topic, messages, reason, first_at, last_at
from stations cross join dead_letters where dead_letters.station = stations.station and
"""


def fingerprint_of(topic: str, payload: bytes) -> str:
    return hashlib.sha256(topic.encode() + b"\0" + payload).hexdigest()


class DeadLetters:
    def __init__(self, database: Database, counter: Counter | None = None) -> None:
        """:param counter: has the kind of message as its one label."""
        self._database, self._counter = database, counter
        self._known = _known(database)

    def set_aside(self, station: str, name: str, fingerprint: str, error: Exception, at: datetime) -> str:
        """:return: the reason as it is kept.

        :raises StoreUnwritable: it is not set aside; it is met again.
        """
        reason = printable(f"{type(error).__name__}: {error}")
        values = {"station": station, "name": name, "reason": reason, "fingerprint": fingerprint}
        with self._database.transaction() as connection:
            connection.execute(_HOLD, values | {"software": SOFTWARE, "at": utc_text(at)})
            connection.execute(
                _FORGET_OLDEST.format(where="where station = :station", most=MAX_OF_STATION), {"station": station}
            )
            connection.execute(_FORGET_OLDEST.format(where="", most=MAX_ALL))
        if len(self._known) < MAX_ALL:
            self._known.add(fingerprint)
        if self._counter is not None:
            self._counter.labels(name).inc()
        log.error("up/%s/%s set aside, it cannot be stored: %s", station, name, reason)
        return reason

    def knows(self, topic: str, payload: bytes) -> bool:
        """Whether this very message was set aside before, by this version of the hub."""
        return bool(self._known) and fingerprint_of(topic, payload) in self._known


def _known(database: Readable) -> set[str]:
    with database.reading() as connection:
        rows = connection.execute(
            "select fingerprint from dead_letters where software = :software", {"software": SOFTWARE}
        )
        return {row["fingerprint"] for row in rows}


def dead_letters_of(connection: Connection, only: Collection[str] | None) -> list[dict[str, Any]]:
    """Of all stations or of the named ones, the newest last."""
    question = f"{_OF_STATIONS} {among(connection, only)} order by dead_letters.station, last_at"
    return [dict(row) for row in connection.execute(question, names(connection, only))]
