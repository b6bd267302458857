"""The collector: what stations say is stored, then acknowledged, then shown. In this order and no other."""

import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from station.hub.database import StoreFault
from station.hub.dead_letters import DeadLetters, fingerprint_of
from station.hub.halving import do_by_halves
from station.hub.inbox import Delivery, Inbox
from station.hub.metrics import Metrics
from station.hub.overview import Overview
from station.hub.received import UNNAMED, Received, Reply, Unreadable, read
from station.hub.store import Store
from station.messages import Ack, Down, Live, MessageError, encode, parse_up

MOST = 500
GATHER_SECONDS = 0.05
WAIT_SECONDS = 0.2
AGAIN_SECONDS = 0.5
LOOK_SECONDS = 0.25  # at least so often some stations are looked at for the pages, however much waits


SET_ASIDE = "set aside before: it could not be stored"


class Wire(Protocol):
    """The way to the broker, and through it to the stations."""

    def step(self, wait: float) -> None: ...

    def publish(self, topic: str, payload: bytes) -> None: ...

    def acknowledge(self, deliveries: list[Delivery]) -> None: ...


@dataclass(frozen=True, slots=True)
class Batch:
    """``messages`` are of the deliveries ``told``: what clears a retained message is none."""

    deliveries: list[Delivery]
    told: list[Delivery]
    messages: list[Received]


class Collector:
    """``step`` reads and stores one batch. One that the disk does not take is kept and tried again; the broker holds
    back the rest, for it is told of a message only when that is stored."""

    def __init__(
        self,
        district: str,
        inbox: Inbox,
        wire: Wire,
        store: Store,
        overview: Overview,
        metrics: Metrics,
        dead_letters: DeadLetters,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._district = district
        self._inbox = inbox
        self._wire = wire
        self._store = store
        self._overview = overview
        self._metrics = metrics
        self._dead_letters = dead_letters
        self._now = now
        self._clock = clock
        self._batch: Batch | None = None
        self._gathered = self._looked = float("-inf")
        self._pause = threading.Event()  # never set: only waited on
        self.fault = ""

    def step(self) -> None:
        self._gather()
        try:
            self._take()
            self._look()
        except StoreFault as error:
            self.fault = str(error)
            self._pause.wait(AGAIN_SECONDS)
        else:
            self.fault = ""

    def _look(self) -> None:
        """Pages wait while messages do, but not for long."""
        now = self._clock()
        if not len(self._inbox) or now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._overview.look()

    def _take(self) -> None:
        batch = self._batch or self._read(self._inbox.take(MOST))
        if not batch.deliveries:
            return
        self._batch = batch
        replies = self._stored(batch)
        self._batch, self.fault = None, ""
        self._overview.touch({message.station for message in batch.messages})
        self._count(batch, replies)
        self._tell(batch, replies)

    def _stored(self, batch: Batch) -> list[Reply]:
        """A message that the store chokes on is set aside; the rest is stored, and acknowledged with it to the broker,
        which would deliver it again for ever.

        :raises StoreFault: not all of it is stored. What is may be told again.
        """
        replies: list[Reply] = []
        messages = batch.messages

        def store(some: Sequence[int]) -> None:
            replies.extend(self._store.apply([messages[one] for one in some]))

        def set_aside(one: int, error: Exception) -> None:
            received, message = messages[one], batch.told[one].message
            fingerprint = fingerprint_of(message.topic, message.payload)
            self._dead_letters.set_aside(received.station, received.name, fingerprint, error, received.at)

        if messages:
            do_by_halves(range(len(messages)), store, set_aside, StoreFault)
        return replies

    def _gather(self) -> None:
        """Wait for a first message, then until a moment after the last batch for what comes with it: to read and to
        commit costs the same for all of them. If the last batch left some over there is nothing to wait for; all that
        is here is read all the same, as far as there is room: a live frame comes by the same line, behind whatever of
        a backlog nobody has read."""
        if not len(self._inbox):
            self._wire.step(WAIT_SECONDS)
            if not 0 < len(self._inbox) < MOST:
                return
            self._pause.wait(self._gathered + GATHER_SECONDS - self._clock())
        self._gathered = self._clock()
        held = -1
        while held != len(self._inbox):
            held = len(self._inbox)
            self._wire.step(0.0)

    def _tell(self, batch: Batch, replies: Sequence[Reply]) -> None:
        for reply in replies:
            self._wire.publish(Down(self._district, reply.station)(_called(reply)), encode(reply.message))
        self._wire.acknowledge(batch.deliveries)

    def _read(self, deliveries: list[Delivery]) -> Batch:
        now = self._now()
        told = [delivery for delivery in deliveries if delivery.message.payload or not _is_retained(delivery)]
        return Batch(deliveries, told, [self._message(delivery, now) for delivery in told])

    def _message(self, delivery: Delivery, now: datetime) -> Received:
        message = delivery.message
        try:
            _, station, name = parse_up(message.topic)
        except MessageError:  # the subscription lets none of these in
            station = name = UNNAMED
        if message.retained and self._dead_letters.knows(message.topic, message.payload):
            return Received(station, name, Unreadable(SET_ASIDE), now, message.retained, message.repeated)
        return read(station, name, message.payload, now, message.retained, message.repeated)

    def _count(self, batch: Batch, replies: Sequence[Reply]) -> None:
        stored, now = self._clock(), self._now()
        metrics, messages = self._metrics, batch.messages
        metrics.batches.inc()
        superseded, self._inbox.superseded = self._inbox.superseded, 0
        metrics.superseded.inc(superseded)
        for counter, names in (
            (metrics.messages, (one.name for one in messages if not isinstance(one.message, Unreadable))),
            (metrics.replies, map(_called, replies)),
        ):
            for name, number in Tally(names).items():
                counter.labels(name).inc(number)
        metrics.latency.observe(
            [stored - delivery.arrived for delivery in batch.deliveries if not delivery.message.retained]
        )
        made = [one.message.at for one in messages if isinstance(one.message, Live) and not one.retained]
        metrics.live_age.observe([(now - datetime.fromisoformat(at)).total_seconds() for at in made])


def _is_retained(delivery: Delivery) -> bool:
    """Of a topic under which the broker keeps the newest. Without a payload it clears that."""
    return delivery.message.topic.endswith(("/state", "/live"))


def _called(reply: Reply) -> str:
    return "ack" if isinstance(reply.message, Ack) else "sync"
