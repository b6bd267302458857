"""The order of things inside the hub, without a broker."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hub_messages import NOW, segment, tally
from hub_running import Hub

from station.hub.collector import Collector
from station.hub.database import StoreUnwritable
from station.hub.inbox import LARGEST_BATCH, Delivery, Inbox
from station.hub.received import Reply
from station.messages import Ack, encode
from station.wire.packets import Published

pytestmark = pytest.mark.clock

SEGMENT = "checkpoint/v1/pingyuan/up/north/segment"
A_SEGMENT = encode(segment(1, tally()))


class Recorder:
    """Stands for the wire and for the store, and remembers the order of things."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.full = False
        self.acknowledged: list[Delivery] = []
        self.waits: list[float] = []
        self.unread: list[Delivery] = []
        self.reads: Callable[[], object] = lambda: None

    def apply(self, batch: object) -> list[Reply]:
        if self.full:
            raise StoreUnwritable("full")
        self.done.append("stored")
        return [Reply("north", Ack(1, 1))]

    def fault(self) -> str:
        return ""

    def step(self, wait: float) -> None:
        self.waits.append(wait)
        self.reads()

    def publish(self, topic: str, payload: bytes, expiry: int = 60) -> None:
        self.done.append(topic.rpartition("/")[2])

    def acknowledge(self, deliveries: list[Delivery]) -> None:
        self.done.append("acknowledged")
        self.acknowledged = deliveries

    def close(self) -> None: ...


def test_nothing_is_said_to_anybody_before_the_store_has_it(tmp_path: Path) -> None:
    order, inbox = Recorder(), Inbox()
    hub = Hub("mqtt://127.0.0.1:1", tmp_path)
    collector = Collector(
        "pingyuan", inbox, order, order, hub.collector._overview, hub.metrics, hub.collector._dead_letters, lambda: NOW
    )
    for mid in (1, 2):
        inbox.put(_delivery(mid))
    order.full = True
    collector.step()
    assert (order.done, collector.fault) == ([], "full")
    order.full = False
    collector.step()
    assert order.done == ["stored", "ack", "acknowledged"]
    assert [delivery.message.mid for delivery in order.acknowledged] == [1, 2]
    hub.database.close()


def test_the_inbox_keeps_the_newest_live_frame_and_the_order_of_the_rest() -> None:
    inbox = Inbox(size=2)
    for mid, topic in enumerate(("a/live", "b/live", "a/live"), 1):
        inbox.put_live(_delivery(mid, topic))
    assert [inbox.put(_delivery(mid)) for mid in (4, 5, 6)] == [True, True, False]
    assert [delivery.message.mid for delivery in inbox.take(10)] == [2, 3, 4, 5]
    assert inbox.take(10) == []
    assert inbox.superseded == 1


def test_a_station_whose_frames_are_superseded_keeps_its_turn() -> None:
    inbox = Inbox()
    for mid, topic in enumerate(("a/live", "b/live", "c/live", "a/live"), 1):
        inbox.put_live(_delivery(mid, topic))
    assert [delivery.message.mid for delivery in inbox.take(2)] == [2, 4]
    assert [delivery.message.mid for delivery in inbox.take(2)] == [3]


def test_a_flood_of_live_frames_does_not_hold_up_segments() -> None:
    inbox = Inbox()
    for mid in range(1, 101):
        inbox.put_live(_delivery(mid, f"{mid}/live"))
        inbox.put(_delivery(mid))
    taken = inbox.take(10)
    assert sum(delivery.message.topic == SEGMENT for delivery in taken) == 5


def test_long_segments_are_taken_a_few_at_a_time_and_one_at_least_beside_every_live_frame() -> None:
    inbox = Inbox()
    for mid in range(1, 6):
        inbox.put(_delivery(mid, payload=bytes(300)))
        inbox.put_live(_delivery(mid + 10, f"{mid}/live"))
    assert [len([one for one in inbox.take(10, largest) if one.message.mid < 10]) for largest in (700, 1)] == [3, 1]
    assert len(inbox) == 1


def test_what_the_last_batch_left_over_waits_for_nothing_more(tmp_path: Path) -> None:
    order, inbox = Recorder(), Inbox()
    hub = Hub("mqtt://127.0.0.1:1", tmp_path)
    collector = Collector(
        "pingyuan", inbox, order, order, hub.collector._overview, hub.metrics, hub.collector._dead_letters, lambda: NOW
    )
    for mid in range(3):
        inbox.put(_delivery(mid, payload=bytes(LARGEST_BATCH)))
    for _ in range(3):
        collector.step()
    assert set(order.waits) == {0.0}
    assert order.done == ["stored", "ack", "acknowledged"] * 3
    hub.database.close()


def test_what_is_left_over_does_not_keep_the_live_frames_behind_it_unread(tmp_path: Path) -> None:
    order, inbox = Recorder(), Inbox()
    hub = Hub("mqtt://127.0.0.1:1", tmp_path)
    collector = Collector(
        "pingyuan", inbox, order, order, hub.collector._overview, hub.metrics, hub.collector._dead_letters, lambda: NOW
    )
    inbox.put(_delivery(0))
    order.unread = [_delivery(mid, payload=bytes(LARGEST_BATCH)) for mid in range(1, 5)]
    order.reads = lambda: order.unread and inbox.put(order.unread.pop())
    collector.step()
    assert order.unread == []
    hub.database.close()


def _delivery(mid: int, topic: str = SEGMENT, payload: bytes = A_SEGMENT) -> Delivery:
    return Delivery(Published(topic, payload, 1, mid, False, False), 0.0, None)
