"""The open connections of a server: how many there are of each network, and which gives way to a new one.

A new connection over a bound takes the place of one that waits for its client: of one that never sent a whole request
first, then of the one idle the longest. So slow or silent clients displace each other and nobody who asks promptly,
also where everybody comes from one address: the touchscreen's page and whatever else runs on its machine, or many
telephones behind one carrier's address translation. A connection whose request is being answered is never displaced;
where there are only such the new one is refused. uvicorn bounds requests, not connections, and asyncio neither.
"""

import itertools
import socket
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from web_ui.server_limits import ServerLimits

Peer = tuple[Any, ...]
"""Address and port as the operating system tells them."""

_NETWORK_BITS = 64
_BACKLOG = 128


@dataclass(slots=True, eq=False)
class Connection:
    """``answering``: a whole request is here and its answer is not yet with the client."""

    socket: socket.socket
    peer: Peer
    network: str
    seen: int
    served: bool = False
    answering: bool = False


class Connections:
    """Used from the server's event loop alone."""

    def __init__(self, limits: ServerLimits, proxies: Collection[str] = ()) -> None:
        """:param proxies: addresses whose connections carry the requests of many."""
        self._limits = limits
        self._proxies = frozenset(proxies)
        self._open: dict[Peer, Connection] = {}
        self._count: Counter[str] = Counter()
        self._number = itertools.count()

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, accepted: socket.socket, peer: Peer) -> bool:
        """:return: whether it is counted from now on; else it is to be closed."""
        network = network_of_address(str(peer[0]))
        crowded = self._count[network] >= self._limits.connections_per_network and network not in self._proxies
        if crowded and not self._displace_one_of(network):
            return False
        if len(self._open) >= self._limits.connections and not self._displace_one():
            return False
        self._open[peer] = Connection(accepted, peer, network, next(self._number))
        self._count[network] += 1
        return True

    def find(self, peer: Peer) -> Connection | None:
        return self._open.get(peer)

    def answered(self, connection: Connection) -> None:
        """The client has its answer and may ask again."""
        connection.served, connection.answering, connection.seen = True, False, next(self._number)

    def forget(self, accepted: socket.socket, peer: Peer) -> None:
        """It is closed. Another may have the same peer since."""
        found = self._open.get(peer)
        if found is not None and found.socket is accepted:
            self._remove(found)

    def close_all(self) -> None:
        for connection in list(self._open.values()):
            self._displace(connection)

    def _displace_one(self) -> bool:
        """Of the network that has the most connections, if one of them waits; else of the next."""
        return any(self._displace_one_of(network) for network, _ in self._count.most_common())

    def _displace_one_of(self, network: str) -> bool:
        waiting = [one for one in self._open.values() if one.network == network and not one.answering]
        if not waiting:
            return False
        self._displace(min(waiting, key=lambda one: (one.served, one.seen)))
        return True

    def _displace(self, connection: Connection) -> None:
        """Whoever holds the socket hears of it as of a client that went away, during a TLS handshake too."""
        self._remove(connection)
        with suppress(OSError):
            connection.socket.shutdown(socket.SHUT_RDWR)

    def _remove(self, connection: Connection) -> None:
        del self._open[connection.peer]
        self._count[connection.network] -= 1
        if not self._count[connection.network]:
            del self._count[connection.network]


class Listener(socket.socket):
    """A listening socket that accepts what its connections admit."""

    connections: Connections

    def accept(self) -> tuple[socket.socket, Peer]:
        """:raises ConnectionAbortedError: it came, and was refused; asyncio asks again."""
        plain, peer = super().accept()
        accepted = _Accepted(self.family, self.type, self.proto, fileno=plain.detach())
        accepted.connections, accepted.peer = self.connections, peer
        if not self.connections.admit(accepted, peer):
            accepted.close()
            raise ConnectionAbortedError("too many connections")
        return accepted, peer


class _Accepted(socket.socket):
    connections: Connections
    peer: Peer

    def close(self) -> None:
        self.connections.forget(self, self.peer)
        super().close()


def listen(host: str, port: int, connections: Connections) -> Listener:
    """:raises OSError: the address cannot be listened on."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    # The protocol is said: without it asyncio leaves Nagle's algorithm on, and an answer takes 40 ms.
    listener = Listener(family, kind, socket.IPPROTO_TCP)
    listener.connections = connections
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and address[0] == "::":
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def network_of_address(address: str) -> str:
    """Whose an address is: an IPv4 address itself, or the /64 that one IPv6 subscriber has all of."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> _NETWORK_BITS << _NETWORK_BITS))
