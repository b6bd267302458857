"""One connection of the collector, against a broker that says what it is told to."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from waiting import until

from station.hub.channel import Channel, ChannelLost
from station.hub.handshake import Caller
from station.hub.packets import Reader, publish, read_publish, write_length

FILTERS = (("up/+/state", 1), ("up/+/live", 0))
WELCOME, GRANTED = (0x20, b"\0\0\0"), (0x90, b"\0\1\0\1\0")
WELCOME_FOR_TWO = (0x20, b"\0\0\3\x21\0\2")  # receive maximum 2


@dataclass(slots=True)
class Far:
    """The broker's end of the line. ``heard``: packets from the channel."""

    sock: socket.socket
    reader: Reader = field(default_factory=Reader)
    heard: list[tuple[int, bytes]] = field(default_factory=list)

    def say(self, *packets: tuple[int, bytes]) -> None:
        for header, body in packets:
            self.sock.sendall(bytes([header]) + write_length(len(body)) + body)

    def listen(self, kind: int, number: int = 1) -> list[bytes]:
        """Bodies of all packets of a kind so far, once there are that many."""

        def enough() -> bool:
            self.heard += self.reader.feed(self.sock.recv(65536))
            return len(self.of(kind)) >= number

        if len(self.of(kind)) < number:
            until(enough)
        return self.of(kind)

    def of(self, kind: int) -> list[bytes]:
        return [body for header, body in self.heard if header & 0xF0 == kind]


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def line() -> Iterator[tuple[Channel, Far, Time]]:
    near, far = socket.socketpair()
    far.settimeout(10)
    clock = Time()
    channel = Channel(near, Caller("hub-x", "hub", "secret", 20, 600, 2000, 10**6), FILTERS, clock)
    yield channel, Far(far), clock
    channel.drop()
    far.close()


@pytest.fixture
def talking(line: tuple[Channel, Far, Time]) -> Callable[..., tuple[Channel, Far, Time]]:
    """Let it in and grant its subscriptions."""

    def let_in(welcome: tuple[int, bytes] = WELCOME) -> tuple[Channel, Far, Time]:
        channel, far, _ = line
        far.say(welcome)
        channel.read(1)
        far.say(GRANTED)
        channel.read(1)
        assert channel.subscribed
        return line

    return let_in


def test_it_says_who_it_is_then_subscribes(talking) -> None:
    _, far, _ = talking()
    (hello,) = far.listen(0x10)
    assert hello.startswith(b"\0\4MQTT\5\xc0\0\x14")
    assert hello.endswith(b"\0\5hub-x\0\3hub\0\6secret")
    assert far.listen(0x80) == [b"\0\1\0\0\x0aup/+/state\1\0\x09up/+/live\0"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ((0x20, b"\0\x87\0"), "refuses the hub: Not authorized"),
        ((0x90, b"\0\1\0\1\x87"), "refuses the subscription to up/[+]/live: Not authorized"),
        ((0xE0, b"\x8e\0"), "Session taken over"),
        ((0xE0, b""), "it stops"),
        ((0x20, b""), "no sense"),
        ((0x60, b"\0\1"), "no sense: a packet of kind 0x60"),
        ((0x32, b"\0\xff"), "no sense"),
    ],
)
def test_it_is_lost_with_a_reason(line, said: tuple[int, bytes], why: str) -> None:
    channel, far, _ = line
    far.say(said)
    with pytest.raises(ChannelLost, match=why):
        channel.read(1)


def test_messages_come_and_nothing_is_acknowledged_before_it_is_said(talking) -> None:
    channel, far, _ = talking()
    far.sock.sendall(b"".join(publish(f"up/{number}/state", b"{}", number, 60) for number in (1, 2, 3)))
    messages = channel.read(1)
    assert [(message.topic, message.mid) for message in messages] == [
        ("up/1/state", 1),
        ("up/2/state", 2),
        ("up/3/state", 3),
    ]
    channel.publish("down/1/ack", b"{}", 60)
    channel.write()
    far.listen(0x30)
    assert far.of(0x40) == []
    channel.acknowledge([1, 2, 3])
    channel.write()
    assert far.listen(0x40, 3) == [b"\0\1", b"\0\2", b"\0\3"]


def test_no_more_is_under_way_than_the_broker_takes_at_once(talking) -> None:
    channel, far, _ = talking(WELCOME_FOR_TWO)
    for number in range(5):
        channel.publish(f"down/{number}/ack", b"{}", 60)
    channel.write()
    under_way = [read_publish(0x32, body) for body in far.listen(0x30, 2)]
    assert [message.topic for message in under_way] == ["down/0/ack", "down/1/ack"]
    far.say((0x40, under_way[0].mid.to_bytes(2)), (0x40, under_way[1].mid.to_bytes(2)))
    channel.read(1)
    channel.write()
    assert len(far.listen(0x30, 4)) == 4


def test_a_refused_message_is_a_fault_until_one_is_taken(talking) -> None:
    channel, far, _ = talking()
    for said, fault in ((b"\0\2\x87", "Not authorized"), (b"\0\2\x10", "")):
        far.say((0x40, said))
        channel.read(1)
        assert fault in channel.fault
        assert bool(channel.fault) == bool(fault)


def test_it_asks_for_a_sign_of_life_and_gives_up_without_one(talking) -> None:
    channel, far, clock = talking()
    clock.now = 11
    channel.keep_alive()
    assert far.listen(0xC0) == [b""]
    far.say((0xD0, b""))
    channel.read(1)
    clock.now = 50
    channel.keep_alive()
    clock.now = 52
    with pytest.raises(ChannelLost, match="silent"):
        channel.keep_alive()


def test_what_does_not_go_out_at_once_goes_out_later_and_whole(talking) -> None:
    channel, far, _ = talking()
    for _ in range(40):
        channel.publish("down/north/order", b"x" * 60_000, 60)
    channel.write()
    for number in range(1, 41):
        far.listen(0x30, number)
        channel.write()
    assert {read_publish(0x32, body).payload for body in far.of(0x30)} == {b"x" * 60_000}


def test_a_broker_that_went_is_told_and_a_goodbye_to_it_is_no_error(talking) -> None:
    channel, far, _ = talking()
    far.listen(0x80)
    far.sock.close()
    with pytest.raises(ChannelLost, match="ended the connection"):
        channel.read(1)
    channel.close()


def test_goodbye_is_said(talking) -> None:
    channel, far, _ = talking()
    channel.close()
    assert far.listen(0xE0) == [b""]
