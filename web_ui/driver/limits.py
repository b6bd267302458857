"""How often an address may declare, a board be declared with, and all of them together.

Each key's allowance is one number, the time at which it is whole again (the generic cell rate algorithm), in an array
of fixed size: a million addresses take as much memory as one. Keys that fall on the same place share an allowance;
which do is random at each start. The libraries looked at keep an entry for each address and sweep all of them again
and again, which is itself what a flood wants.
"""

import hashlib
import secrets
import threading
import time
from array import array
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from flask import Request

PLACES = 65536
WINDOW_SECONDS = 60.0
VIEWS_A_DECLARATION = 5
"""Pages that somebody opens for each declaration: the form, the form with its errors, the code, the other language."""
_ONE_NETWORK = 64
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Rates:
    """Declarations a minute; pages may be opened ``VIEWS_A_DECLARATION`` times as often."""

    per_address: int
    per_board: int
    in_all: int


class Throttle:
    """So many a minute for each key, all at once or spread."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = WINDOW_SECONDS / per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(16)
        self._whole = array("d", bytes(8 * PLACES))

    def wait(self, key: str) -> float:
        """:return: 0 if it may be now, which is counted; else the seconds until it may."""
        place = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8, key=self._salt).digest()) % PLACES
        now = self._clock()
        with self._lock:
            whole = max(self._whole[place], now) + self._gap
            if whole - now > WINDOW_SECONDS:
                return whole - now - WINDOW_SECONDS
            self._whole[place] = whole
        return 0.0


class Limits:
    """:param proxies: whose word on the phone's address is believed."""

    def __init__(
        self, rates: Rates, proxies: Collection[str] = (), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._proxies = frozenset(proxies)
        self._address = Throttle(rates.per_address, clock)
        self._board = Throttle(rates.per_board, clock)
        self._all = Throttle(rates.in_all, clock)
        self._views = Throttle(rates.per_address * VIEWS_A_DECLARATION, clock)
        self._all_views = Throttle(rates.in_all * VIEWS_A_DECLARATION, clock)

    def declare(self, request: Request, board: str) -> float:
        """:return: the seconds to wait; 0 if it may be now."""
        return self._address.wait(network_of(request, self._proxies)) or self._board.wait(board) or self._all.wait(_ALL)

    def view(self, request: Request) -> float:
        """:return: the seconds to wait; 0 if it may be now."""
        return self._views.wait(network_of(request, self._proxies)) or self._all_views.wait(_ALL)


def network_of(request: Request, proxies: Collection[str]) -> str:
    """Whom a request counts for: an IPv4 address, or the /64 that one IPv6 subscriber has all of."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    address = _plain(request.remote_addr or "")
    while address in proxies and hops and hops[-1]:
        address = _plain(hops.pop())
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(IPv6Address(int(found) >> _ONE_NETWORK << _ONE_NETWORK))
    return address


def _plain(address: str) -> str:
    """An IPv4 address that came in over an IPv6 socket is one of IPv4."""
    return address.lower().removeprefix("::ffff:") if "." in address else address
