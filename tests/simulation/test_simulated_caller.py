"""One simulated station's connections, against a broker that says what it is told to."""

import selectors
from collections.abc import Iterator

import pytest
from scripted_broker import (
    CONNECT,
    DISCONNECT,
    PUBACK,
    PUBLISH,
    SUBSCRIBE,
    Far,
    ScriptedBroker,
    granted,
    message,
    read_hello,
    welcome,
)
from simulated import a_plan

from station.messages import LIVE_EXPIRY, Ack, StationState, decode_segment, decode_state, encode
from station.simulation.caller import ANSWER_WITHIN, Caller, Figures
from station.wire.packets import Published, read_publish

ACK = "checkpoint/v1/pingyuan/down/sim-1-00000/ack"


class Carried:
    """One station, carried by hand, by a clock that a test sets."""

    def __init__(self, broker: ScriptedBroker) -> None:
        self.now, self.figures, self._broker = 0.0, Figures(), broker
        self._selector = selectors.DefaultSelector()
        plan = a_plan(stations=1, every=1.0, segment_seconds=1.0)
        self.caller = Caller(plan, 0, broker.url, self._selector, self.figures, lambda: self.now)

    def close(self) -> None:
        self.caller.close()
        self._selector.close()

    def turn(self, seconds: float = 0.0) -> float:
        self.now += seconds
        return self.caller.turn(self.now)

    def exchange(self) -> None:
        """Once the broker said something."""
        ((key, mask),) = self._selector.select(10)
        key.data.exchange(bool(mask & selectors.EVENT_READ))

    def connects(self) -> Far:
        self.turn()
        return self._broker.meets()

    def joins(self) -> Far:
        far = self.connects()
        far.say(welcome())
        self.exchange()
        far.say(granted(far.listen(SUBSCRIBE)[0], 1, 1))
        self.exchange()
        return far


@pytest.fixture
def broker() -> Iterator[ScriptedBroker]:
    broker = ScriptedBroker()
    yield broker
    broker.close()


@pytest.fixture
def north(broker: ScriptedBroker) -> Iterator[Carried]:
    north = Carried(broker)
    yield north
    north.close()


def published(far: Far, number: int) -> list[Published]:
    far.listen(PUBLISH, number)
    return [read_publish(header, body) for header, body in far.heard if header & 0xF0 == PUBLISH]


def names(messages: list[Published]) -> list[tuple[str, int, bool]]:
    return [(one.topic.rpartition("/")[2], one.qos, one.retained) for one in messages]


def test_it_begins_anew_with_a_will_and_its_birth_comes_after_its_subscriptions(north: Carried) -> None:
    far = north.joins()
    hello = read_hello(far.listen(CONNECT)[0])
    assert (hello.clean_start, hello.will, hello.properties["SessionExpiryInterval"]) == (True, (1, True), 0)
    births = published(far, 1)
    assert names(births) == [("state", 1, True)]
    assert decode_state(births[0].payload).state is StationState.ONLINE
    assert [header & 0xF0 for header, _ in far.heard] == [CONNECT, SUBSCRIBE, PUBLISH]
    assert (north.caller.up, north.figures.births) == (True, 1)


def test_a_live_frame_is_kept_by_the_broker_for_a_while_and_a_segment_until_it_is_taken(north: Carried) -> None:
    far = north.joins()
    north.turn(2.0)
    assert names(published(far, 3)[1:]) == [("live", 0, True), ("segment", 1, False)]
    assert b"\5\2" + LIVE_EXPIRY.to_bytes(4) in far.of(PUBLISH)[1]
    assert (north.figures.lives, north.figures.segments) == (1, 1)


def test_an_acknowledgement_is_heard_and_its_message_acknowledged(north: Carried) -> None:
    far = north.joins()
    north.turn(2.0)
    segment = decode_segment(published(far, 3)[2].payload)
    assert north.caller.voice.site.ledger.unacknowledged
    far.say(message(ACK, encode(Ack(segment.epoch, 1, segments=(segment.id,))), 9))
    north.exchange()
    assert far.listen(PUBACK) == [b"\0\x09"]
    assert north.caller.voice.site.ledger.unacknowledged == 0


def test_what_the_broker_refuses_is_shown(north: Carried) -> None:
    far = north.joins()
    far.say((PUBACK, published(far, 1)[0].mid.to_bytes(2) + b"\x87"))
    north.exchange()
    assert "refuses what pingyuan.sim-1-00000 publishes: Not authorized" in north.figures.fault
    assert north.caller.up


def test_who_is_not_let_in_says_why_and_comes_back_after_a_pause(north: Carried) -> None:
    far = north.connects()
    far.say(welcome(reason=0x87))
    north.exchange()
    assert "the broker refuses pingyuan.sim-1-00000: Not authorized" in north.figures.fault
    assert not north.caller.up
    assert 0 < north.turn() <= 1
    north.now += 1
    assert north.connects().listen(CONNECT)


def test_a_broker_that_goes_is_told_and_come_back_to_after_a_pause(north: Carried) -> None:
    far = north.joins()
    published(far, 1)
    far.sock.close()
    north.exchange()
    assert "the broker ended the connection" in north.figures.fault
    north.now += 1
    assert north.connects().listen(CONNECT)


def test_a_broker_that_never_answers_is_left(north: Carried) -> None:
    far = north.connects()
    north.turn(ANSWER_WITHIN + 1)
    assert north.figures.fault == "the broker does not answer"
    far.listen(CONNECT)
    assert far.sock.recv(1) == b""


def test_a_goodbye_says_that_it_goes_and_leaves_the_line_to_the_broker(north: Carried) -> None:
    far = north.joins()
    north.caller.say_goodbye()
    assert decode_state(published(far, 2)[1].payload).state is StationState.OFFLINE
    assert far.listen(DISCONNECT) == [b""]
