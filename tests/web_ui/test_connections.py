"""Which connection gives way to a new one."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web_ui.connections import Connection, Connections, listen, network_of_address
from web_ui.server_limits import ServerLimits

LIMITS = ServerLimits(connections=6, connections_per_network=3)


class Sockets:
    """Stand-ins that know whether they were shut down."""

    def __init__(self, connections: Connections) -> None:
        self.connections, self.made = connections, 0

    def come(self, address: str) -> Connection | None:
        self.made += 1
        peer = (address, self.made)
        return self.connections.find(peer) if self.connections.admit(Deaf(), peer) else None  # type: ignore[arg-type]


class Deaf:
    def __init__(self) -> None:
        self.is_shut = False

    def shutdown(self, how: int) -> None:
        self.is_shut = True


def shut(connection: Connection | None) -> bool:
    assert connection is not None
    return connection.socket.is_shut  # type: ignore[attr-defined, no-any-return]


@given(st.lists(st.tuples(st.sampled_from(("come", "ask", "answer", "leave")), st.integers(0, 9)), max_size=60))
def test_bounds_hold_and_nobody_is_displaced_while_being_answered(steps: list[tuple[str, int]]) -> None:
    connections = Connections(LIMITS)
    sockets, known = Sockets(connections), list[Connection]()
    for step, number in steps:
        known = [one for one in known if connections.find(one.peer) is one]
        if step == "come" and (new := sockets.come(f"192.0.2.{number % 4}")) is not None:
            known.append(new)
        elif step != "come" and known:
            one = known[number % len(known)]
            if step == "ask":
                one.answering = True
            elif step == "answer":
                connections.answered(one)
            elif not one.answering:
                connections.forget(one.socket, one.peer)
        counted = [one for one in known if connections.find(one.peer) is one]
        assert len(connections) == len(counted) <= LIMITS.connections
        for network in {one.network for one in counted}:
            assert sum(one.network == network for one in counted) <= LIMITS.connections_per_network
        assert not any(shut(one) for one in known if one.answering)


def test_who_never_asked_gives_way_before_who_is_idle_and_the_longest_idle_before_the_others() -> None:
    connections = Connections(LIMITS)
    come = Sockets(connections).come
    idle, silent, idle_since = (come("192.0.2.1") for _ in range(3))
    assert idle
    assert idle_since
    connections.answered(idle_since)
    connections.answered(idle)
    first, second = come("192.0.2.1"), None
    assert (shut(silent), shut(idle)) == (True, False)
    assert first
    first.answering = True
    second = come("192.0.2.1")
    assert second
    assert (shut(idle_since), shut(idle)) == (True, False)


def test_where_all_is_full_the_network_with_the_most_gives_way() -> None:
    connections = Connections(LIMITS)
    come = Sockets(connections).come
    greedy = [come("192.0.2.1") for _ in range(3)]
    modest = [come(f"192.0.2.{number}") for number in (2, 3, 4)]
    assert come("192.0.2.5")
    assert [shut(one) for one in greedy] == [True, False, False]
    assert not any(shut(one) for one in modest)


def test_a_proxy_is_held_to_the_bound_of_all_alone() -> None:
    connections = Connections(LIMITS, {"192.0.2.9"})
    come = Sockets(connections).come
    assert not any(shut(one) for one in [come("192.0.2.9") for _ in range(6)])


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
    ],
)
def test_an_ipv6_subscriber_is_one(address: str, network: str) -> None:
    assert network_of_address(address) == network


def test_a_listening_socket_names_its_protocol_for_asyncio_to_switch_nagles_algorithm_off() -> None:
    with listen("127.0.0.1", 0, Connections(LIMITS)) as listener:
        assert listener.proto == socket.IPPROTO_TCP
