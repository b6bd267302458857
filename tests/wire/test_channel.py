"""One connection of the collector, against a broker that says what it is told to."""

import pytest

from station.wire.channel import ChannelLost
from station.wire.packets import publish, read_publish

WELCOME_FOR_TWO = (0x20, b"\0\0\3\x21\0\2")  # receive maximum 2


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
