"""Who has received, shown and acknowledged which order, how long it took, and who has not."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from station.domain.district_orders import OrderRow, OrderStation, StrangeOrder
from station.domain.listing import Listing
from station.domain.times import parse_time, utc_text
from station.hub.database import Connection, Readable, Row
from station.hub.listing import asked_of, lies_beneath
from station.hub.orders import beneath, beneath_each_level, local_day

MOST_ORDERS = 30  # of a whole district each has thousands of receipts
MOST_STRANGE = 200
_ORDERS = """
select id, level, urgency, zh, en, issued_at, expires, written_by from orders
order by issued_at desc, id desc limit :most
"""
_PLACE = ("after_at", "after_id")
_LISTED = f"""
select id, level, urgency, zh, en, issued_at, expires, written_by from orders
where (issued_at, id) < (:after_at, :after_id)
  and ({lies_beneath("level")} or substr(:within, 1, length(level) + 1) = level || '/')
  and (:state = '' or (:state = 'expired') = (expires <= :now))
order by issued_at desc, id desc limit :most
"""
_ORDER = "select id, level, urgency, zh, en, issued_at, expires, written_by from orders where id = :id"
_RECEIPTS = """
select station_id, received_at, shown_at, acknowledged_at, refused_at, reason from receipts where order_id = :id
"""
_SUMS = """
select order_id,
  sum(case when received_at <> '' then 1 else 0 end) as received,
  sum(case when shown_at <> '' or acknowledged_at <> '' then 1 else 0 end) as shown,
  sum(case when acknowledged_at <> '' then 1 else 0 end) as acknowledged,
  sum(case when refused_at <> '' and received_at = '' and acknowledged_at = '' then 1 else 0 end) as refused
from receipts where {orders} group by order_id
"""
_MIDDLE = """
select acknowledged_at from receipts where order_id = :id and acknowledged_at <> ''
order by acknowledged_at limit 1 offset :before
"""
_STRANGE = """
select station, order_id, refused_at, reason from receipts join stations on stations.id = receipts.station_id
where refused_at > :since and not exists (select 1 from orders where orders.id = receipts.order_id)
order by refused_at desc limit :most
"""


class OrderQueries:
    """:raises StoreUnreadable: in every question, the store cannot be asked."""

    def __init__(self, database: Readable, now: Callable[[], datetime], zone: tzinfo = UTC) -> None:
        """:param zone: whose days placements begin on."""
        self._database, self._now, self._zone = database, now, zone

    def orders(self, within: tuple[str, ...] = ()) -> list[OrderRow]:
        """The newest orders for a level, those above it, which are for it as well, and those beneath it."""
        with self._database.reading() as connection:
            rows = connection.execute(_ORDERS, {"most": MOST_ORDERS}).fetchall()
            return list(self._summed(connection, [row for row in rows if _concerns(row, within)]))

    def listed(self, listing: Listing) -> list[OrderRow]:
        """Those for a level, those above it and beneath it, the newest first; the place of one is when it was written
        and its id. Its state is "standing" or "expired"."""
        asked = asked_of(listing, _PLACE) | {"now": utc_text(self._now())}
        with self._database.reading() as connection:
            return list(self._summed(connection, connection.execute(_LISTED, asked).fetchall()))

    def order(self, order: str, within: tuple[str, ...] = ()) -> tuple[OrderRow, list[OrderStation]] | None:
        """An order and what each station beneath it did, those first that have done the least; None: no such order."""
        with self._database.reading() as connection:
            row = connection.execute(_ORDER, {"id": order}).fetchone()
            if row is None or not _concerns(row, within):
                return None
            stations = _stations(connection, row, within, self._today())
            (summed,) = self._summed(connection, [row])
            return summed, sorted(stations, key=lambda one: (_STEPS.index(one.step), one.station))

    def strange(self, since: datetime) -> list[StrangeOrder]:
        with self._database.reading() as connection:
            rows = connection.execute(_STRANGE, {"since": utc_text(since), "most": MOST_STRANGE}).fetchall()
        return [StrangeOrder(row["station"], row["order_id"], row["refused_at"], row["reason"]) for row in rows]

    def _summed(self, connection: Connection, orders: list[Row]) -> Iterator[OrderRow]:
        """Summed by the store, and the stations looked at once: there are thousands, for each of many orders."""
        ids = {"orders": connection.array([row["id"] for row in orders])}
        found = connection.execute(_SUMS.format(orders=connection.among("order_id", "orders")), ids)
        sums = {row["order_id"]: row for row in found}
        stations = beneath_each_level(connection, self._today())
        for row in orders:
            yield self._row(connection, row, sums.get(row["id"], _NO_SUMS), stations[row["level"]])

    def _today(self) -> str:
        return local_day(self._now(), self._zone)

    def _row(self, connection: Connection, row: Row, sums: Row | Mapping[str, int], stations: int) -> OrderRow:
        told: dict[str, Any] = dict(row) | {name: sums[name] for name in _NO_SUMS}
        which = {"id": row["id"], "before": sums["acknowledged"] // 2}
        middle = connection.execute(_MIDDLE, which).fetchone()
        return OrderRow(
            **told,
            expired=row["expires"] <= utc_text(self._now()),
            stations=stations,
            seconds=_seconds(row, middle["acknowledged_at"]) if middle else None,
        )


_NO_SUMS: Mapping[str, int] = dict.fromkeys(("received", "shown", "acknowledged", "refused"), 0)
_STEPS = ("refused", "waiting", "received", "shown", "acknowledged")


def _concerns(row: Row, within: tuple[str, ...]) -> bool:
    level = tuple(row["level"].split("/"))
    shared = min(len(level), len(within))
    return level[:shared] == within[:shared]


def _stations(connection: Connection, order: Row, within: tuple[str, ...], today: str) -> list[OrderStation]:
    """Of the order's level and, where somebody may see less, of that level."""
    level = tuple(order["level"].split("/"))
    receipts = {row["station_id"]: row for row in connection.execute(_RECEIPTS, {"id": order["id"]})}
    lowest = max(level, within, key=len)
    return [_station(row, receipts.get(row["id"], _NOTHING), order) for row in beneath(connection, lowest, today)]


_NOTHING: Mapping[str, str] = dict.fromkeys(("received_at", "shown_at", "acknowledged_at", "refused_at", "reason"), "")


def _station(row: Row, receipt: Mapping[str, str] | Row, order: Row) -> OrderStation:
    done = receipt["acknowledged_at"]
    return OrderStation(
        station=row["station"],
        name=row["name"],
        state=row["state"],
        step=_step(receipt),
        received_at=receipt["received_at"],
        shown_at=receipt["shown_at"],
        acknowledged_at=done,
        refused_at=receipt["refused_at"],
        reason=receipt["reason"],
        seconds=_seconds(order, done) if done else None,
    )


def _seconds(order: Row, done: str) -> int:
    return round((parse_time(done) - parse_time(order["issued_at"])).total_seconds())


def _step(receipt: Mapping[str, str] | Row) -> str:
    """How far it came; what was refused once and received later was received."""
    return next((step for step in ("acknowledged", "shown", "received", "refused") if receipt[f"{step}_at"]), "waiting")
