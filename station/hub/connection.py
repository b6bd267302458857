"""The hub's connection to the broker: connect, subscribe, read; and once it is lost, again with full jitter.

Each connection is a new channel. A message is acknowledged on the channel it came by or not at all: its number means
another message on the next one. The broker keeps the session, so it delivers again what was not.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from station.background import BackgroundCall
from station.config import BrokerSection
from station.hub.client import RECEIVE_MAXIMUM, open_channel
from station.hub.inbox import Delivery, Inbox
from station.messages import DOWN_EXPIRY, ROOT
from station.pacing import Backoff
from station.wire.channel import Channel, ChannelLost

SHARED = ("segment", "incident", "receipt")  # any hub of a district may store any of these
SUBSCRIBED_WITHIN = 10.0
SLOW_CONNECT_S = 10.0  # from here on a connect that goes on is told


@dataclass(frozen=True, slots=True)
class Link:
    """How the connection stands. ``fault`` is the last thing that went wrong, kept until all is well again."""

    connected: bool
    fault: str


class Connection:
    """``step`` does all reading and writing, on the thread that also stores."""

    def __init__(
        self,
        broker: BrokerSection,
        district: str,
        client_id: str,
        inbox: Inbox,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._broker = broker
        self._client_id = client_id
        self._inbox = inbox
        self._clock = clock
        up = f"{ROOT}/{district}/up/+"
        self._filters = ((f"{up}/state", 1), (f"{up}/live", 0), *((f"$share/hub/{up}/{name}", 1) for name in SHARED))
        self._channel: Channel | None = None
        self._opening: BackgroundCall[Channel] = BackgroundCall("broker connect", Channel.close, clock)
        self._fault = "not connected yet"
        self._backoff = Backoff()
        self._answer_by = 0.0
        self._pause = threading.Event()  # never set: only waited on

    @property
    def link(self) -> Link:
        channel = self._channel
        return Link(channel is not None and channel.subscribed, (channel and channel.fault) or self._fault)

    def step(self, wait: float) -> None:
        """One bounded piece of work: wait for the next attempt, attempt, or read and write what there is.

        Waits up to ``wait`` seconds for something to happen.
        """
        channel = self._channel
        if channel is None:
            self._seek_channel(wait)
            return
        try:
            self._exchange(channel, wait)
        except ChannelLost as lost:
            self._give_up(f"{lost} ({self._broker.url})")

    def publish(self, topic: str, payload: bytes, expiry: int = DOWN_EXPIRY) -> None:
        """QoS 1 with an expiry. Goes out with what is acknowledged or read next. Lost while there is no connection:
        the station offers again."""
        if self._channel is not None:  # a kept session brings messages before subscriptions are granted
            self._channel.publish(topic, payload, expiry)

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """Tell the broker, in the order they came. What came by an older channel goes nowhere, as it should."""
        channel = self._channel
        if channel is None:
            return
        channel.acknowledge([one.message.mid for one in deliveries if one.message.mid and one.channel is channel])
        try:
            channel.write()
        except ChannelLost as lost:
            self._give_up(f"{lost} ({self._broker.url})")

    def close(self) -> None:
        """Say goodbye; the session stays for whoever comes back. Call once ``step`` is no longer running."""
        self._opening.close()
        if self._channel is not None:
            self._channel.close()
        self._channel = None

    def _seek_channel(self, wait: float) -> None:
        """Connect when that is due, on another thread: name servers that do not answer keep only that one waiting."""
        if self._opening.pending:
            if self._opening.done(wait):
                self._take_opened()
            elif self._opening.elapsed_s > SLOW_CONNECT_S:
                self._fault = (
                    f"cannot reach the broker at {self._broker.url}: no answer for {self._opening.elapsed_s:.0f} s from"
                    " the name servers or the broker"
                )
        elif pause := self._backoff.wait(self._clock()):
            self._pause.wait(min(pause, wait))
        else:
            self._opening.start(lambda: open_channel(self._broker, self._client_id, self._filters))

    def _take_opened(self) -> None:
        try:
            self._channel = self._opening.result()
        except (OSError, ValueError, ChannelLost) as error:  # ssl.SSLError is one
            self._give_up(f"cannot reach the broker at {self._broker.url}: {error}")
            return
        self._answer_by = self._clock() + SUBSCRIBED_WITHIN

    def _exchange(self, channel: Channel, wait: float) -> None:
        if self._inbox.crowded(RECEIVE_MAXIMUM):
            # Not reading holds the broker back. It takes us for dead in the end if the store never moves again;
            # then it delivers again to the next connection.
            channel.write()
            channel.keep_alive()
            return
        messages = channel.read(wait)
        arrived = self._clock()
        for message in messages:
            delivery = Delivery(message, arrived, channel)
            if message.qos == 0:
                self._inbox.put_live(delivery)
            elif not self._inbox.put(delivery):  # cannot be, as reading stops before; it delivers again
                raise ChannelLost("the store is too slow: the inbox is full")
        if channel.subscribed:
            self._fault = ""
            self._backoff.succeeded(self._clock())
        elif arrived > self._answer_by:
            raise ChannelLost("the broker does not answer")

    def _give_up(self, fault: str) -> None:
        if self._channel is not None:
            self._channel.drop()
        self._channel, self._fault = None, fault
        self._backoff.failed(self._clock())
