"""Orders of the district: signed and stored once, and which station is still to be sent which."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.domain.district_orders import LONGEST_LASTS, SHORTEST_LASTS, Draft, OrderFault, OrderNotWritten
from station.domain.levels import SEPARATOR
from station.domain.orders import Order
from station.domain.times import parse_time, utc_text
from station.hub.database import Connection, Database, Row
from station.passes.signed_orders import OrderError, sign

_INSERT = """
insert into orders (id, level, urgency, zh, en, issued_at, expires, written_by, message)
values (:id, :level, :urgency, :zh, :en, :issued_at, :expires, :written_by, :message)
"""
# Where each station stands today: as the registry says, and only where it is silent as the station itself does.
_PLACED_TODAY = "left join places on places.station_id = stations.id and since <= :today and :today < until"
_STANDING = "select id, level, expires, message from orders where expires > :now order by issued_at, id"
_UNANSWERED = f"""
select stations.id as id, station, path, epoch_id, conn from stations {_PLACED_TODAY}
left join receipts on receipts.station_id = stations.id and receipts.order_id = :order
where stations.state = 'online' and coalesce(receipts.received_at, '') = '' and coalesce(receipts.refused_at, '') = ''
  and coalesce(receipts.acknowledged_at, '') = ''
order by station
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """An order that has not expired."""

    id: str
    level: tuple[str, ...]
    expires: datetime
    message: str


class Recipient(NamedTuple):
    """A station that is online and has not said what it did with an order; ``connection`` is the one it is on."""

    station: str
    connection: tuple[int, int]


class Orders:
    """``zone``: whose days placements begin on."""

    def __init__(self, database: Database, district: str, now: Callable[[], datetime], zone: tzinfo = UTC) -> None:
        self._database, self._district, self._now, self._zone = database, district, now, zone

    def write(self, draft: Draft, key: Ed25519PrivateKey, written_by: str) -> Order:
        """Sign and store an order; the running hub sends it.

        :raises OrderNotWritten: it cannot be sent. :raises StoreFault: it is not stored.
        """
        now = self._now().replace(microsecond=0)
        if not SHORTEST_LASTS <= draft.lasts <= LONGEST_LASTS:
            raise OrderNotWritten(OrderFault.LASTS, f"it lasts from one minute to {LONGEST_LASTS.days} days")
        order = Order(
            id=f"{now:%Y%m%dt%H%M%S}-{secrets.token_hex(3)}",
            district=self._district,
            level=tuple(draft.level.split("/")),
            urgency=draft.urgency,
            issued_at=now,
            expires=now + draft.lasts,
            zh=draft.zh.strip(),
            en=draft.en.strip(),
        )
        try:
            message = sign(order, key)
        except OrderError as error:
            raise OrderNotWritten(OrderFault.TEXT, str(error)) from None
        with self._database.transaction() as connection:
            if not beneath(connection, order.level, local_day(self._now(), self._zone)):
                why = f"no station is beneath {draft.level!r}; give level names joined by /"
                raise OrderNotWritten(OrderFault.LEVEL, why)
            connection.execute(_INSERT, _values(order, message, written_by))
        return order

    def standing(self) -> list[Standing]:
        """Orders that have not expired, oldest first. :raises StoreUnreadable: they cannot be asked for."""
        with self._database.reading() as connection:
            rows = connection.execute(_STANDING, {"now": utc_text(self._now())}).fetchall()
        return [
            Standing(row["id"], tuple(row["level"].split("/")), parse_time(row["expires"]), row["message"])
            for row in rows
        ]

    def unanswered(self, order: Standing) -> list[Recipient]:
        """Stations that are to be sent an order. :raises StoreUnreadable: they cannot be asked for."""
        with self._database.reading() as connection:
            asked = {"order": order.id, "today": local_day(self._now(), self._zone)}
            rows = connection.execute(_UNANSWERED, asked).fetchall()
        return [
            Recipient(row["station"], (row["epoch_id"] or 0, row["conn"]))
            for row in rows
            if is_beneath(row, order.level)
        ]


def local_day(now: datetime, zone: tzinfo) -> str:
    return now.astimezone(zone).date().isoformat()


def beneath(connection: Connection, level: tuple[str, ...], today: str) -> list[Row]:
    """Stations beneath a level, by id."""
    question = f"select id, station, name, path, state, last_seen from stations {_PLACED_TODAY} order by station"
    return [row for row in connection.execute(question, {"today": today}) if is_beneath(row, level)]


def beneath_each_level(connection: Connection, today: str) -> Counter[str]:
    """How many stations are beneath each level, by its path; a station is beneath its own."""
    counts: Counter[str] = Counter()
    for row in connection.execute(f"select station, path from stations {_PLACED_TODAY}", {"today": today}):
        names = _names(row)
        counts.update("/".join(names[:depth]) for depth in range(1, len(names) + 1))
    return counts


def is_beneath(row: Row, level: tuple[str, ...]) -> bool:
    return _names(row)[: len(level)] == level


def _names(row: Row) -> tuple[str, ...]:
    """Of the levels that a station stands beneath, and its own. One that nobody placed stands beneath none."""
    return (*row["path"].split(SEPARATOR), row["station"]) if row["path"] else (row["station"],)


def _values(order: Order, message: bytes, written_by: str) -> Mapping[str, str]:
    return {
        "id": order.id,
        "level": "/".join(order.level),
        "urgency": order.urgency.value,
        "zh": order.zh,
        "en": order.en,
        "issued_at": utc_text(order.issued_at),
        "expires": utc_text(order.expires),
        "written_by": written_by,
        "message": message.decode(),
    }
