"""The collector's connection against a real mosquitto, across connections."""

from collections.abc import Callable

import pytest
from broker import Broker
from hub_messages import segment, state, tally
from hub_running import DISTRICT, Station
from waiting import until

from station.config import BrokerSection
from station.hub.client import RECEIVE_MAXIMUM
from station.hub.connection import Connection
from station.hub.inbox import Delivery, Inbox
from station.messages import decode_segment, decode_state

pytestmark = pytest.mark.clock


class Line:
    """A connection that is let go and taken up again; the broker keeps its session."""

    def __init__(self, broker: Broker, client_id: str = "hub-x") -> None:
        self.inbox = Inbox()
        self.connection = Connection(BrokerSection(url=broker.url), DISTRICT, client_id, self.inbox)
        self.again()

    def again(self) -> None:
        self.connection.close()
        self.step_until(lambda: self.connection.link.connected)

    def comes(self) -> Delivery:
        self.step_until(lambda: len(self.inbox))
        (delivery,) = self.inbox.take(10)
        return delivery

    def step_until(self, condition: Callable[[], object]) -> None:
        def stepped() -> object:
            self.connection.step(0.1)
            return condition()

        until(stepped)


def test_a_message_is_acknowledged_on_the_channel_it_came_by_or_comes_again(broker: Broker) -> None:
    line, north = Line(broker), Station(broker.url, "north")
    north.say(segment(1, tally()))
    first = line.comes()
    line.again()
    second = line.comes()
    assert (first.message.repeated, second.message.repeated) == (False, True)
    line.connection.acknowledge([first])
    line.again()
    third = line.comes()
    assert (third.message.payload, third.message.repeated) == (first.message.payload, True)
    line.connection.acknowledge([second, third])
    line.again()
    north.say(segment(2, tally()))
    assert decode_segment(line.comes().message.payload).segment == 2
    line.connection.close()
    north.close()


def test_reading_stops_while_the_inbox_is_crowded_and_goes_on_after(broker: Broker) -> None:
    line, other, north = Line(broker), Line(broker, "hub-y"), Station(broker.url, "north")
    line.inbox._size = RECEIVE_MAXIMUM  # one message is a crowd
    north.say(state(conn=1))
    line.step_until(lambda: len(line.inbox) == 1)
    north.say(state(conn=2))
    north.say(state(conn=3))
    other.step_until(lambda: len(other.inbox) == 3)
    line.connection.step(0.1)
    assert [decode_state(delivery.message.payload).conn for delivery in line.inbox.take(10)] == [1]
    line.step_until(lambda: len(line.inbox) == 2)
    for each in (line, other):
        each.connection.close()
    north.close()
