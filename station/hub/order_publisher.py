"""From the hub's orders to stations: to each that is online and has not answered, on its own topic, until it has."""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol

from station.hub.database import StoreUnreadable
from station.hub.orders import Orders, Recipient, Standing
from station.messages import Down

LOOK_SECONDS = 1.0
IDLE_SECONDS = 3.0
AGAIN_SECONDS = 30.0
MOST_AT_ONCE = 200  # a look; 7,000 stations have an order within the minute, and nothing else waits for it


class Wire(Protocol):
    """The connection that the hub's lists and orders share."""

    @property
    def connected(self) -> bool: ...

    def send(self, topic: str, message: bytes, expires_in: int) -> None: ...


class OrderPublisher:
    """A station that comes back is sent at once what it missed: its connection is a new one. Offline ones cost nothing.
    What was sent is in memory only: after a restart it is sent once more, and a station knows it by its id."""

    def __init__(
        self,
        orders: Orders,
        wire: Wire,
        district: str,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._orders, self._wire, self._district = orders, wire, district
        self._now, self._clock = now, clock
        self._sent: dict[str, dict[Recipient, float]] = {}
        self._look_at = float("-inf")
        self.fault = ""

    def step(self) -> None:
        """Send what is due; a part at a time, and while nothing is due look more seldom."""
        if not self._wire.connected or self._clock() < self._look_at:
            return
        try:
            due = self._due()
        except StoreUnreadable as error:
            self.fault = str(error)
            due = []
        else:
            self.fault = ""
        for order, to in due:
            self._send(order, to)
        self._look_at = self._clock() + (LOOK_SECONDS if due else IDLE_SECONDS)

    def _due(self) -> list[tuple[Standing, Recipient]]:
        due: list[tuple[Standing, Recipient]] = []
        standing = self._orders.standing()
        self._sent = {order.id: self._sent.get(order.id, {}) for order in standing}
        for order in standing:
            waiting = self._orders.unanswered(order)
            sent = self._sent[order.id] = _still(self._sent[order.id], waiting)
            again = self._clock() - AGAIN_SECONDS
            due += [(order, to) for to in waiting if sent.get(to, float("-inf")) <= again]
            if len(due) >= MOST_AT_ONCE:
                break
        return due[:MOST_AT_ONCE]

    def _send(self, order: Standing, to: Recipient) -> None:
        left = int((order.expires - self._now()).total_seconds())
        if left > 0:
            self._wire.send(Down(self._district, to.station)("order"), order.message.encode(), left)
            self._sent[order.id][to] = self._clock()


def _still(sent: Mapping[Recipient, float], waiting: Collection[Recipient]) -> dict[Recipient, float]:
    """When those that still wait were sent it."""
    return {to: sent[to] for to in waiting if to in sent}
