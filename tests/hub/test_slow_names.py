"""Name servers that do not answer keep neither the collector nor the lists waiting."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from broker import Broker
from hub_running import DISTRICT
from waiting import until

from station.config import BrokerSection
from station.hub import connection as connections
from station.hub.connection import Connection
from station.hub.inbox import Inbox
from station.hub.list_wire import ListWire


class NameServers:
    """Answer nobody before ``answer``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answer, self.asked, self._real = threading.Event(), 0, socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._resolve)

    def _resolve(self, *words: object, **more: object) -> object:
        self.asked += 1
        self.answer.wait(30)
        return self._real(*words, **more)


@pytest.fixture
def name_servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServers]:
    servers = NameServers(monkeypatch)
    yield servers
    servers.answer.set()


def collector(url: str) -> tuple[Connection, Callable[[], bool], Callable[[], str]]:
    connection = Connection(BrokerSection(url=url), DISTRICT, "hub-x", Inbox())
    return connection, lambda: connection.link.connected, lambda: connection.link.fault


def lists(url: str) -> tuple[ListWire, Callable[[], bool], Callable[[], str]]:
    wire = ListWire(BrokerSection(url=url), DISTRICT, "hub-x-lists")
    return wire, lambda: wire.connected, lambda: wire.fault


@pytest.mark.parametrize("opened", [collector, lists])
def test_steps_go_on_with_one_question_open_and_it_connects_once_there_is_an_answer(
    opened: Callable[..., tuple[Connection | ListWire, Callable[[], bool], Callable[[], str]]],
    broker: Broker,
    name_servers: NameServers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "SLOW_CONNECT_S", 0.0)
    monkeypatch.setattr("station.hub.list_wire.SLOW_CONNECT_S", 0.0)
    line, connected, fault = opened(broker.url)
    for _ in range(5):
        line.step(0.01)
    assert not name_servers.answer.is_set()
    assert name_servers.asked == 1
    assert "no answer" in fault()
    name_servers.answer.set()

    def stepped() -> bool:
        line.step(0.05)
        return connected()

    until(stepped)
    line.close()
