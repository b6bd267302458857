"""Orders, incidents and inspections: kept as long as the policy says, then forgotten.

Nothing that is not done with is forgotten, however old: an incident that is open, a visit that goes on, a finding that
is not closed, and what hangs together with them. Nor is what a station told of lately, whatever its clock says about
when that was. Some at a time, so that nobody who stores waits long.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from station.domain.district_orders import LONGEST_LASTS
from station.domain.times import utc_text
from station.hub.database import Connection, Database, StoreFault
from station.hub.old_events import INCIDENTS, INSPECTIONS, Told, forget_receipts, forget_told, told_since

CHECK_SECONDS = 3600.0
MOST = 200  # in a transaction

_OLD_ORDERS = "select id from orders where expires < :old order by expires"
_FORGET_ORDER = ("delete from receipts where order_id = :id", "delete from orders where id = :id")
# Refused, and written by nobody here.
_FORGET_STRANGE = """
delete from receipts where refused_at <> '' and refused_at < :old
  and not exists (select 1 from orders where orders.id = receipts.order_id)
"""
_OLD_INCIDENTS = "select station_id, id from incidents where closed_at <> '' and closed_at < :old"
_FORGET_INCIDENT = (
    "delete from incident_notes where station_id = :station_id and incident = :id",
    "delete from incidents where station_id = :station_id and id = :id",
)
_NOT_LONG_CLOSED = "(coalesce(findings.closed_at, '') = '' or findings.closed_at >= :old)"
# The last condition: as long as a notice of another visit asks for one of its findings, that would be missed there.
_OLD_VISITS = f"""
select station_id, id from inspections as visit where ended_at <> '' and ended_at < :old
and not exists (
  select 1 from findings
  where findings.station_id = visit.station_id and findings.inspection = visit.id and {_NOT_LONG_CLOSED})
and not exists (
  select 1 from notices join notice_findings as asked
    on asked.station_id = notices.station_id and asked.notice = notices.id
  left join findings on findings.station_id = asked.station_id and findings.id = asked.finding
  where notices.station_id = visit.station_id and notices.inspection = visit.id and {_NOT_LONG_CLOSED})
and not exists (
  select 1 from findings join notice_findings as asked
    on asked.station_id = findings.station_id and asked.finding = findings.id
  join notices on notices.station_id = asked.station_id and notices.id = asked.notice
  where findings.station_id = visit.station_id and findings.inspection = visit.id and notices.inspection <> visit.id)
"""
_FINDINGS = "select id from findings where station_id = :station_id and inspection = :id"
_FORGET_VISIT = (
    """
    delete from notice_findings where station_id = :station_id
      and notice in (select id from notices where station_id = :station_id and inspection = :id)
    """,
    "delete from notices where station_id = :station_id and inspection = :id",
    "delete from findings where station_id = :station_id and inspection = :id",
    "delete from inspections where station_id = :station_id and id = :id",
)


@dataclass(frozen=True, slots=True)
class KeepDays:
    """How many days after an order has expired, an incident was closed, a visit is over with all it found closed.
    0 keeps for good."""

    orders: int
    incidents: int
    inspections: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """``closed`` finds what was closed before ``old``, ``forget`` takes one of it away, ``parts`` finds what else
    stations name when they tell of one."""

    told: Told
    closed: str
    forget: tuple[str, ...]
    parts: str = ""


_INCIDENTS = _Kind(INCIDENTS, _OLD_INCIDENTS, _FORGET_INCIDENT)
_VISITS = _Kind(INSPECTIONS, _OLD_VISITS, _FORGET_VISIT, _FINDINGS)


class OldRecords:
    """``step`` is for a thread of its own. Several hubs may do the same work: what is gone is gone."""

    def __init__(
        self,
        database: Database,
        days: KeepDays,
        until: Callable[[], datetime | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._days = days
        self._until = until
        self._monotonic = monotonic
        self._due = monotonic()
        self._pause = threading.Event()  # never set: only waited on

    def step(self) -> None:
        """While the store cannot be used its health says so, and this comes again."""
        self._pause.wait(1.0)
        if self._monotonic() < self._due:
            return
        self._due = self._monotonic() + CHECK_SECONDS
        try:
            self.forget()
        except StoreFault:
            return

    def forget(self) -> None:
        """Nothing while the retention clock does not say from when ages count.

        :raises StoreFault: some of it is there still.
        """
        until, days = self._until(), self._days
        if until is None:
            return
        if days.orders:
            self._forget_orders(until, timedelta(days=days.orders))
        for kind, kept in ((_INCIDENTS, days.incidents), (_VISITS, days.inspections)):
            if kept:
                self._forget_closed(kind, utc_text(until - timedelta(days=kept)))

    def _forget_orders(self, until: datetime, age: timedelta) -> None:
        """One in a transaction: each has a receipt of thousands of stations."""
        old = {"old": utc_text(until - age)}
        with self._database.reading() as connection:
            orders = [dict(row) for row in connection.execute(_OLD_ORDERS, old)]
        for order in orders:
            self._carry_out(_FORGET_ORDER, [order])
        self._carry_out((_FORGET_STRANGE,), [old])
        # An order that a station told of longer ago than one lasts has expired since and is gone.
        forget_receipts(self._database, utc_text(until - age - LONGEST_LASTS))

    def _forget_closed(self, kind: _Kind, old: str) -> None:
        with self._database.reading() as connection:
            closed = [dict(row) for row in connection.execute(kind.closed, {"old": old})]
            gone = [one for one in closed if not _told_lately(connection, kind, one, old)]
        for begin in range(0, len(gone), MOST):
            self._carry_out(kind.forget, gone[begin : begin + MOST])
        forget_told(self._database, kind.told, old)

    def _carry_out(self, statements: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        with self._database.transaction() as connection:
            for statement in statements:
                connection.executemany(statement, rows)


def _told_lately(connection: Connection, kind: _Kind, one: Mapping[str, Any], old: str) -> bool:
    parts = (row["id"] for row in connection.execute(kind.parts, one)) if kind.parts else ()
    return told_since(connection, kind.told, one["station_id"], {one["id"], *parts}, old)
