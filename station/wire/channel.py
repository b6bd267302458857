"""One connection to the broker: bytes in, messages out, and of MQTT 5 exactly what the collector and simulated stations
need.

No library at hand was quick enough (docs/bench.md); so what comes by the thousand is read here, many messages of one
piece of the stream at a time, and acknowledged with one write for a whole batch.
"""

import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from station.wire import packets
from station.wire.handshake import Caller, read_goodbye, read_granted, read_stored, read_welcome, subscribe
from station.wire.packets import LARGEST_MID, Kind, PacketError, Published, Reader, read_publish

AT_A_TIME = 64 * 1024  # bytes; memory for more is asked of the system anew for each read, however little comes
MOST_UNSENT = 256 * 1024  # bytes; at QoS 0 nothing is put behind more
LONGEST_OUTBOX = 10_000  # messages that wait for the broker; one more is dropped, the station then offers again
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_SUBSCRIPTION = 1  # its number; messages have those that follow


class ChannelLost(Exception):
    """The connection is of no more use. It says why."""


class Channel:
    """Takes over a connected socket. ``fault`` is what the broker refused of what was published, until it takes one."""

    def __init__(
        self,
        sock: socket.socket,
        caller: Caller,
        filters: Sequence[tuple[str, int]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """:raises ChannelLost: it is gone already; the socket is closed."""
        self._socket, self._caller, self._filters, self._clock = sock, caller, filters, clock
        self._reader = Reader()
        self._out = bytearray(caller.connect())
        self._keepalive = caller.keepalive
        self._heard = self._asked = clock()
        self._largest = packets.LARGEST_PACKET
        self._at_once = 0  # how many messages the broker takes before it has acknowledged one
        self._under_way: set[int] = set()
        self._waiting: deque[tuple[str, bytes, int | None, bool]] = deque()
        self._last_mid = _SUBSCRIPTION
        self.subscribed = False
        self.fault = ""
        sock.setblocking(False)
        try:
            self.write()
        except ChannelLost:
            self.drop()
            raise

    def read(self, wait: float) -> list[Published]:
        """Messages of what is here, or comes within ``wait`` seconds.

        :raises ChannelLost: the broker refuses us, went, or makes no sense.
        """
        self.write()
        received = self._receive()
        if not received:
            self._wait(wait)
            self.write()
            received = self._receive()
        messages: list[Published] = []
        if received:
            self._heard = self._clock()
            messages = self._messages(received)
        self.keep_alive()
        return messages

    def publish(self, topic: str, payload: bytes, expiry: int | None, *, qos: int = 1, retain: bool = False) -> None:
        """The next ``write`` sends it, or at QoS 1 a later one if the broker has enough under way, or has not let us in
        yet."""
        if len(topic.encode()) + len(payload) + packets.ENVELOPE > self._largest:
            self.fault = f"the broker takes {self._largest} bytes at most, {topic} has {len(payload)}; raise its limit"
        elif qos == 0:
            if len(self._out) < MOST_UNSENT:
                self._out += packets.publish(topic, payload, 0, expiry, retain=retain)
        elif len(self._waiting) < LONGEST_OUTBOX:
            self._waiting.append((topic, payload, expiry, retain))
            self._fill()

    def acknowledge(self, mids: Iterable[int]) -> None:
        """Tell the broker with the next ``write`` that these are kept, in the order they came."""
        self._out += packets.acknowledgements(mids)

    def fileno(self) -> int:
        """For a selector."""
        return self._socket.fileno()

    @property
    def unsent(self) -> bool:
        """Something waits until the system takes more."""
        return bool(self._out)

    def write(self) -> None:
        """Send what there is, as far as it goes without waiting. :raises ChannelLost: nobody takes it."""
        while self._out:
            try:
                sent = self._socket.send(self._out)
            except _NOT_NOW:
                return
            except OSError as error:
                raise ChannelLost(f"the connection is lost: {error}") from error
            del self._out[:sent]

    def keep_alive(self) -> None:
        """Ask for a sign of life, now and then. :raises ChannelLost: the broker gives none."""
        now = self._clock()
        if now - self._heard > 2 * self._keepalive:
            raise ChannelLost("the broker is silent")
        if now - self._asked > self._keepalive / 2:
            self._asked = now
            self._out += packets.PING
            self.write()

    def close(self) -> None:
        """Say goodbye, if that goes without waiting; the session stays."""
        self.leave()
        self.drop()

    def drop(self) -> None:
        """Without a goodbye."""
        self._socket.close()

    def leave(self, goodbye: bytes = packets.GOODBYE) -> None:
        """Say goodbye, and leave it to the broker to end the connection: of what was said before nothing is lost."""
        self._out += goodbye
        with suppress(ChannelLost):  # gone already, which is what is asked for
            self.write()

    def _wait(self, seconds: float) -> None:
        """Not by ``select``, which knows no more than 1,024 open files."""
        happening = select.poll()
        happening.register(self._socket, select.POLLIN | (select.POLLOUT if self._out else 0))
        happening.poll(seconds * 1000)

    def _receive(self) -> bytes:
        """Empty: nothing is here yet."""
        try:
            received = self._socket.recv(AT_A_TIME)
        except _NOT_NOW:
            return b""
        except OSError as error:
            raise ChannelLost(f"the connection is lost: {error}") from error
        if not received:
            raise ChannelLost("the broker ended the connection")
        return received

    def _messages(self, received: bytes) -> list[Published]:
        messages = []
        try:
            for header, body in self._reader.feed(received):
                if header & 0xF0 == Kind.PUBLISH:
                    messages.append(read_publish(header, body))
                else:
                    self._answer(header & 0xF0, body)
        except PacketError as error:
            self.leave(packets.NO_SENSE)
            raise ChannelLost(f"what the broker sends makes no sense: {error}") from error
        return messages

    def _answer(self, kind: int, body: bytes) -> None:
        match kind:
            case Kind.CONNACK:
                self._welcomed(body)
            case Kind.SUBACK:
                self._granted(body)
            case Kind.PUBACK:
                self._stored(body)
            case Kind.PONG:
                pass
            case Kind.DISCONNECT:
                raise ChannelLost(f"the broker ended the connection: {read_goodbye(body)}")
            case _:
                raise PacketError(f"a packet of kind {kind:#04x}")

    def _welcomed(self, body: bytes) -> None:
        welcome = read_welcome(body, self._keepalive)
        if welcome.refusal:
            raise ChannelLost(f"the broker refuses {self._caller.client_id}: {welcome.refusal}")
        self._at_once, self._largest = welcome.at_once, welcome.largest
        self._keepalive = welcome.keepalive or self._keepalive
        self._out += subscribe(_SUBSCRIPTION, self._filters)
        self._fill()
        self.write()

    def _granted(self, body: bytes) -> None:
        for (topic, _), refusal in zip(self._filters, read_granted(body), strict=False):
            if refusal:
                raise ChannelLost(f"the broker refuses the subscription to {topic}: {refusal}; check its access rules")
        self.subscribed = True

    def _stored(self, body: bytes) -> None:
        mid, refusal = read_stored(body)
        who = self._caller.client_id
        self.fault = f"the broker refuses what {who} publishes: {refusal}; check its access rules" if refusal else ""
        self._under_way.discard(mid)
        self._fill()

    def _fill(self) -> None:
        """Take as many of those that wait as the broker takes at once."""
        while self._waiting and len(self._under_way) < self._at_once:
            self._last_mid = self._last_mid % LARGEST_MID + 1
            if self._last_mid not in self._under_way:
                self._under_way.add(self._last_mid)
                topic, payload, expiry, retain = self._waiting.popleft()
                self._out += packets.publish(topic, payload, self._last_mid, expiry, retain=retain)
