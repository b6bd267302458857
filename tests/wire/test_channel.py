"""One connection, against a broker that says what it is told to."""

import selectors

import pytest
from scripted_broker import read_hello
from waiting import until

from station.wire.channel import MOST_UNSENT, ChannelLost
from station.wire.handshake import Caller, Will
from station.wire.packets import Reader, publish, read_publish

WELCOME_FOR_TWO = (0x20, b"\0\0\3\x21\0\2")  # receive maximum 2


def test_it_says_who_it_is_then_subscribes(talking) -> None:
    _, far, _ = talking()
    (hello,) = far.listen(0x10)
    assert hello.startswith(b"\0\4MQTT\5\xc0\0\x14")
    assert hello.endswith(b"\0\5hub-x\0\3hub\0\6secret")
    assert far.listen(0x80) == [b"\0\1\0\0\x0aup/+/state\1\0\x09up/+/live\0"]


def test_who_begins_anew_and_leaves_a_will_says_so() -> None:
    caller = Caller("north", "hub", "secret", 20, 0, 2000, 10**6, clean_start=True, will=Will("up/north/state", b"{}"))
    ((_, body),) = Reader().feed(caller.connect())
    hello = read_hello(body)
    assert (hello.clean_start, hello.will, hello.will_properties) == (True, (1, True), {})
    assert body.endswith(b"\0\5north\0\0\x0eup/north/state\0\2{}\0\3hub\0\6secret")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ((0x20, b"\0\x87\0"), "refuses hub-x: Not authorized"),
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


def test_what_is_said_before_the_broker_let_it_in_goes_out_right_after_that(line) -> None:
    """A session that goes on brings messages before the subscriptions are granted, and they are answered."""
    channel, far, _ = line
    channel.publish("down/1/ack", b"{}", 60)
    channel.write()
    assert far.listen(0x10)
    assert far.of(0x30) == []
    far.say(WELCOME_FOR_TWO)
    channel.read(1)
    (said,) = far.listen(0x30)
    assert read_publish(0x32, said).topic == "down/1/ack"
    assert not channel.subscribed


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


def test_at_qos_0_nothing_waits_for_what_is_under_way(talking) -> None:
    channel, far, _ = talking((0x20, b"\0\0\3\x21\0\1"))  # receive maximum 1
    for number in range(2):
        channel.publish(f"up/{number}/segment", b"{}", None)
    channel.publish("up/0/live", b"{}", 300, qos=0, retain=True)
    channel.write()
    far.listen(0x30, 2)
    said = [read_publish(header, body) for header, body in far.heard if header & 0xF0 == 0x30]
    assert [(one.topic, one.qos, one.retained) for one in said] == [
        ("up/0/segment", 1, False),
        ("up/0/live", 0, True),
    ]


def test_at_qos_0_no_more_is_kept_for_a_broker_that_does_not_read(talking) -> None:
    channel, _, _ = talking()
    for _ in range(3 * MOST_UNSENT // 60_000):
        channel.publish("up/north/live", b"x" * 60_000, 300, qos=0)
    assert MOST_UNSENT < len(channel._out) < MOST_UNSENT + 61_000


def test_a_selector_says_when_to_read_and_whoever_has_something_unsent_when_to_write(talking) -> None:
    channel, far, _ = talking()
    with selectors.DefaultSelector() as selector:
        selector.register(channel, selectors.EVENT_READ)
        assert (selector.select(0), channel.unsent) == ([], False)
        far.sock.sendall(publish("down/north/ack", b"{}", 1, 60))
        assert selector.select(10)
        assert len(channel.read(0)) == 1
        while not channel.unsent:
            channel.publish("up/north/segment", b"x" * 60_000, None)
            channel.write()
        selector.modify(channel, selectors.EVENT_WRITE)
        until(lambda: far.sock.recv(65536) and selector.select(0))


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
