"""What came from the broker and waits to be stored: messages to be kept, in order, and the newest live frames."""

from collections import deque
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from station.runtime import COLLECTOR_INBOX_SIZE
from station.wire.channel import Channel
from station.wire.packets import Published

LIVE_SLOTS = 20_000  # stations whose newest live frame waits; a frame of one more is dropped, another follows in 60 s

LARGEST_BATCH = 512 * 1024  # bytes of what is taken at a time, live frames apart


class Delivery(NamedTuple):
    """A message as the broker delivered it, and when; ``channel`` is the one that may acknowledge it."""

    message: Published
    arrived: float
    channel: Channel


class Inbox:
    """Bounded. Live frames are newest-wins per topic; nothing else is ever dropped: a full inbox refuses it.

    Not for several threads: one reads and stores. With two, every statement of the store would hand the interpreter
    to the reader and wait for its switch interval (5 ms) to get it back.
    """

    def __init__(self, size: int = COLLECTOR_INBOX_SIZE) -> None:
        self._size = size
        self._number = 0
        self._kept: deque[tuple[int, Delivery]] = deque()
        self._live: dict[str, tuple[int, Delivery]] = {}
        self.superseded = 0  # live frames that a newer one followed before their turn; whoever counts them sets it back

    def __len__(self) -> int:
        return len(self._kept) + len(self._live)

    def put(self, delivery: Delivery) -> bool:
        """False if there is no room: the connection must be given up, and the broker will deliver again."""
        if len(self._kept) >= self._size:
            return False
        self._number += 1
        self._kept.append((self._number, delivery))
        return True

    def put_live(self, delivery: Delivery) -> None:
        """Take the place of an older frame of the same station, and its turn."""
        topic = delivery.message.topic
        if topic in self._live:
            self.superseded += 1
        elif len(self._live) >= LIVE_SLOTS:
            return
        self._number += 1
        self._live[topic] = (self._number, delivery)

    def crowded(self, more: int) -> bool:
        """There is no room for ``more`` that must be kept: time to stop reading."""
        return len(self._kept) + more > self._size

    def take(self, most: int, largest: int = LARGEST_BATCH) -> list[Delivery]:
        """Up to ``most`` deliveries in the order they came, a share of it for live frames; of the others as many as
        ``largest`` bytes, one at least, so that a backlog's long segments do not keep a frame waiting."""
        frames = min(len(self._live), max(most // 2, most - len(self._kept)))
        taken = [self._live.pop(topic) for topic in list(islice(self._live, frames))]
        left, room = min(len(self._kept), most - frames), largest
        while left and room > 0:
            taken.append(self._kept.popleft())
            left, room = left - 1, room - len(taken[-1][1].message.payload)
        taken.sort(key=itemgetter(0))
        return [delivery for _, delivery in taken]
