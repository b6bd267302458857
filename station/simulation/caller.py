"""One simulated station's way to the broker: MQTT 5 as the hub has it, connection after connection, with nothing of its
own running. Whoever carries it says when to read, to write and to speak."""

import selectors
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from station.messages import Down, StationState, Up
from station.pacing import Backoff
from station.simulation.plan import Plan
from station.simulation.voice import Saying, Voice
from station.wire import handshake
from station.wire.channel import Channel, ChannelLost
from station.wire.packets import LARGEST_PACKET, Published

KEEPALIVE = 60
RECEIVE_MAXIMUM = 65_535  # as much as there is
CONNECT_WITHIN = 5.0
ANSWER_WITHIN = 30.0


@dataclass(slots=True)
class Figures:
    """What one process has to tell of its stations. ``rows`` of their ledgers, and how many of them are
    ``unacknowledged``; ``behind``: stations of whose outage the hub has not said that it stored all;
    ``late``: seconds its loop is behind with what is due."""

    connected: int = 0
    births: int = 0
    lives: int = 0
    segments: int = 0
    rows: int = 0
    unacknowledged: int = 0
    unsettled: int = 0
    behind: int = 0
    late: float = 0.0
    fault: str = ""


class Caller:
    """``turn`` is one station's turn to speak, ``exchange`` reads and writes what there is."""

    def __init__(
        self,
        plan: Plan,
        index: int,
        url: str,
        selector: selectors.BaseSelector,
        figures: Figures,
        now: Callable[[], float],
    ) -> None:
        self.voice = Voice(plan, index)
        self.chance = plan.chance(index, "backoff")
        self.up = False
        self._plan, self._url = plan, url
        self._selector, self._figures, self._now = selector, figures, now
        topic, down = Up(plan.district, self.voice.name), Down(plan.district, self.voice.name)
        self._topics = {name: topic(name) for name in ("state", "live", "segment")}
        self._filters = [(down(name), 1) for name in ("ack", "sync")]
        self._channel: Channel | None = None
        self._blocked = False  # the system takes no more at the moment, and the selector says when it does
        self._since = float("-inf")  # when it was begun
        self._backoff = Backoff(longest=plan.longest_backoff, chance=self.chance)

    def turn(self, now: float) -> float:
        """Live on, and say what is due. :return: seconds until the next turn."""
        if self.voice.site.advance(now * self._plan.pace):
            self._vanish()
            self.voice.restart()
            return 0.0
        if self._channel is None:
            if pause := self._backoff.wait(now):
                return pause
            self._connect(now)
        elif self.up:
            self._publish(self._channel, self.voice.say(now))
            self.exchange(readable=False)
        elif now - self._since > ANSWER_WITHIN:
            self._lose("the broker does not answer")
        return self._plan.live_seconds

    def exchange(self, readable: bool) -> None:
        channel = self._channel
        if channel is None:
            return
        try:
            if readable:
                self._heed(channel, channel.read(0.0))
            else:
                channel.keep_alive()
            channel.write()
        except ChannelLost as lost:
            self._lose(f"{lost} ({self._url})")
        else:
            self._watch(channel)

    def say_goodbye(self) -> None:
        if self._channel is not None and self.up:
            self._publish(self._channel, [self.voice.state(StationState.OFFLINE, self._now())])
            self._channel.leave()

    def close(self) -> None:
        """Let go of the connection, whoever has said goodbye."""
        self._vanish()

    def _connect(self, now: float) -> None:
        will, name = self.voice.connect(now), f"{self._plan.district}.{self.voice.name}"
        caller = handshake.Caller(
            client_id=name,
            username="",
            password="",
            keepalive=KEEPALIVE,
            session_seconds=0,
            receive_maximum=RECEIVE_MAXIMUM,
            largest_packet=LARGEST_PACKET,
            clean_start=True,
            will=handshake.Will(self._topics[will.name], will.payload),
        )
        address = urlsplit(self._url)
        try:
            sock = socket.create_connection((address.hostname or "", address.port or 1883), CONNECT_WITHIN)
            channel = Channel(sock, caller, self._filters)
        except (OSError, ChannelLost) as error:
            self._lose(f"{self._url}: {error}")
            return
        self._selector.register(channel, selectors.EVENT_READ, self)
        self._channel, self._since, self._blocked = channel, now, False
        self._watch(channel)

    def _watch(self, channel: Channel) -> None:
        """What the system does not take yet goes when it can."""
        if channel.unsent != self._blocked:
            self._blocked = channel.unsent
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._blocked else 0)
            self._selector.modify(channel, wanted, self)

    def _publish(self, channel: Channel, sayings: Iterable[Saying]) -> None:
        """All of it is written at once, by whoever writes next."""
        for saying in sayings:
            self._figures.lives += saying.name == "live"
            self._figures.segments += saying.name == "segment"
            topic = self._topics[saying.name]
            channel.publish(topic, saying.payload, saying.expiry, qos=saying.qos, retain=saying.retain)

    def _heed(self, channel: Channel, messages: Sequence[Published]) -> None:
        now = self._now()
        if channel.subscribed and not self.up:
            self._greet(channel, now)
        for message in messages:
            self.voice.hear(message.topic.rpartition("/")[2], message.payload, now)
            if self.voice.site.ledger.backlog:
                self._publish(channel, self.voice.offer(now))
        channel.acknowledge([message.mid for message in messages if message.mid])
        self._figures.fault = channel.fault or self._figures.fault

    def _greet(self, channel: Channel, now: float) -> None:
        self.up = True
        self._backoff.succeeded(now)
        self._figures.births += 1
        self._publish(channel, [self.voice.state(StationState.ONLINE, now)])

    def _lose(self, fault: str) -> None:
        self._figures.fault = fault
        self._vanish()
        self._backoff.failed(self._now())

    def _vanish(self) -> None:
        """The connection is gone without a goodbye."""
        channel, self._channel, self.up = self._channel, None, False
        if channel is not None:
            self._selector.unregister(channel)
            channel.drop()
