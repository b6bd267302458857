"""The order of things inside the hub, without a broker."""

from pathlib import Path

from hub_messages import segment, tally
from hub_running import Hub

from station.hub.collector import Collector
from station.hub.database import StoreUnwritable
from station.hub.inbox import Delivery, Inbox
from station.hub.received import Reply
from station.messages import Ack, encode

SEGMENT = "checkpoint/v1/pingyuan/up/north/segment"


class Recorder:
    """Stands for the wire and for the store, and remembers the order of things."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.full = False
        self.acknowledged: list[Delivery] = []

    def apply(self, batch: object) -> list[Reply]:
        if self.full:
            raise StoreUnwritable("full")
        self.done.append("stored")
        return [Reply("north", Ack(1, 1))]

    def fault(self) -> str:
        return ""

    def step(self, wait: float) -> None: ...

    def publish(self, topic: str, payload: bytes, expiry: int = 60) -> None:
        self.done.append(topic.rpartition("/")[2])

    def acknowledge(self, deliveries: list[Delivery]) -> None:
        self.done.append("acknowledged")
        self.acknowledged = deliveries

    def close(self) -> None: ...


def test_nothing_is_said_to_anybody_before_the_store_has_it(tmp_path: Path) -> None:
    order, inbox = Recorder(), Inbox()
    hub = Hub("mqtt://127.0.0.1:1", tmp_path)
    collector = Collector("pingyuan", inbox, order, order, hub.collector._overview, hub.metrics)
    for mid in (1, 2):
        inbox.put(_delivery(mid))
    order.full = True
    collector.step()
    assert (order.done, collector.fault) == ([], "full")
    order.full = False
    collector.step()
    assert order.done == ["stored", "ack", "acknowledged"]
    assert [delivery.mid for delivery in order.acknowledged] == [1, 2]
    hub.database.close()


def test_the_inbox_keeps_the_newest_live_frame_and_the_order_of_the_rest() -> None:
    inbox = Inbox(size=2)
    for mid, topic in enumerate(("a/live", "b/live", "a/live"), 1):
        inbox.put_live(_delivery(mid, topic))
    assert [inbox.put(_delivery(mid)) for mid in (4, 5, 6)] == [True, True, False]
    assert [delivery.mid for delivery in inbox.take(10)] == [2, 3, 4, 5]
    assert inbox.take(10) == []
    assert inbox.superseded == 1


def test_a_station_whose_frames_are_superseded_keeps_its_turn() -> None:
    inbox = Inbox()
    for mid, topic in enumerate(("a/live", "b/live", "c/live", "a/live"), 1):
        inbox.put_live(_delivery(mid, topic))
    assert [delivery.mid for delivery in inbox.take(2)] == [2, 4]
    assert [delivery.mid for delivery in inbox.take(2)] == [3]


def test_a_flood_of_live_frames_does_not_hold_up_segments() -> None:
    inbox = Inbox()
    for mid in range(1, 101):
        inbox.put_live(_delivery(mid, f"{mid}/live"))
        inbox.put(_delivery(mid))
    taken = inbox.take(10)
    assert sum(delivery.topic == SEGMENT for delivery in taken) == 5


def _delivery(mid: int, topic: str = SEGMENT) -> Delivery:
    return Delivery(topic, encode(segment(1, tally())), 1, mid, False, False, 0.0, None)
