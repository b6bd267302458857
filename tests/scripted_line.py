"""A channel with a broker at its other end that says what it is told to."""

import socket
from collections.abc import Callable, Iterator

import pytest
from scripted_broker import Far, granted, welcome

from station.wire.channel import Channel
from station.wire.handshake import Caller

WELCOME = welcome()
FILTERS = (("up/+/state", 1), ("up/+/live", 0))


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


Line = tuple[Channel, Far, Time]


@pytest.fixture
def line() -> Iterator[Line]:
    near, far = socket.socketpair()
    far.settimeout(10)
    clock = Time()
    channel = Channel(near, Caller("hub-x", "hub", "secret", 20, 600, 2000, 10**6), FILTERS, clock)
    yield channel, Far(far), clock
    channel.drop()
    far.close()


@pytest.fixture
def talking(line: Line) -> Callable[..., Line]:
    """Let it in and grant its subscriptions."""

    def let_in(said: tuple[int, bytes] = WELCOME) -> Line:
        channel, far, _ = line
        far.say(said)
        channel.read(1)
        far.say(granted(b"\0\1", 1, 0))
        channel.read(1)
        assert channel.subscribed
        return line

    return let_in
