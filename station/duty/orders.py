"""Orders from the hub: checked, written down, held over restarts, and on the screen until they are acknowledged."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from station.domain.commands import Refusal, Refused
from station.domain.event_rows import Recorded
from station.domain.events.orders import (
    OrderAcknowledged,
    OrderReceived,
    OrderRefusal,
    OrderRefused,
    OrderShown,
)
from station.domain.moment import Moment
from station.domain.orders import OrderView, Urgency
from station.domain.times import parse_time, utc_text
from station.duty.writing import EventWriter
from station.feed import Feed
from station.ledger import Events, LedgerUnwritable
from station.passes.signed_orders import OrderError, read
from station.passes.trust import TrustList

TOPIC = "orders"
KINDS = (OrderReceived, OrderShown, OrderAcknowledged)
MAX_LASTS = timedelta(days=31)  # hubs give seven; one that never ended would stand on the screen for ever
SIGNER_WITHIN = 60.0  # the trust list that names an order's signer may come after the order
MOST_WAITING = 20
MOST_REFUSALS = 100  # told to the hub between two starts; a flood of forgeries must not fill the ledger
_URGENCIES = tuple(reversed(Urgency))


@dataclass(frozen=True, slots=True)
class Post:
    """Whose orders these are: the station's place in the district."""

    district: str
    station: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Waiting:
    message: bytes
    since: float


class Orders:
    """``receive`` is the outbox's, ``shown`` and ``acknowledge`` are the screen's, ``tend`` is housekeeping's: any
    thread may call any of them."""

    def __init__(
        self, post: Post, signers: Callable[[], TrustList], writer: EventWriter, events: Events, feed: Feed
    ) -> None:
        self._post, self._signers, self._writer, self._feed = post, signers, writer, feed
        self._lock = threading.Lock()
        self._held: dict[str, OrderView] = {}
        self._taken: set[str] = set()  # every order that was ever taken: the text is forgotten, the order is not
        self._waiting: dict[bytes, _Waiting] = {}
        self._refused: set[bytes] = set()
        self.refusals = 0
        self.fault = ""
        for row in events.of(KINDS):
            self._hold(row)
        self._drop_expired_before(events.latest_trusted())
        self._drop_expired(writer.now())
        self._show()

    # What comes from the hub

    def receive(self, message: bytes) -> None:
        """Take what came as an order; one that is not followed is told. :raises LedgerUnwritable: it comes again."""
        with self._lock:
            self._consider(message, self._writer.now())
        self._show()

    def _consider(self, message: bytes, now: Moment) -> None:
        fingerprint = hashlib.sha256(message).digest()
        try:
            self._take(message, now)
        except OrderError as error:
            if error.why is OrderRefusal.UNKNOWN_SIGNER and self._may_wait(fingerprint, now):
                self._waiting.setdefault(fingerprint, _Waiting(message, now.monotonic))
                return
            self._refuse(fingerprint, error)
        self._waiting.pop(fingerprint, None)

    def _may_wait(self, fingerprint: bytes, now: Moment) -> bool:
        waiting = self._waiting.get(fingerprint)
        if waiting is None:
            return len(self._waiting) < MOST_WAITING and fingerprint not in self._refused
        return now.monotonic - waiting.since < SIGNER_WITHIN

    def _take(self, message: bytes, now: Moment) -> None:
        """:raises OrderError: it is not followed."""
        order = read(message, self._post.district, self._signers())
        if order.id in self._taken:
            return
        if order.expires - order.issued_at > MAX_LASTS:
            raise OrderError(OrderRefusal.MALFORMED, f"lasts longer than {MAX_LASTS.days} days", order.id)
        if not order.is_for(self._post.levels, self._post.station):
            raise OrderError(OrderRefusal.NOT_ADDRESSED, f"meant for {'/'.join(order.level)}", order.id)
        if now.trusted and now.utc >= order.expires:
            raise OrderError(OrderRefusal.EXPIRED, f"expired at {utc_text(order.expires, 'seconds')}", order.id)
        received = OrderReceived(
            order=order.id,
            level=order.level,
            urgency=order.urgency,
            issued_at=utc_text(order.issued_at, "seconds"),
            expires=utc_text(order.expires, "seconds"),
            zh=order.zh,
            en=order.en,
        )
        self._write(received)

    def _refuse(self, fingerprint: bytes, error: OrderError) -> None:
        self.refusals += 1
        self.fault = f"order {error.order or '?'}: {error}"
        if fingerprint not in self._refused and len(self._refused) < MOST_REFUSALS:
            self._writer.write(OrderRefused(error.order, error.why))
            self._refused.add(fingerprint)

    # What the screen says

    def shown(self, order: str) -> None:
        """It stands on a screen. :raises Refused: there is no such order, or it cannot be written down."""
        with self._lock:
            if not self._known(order).shown:
                self._write_for_screen(OrderShown(order))
        self._show()

    def acknowledge(self, order: str, operator: str = "") -> None:
        """Somebody read it. :raises Refused: there is no such order, or it cannot be written down."""
        with self._lock:
            if not self._known(order).acknowledged_at:
                self._write_for_screen(OrderAcknowledged(order), operator)
        self._show()

    def _known(self, order: str) -> OrderView:
        if order not in self._held:
            raise Refused(Refusal.NOT_FOUND)
        return self._held[order]

    def _write_for_screen(self, event: OrderShown | OrderAcknowledged, operator: str = "") -> None:
        try:
            self._write(event, operator)
        except LedgerUnwritable:
            raise Refused(Refusal.BUSY) from None

    # What is held

    def tend(self) -> None:
        """Let go of what has expired, and look again at orders whose signer was not known."""
        with self._lock:
            now = self._writer.now()
            for waiting in list(self._waiting.values()):
                self._consider(waiting.message, now)
            self._drop_expired(now)
        self._show()

    def _write(self, event: OrderReceived | OrderShown | OrderAcknowledged, operator: str = "") -> None:
        at = self._writer.write(event, operator=operator)
        self._hold(Recorded(0, "", at, "", operator, event))

    def _hold(self, row: Recorded) -> None:
        if isinstance(row.event, OrderReceived):
            self._taken.add(row.event.order)
        match row.event:
            case OrderReceived() as order if order.zh or order.en:  # else its text is forgotten: nothing to show
                self._held[order.order] = _view(order, row.at)
            case OrderShown(order) if order in self._held:
                self._held[order] = replace(self._held[order], shown=True)
            case OrderAcknowledged(order) if order in self._held:
                done = {"acknowledged_at": row.at.text, "acknowledged_by": row.operator}
                self._held[order] = replace(self._held[order], shown=True, **done)
            case _:
                pass

    def _drop_expired(self, now: Moment) -> None:
        """While the clock cannot be trusted nothing expires: an order too many on the screen does less harm."""
        if now.trusted:
            self._drop_expired_before(now.utc)

    def _drop_expired_before(self, at: datetime | None) -> None:
        if at is not None:
            self._held = {order: view for order, view in self._held.items() if at < parse_time(view.expires)}

    def listed(self) -> list[OrderView]:
        """Every order that has not expired, the most urgent first."""
        with self._lock:
            held = list(self._held.values())
        return sorted(held, key=lambda view: (_URGENCIES.index(Urgency(view.urgency)), view.issued_at))

    def _show(self) -> None:
        """On the screen stands what is not acknowledged."""
        self._feed.publish(TOPIC, {"orders": [asdict(view) for view in self.listed() if not view.acknowledged_at]})


def _view(order: OrderReceived, at: Moment) -> OrderView:
    return OrderView(
        id=order.order,
        urgency=order.urgency.value,
        level="/".join(order.level),
        issued_at=order.issued_at,
        received_at=at.text,
        expires=order.expires,
        zh=order.zh,
        en=order.en,
    )
