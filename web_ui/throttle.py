"""How often somebody may do something, in memory of a fixed size.

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

from flask import Request

from web_ui.connections import network_of_address

PLACES = 65536
WINDOW_SECONDS = 60.0


class Throttle:
    """So many in each window for each key, all at once or spread."""

    def __init__(
        self, most: int, clock: Callable[[], float] = time.monotonic, window_seconds: float = WINDOW_SECONDS
    ) -> None:
        self._window = window_seconds
        self._gap = window_seconds / most
        self._clock = clock
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(16)
        self._whole = array("d", bytes(8 * PLACES))

    def wait(self, key: str) -> float:
        """:return: 0 if it may be now, which is counted; else the seconds until it may."""
        place, now = self._place(key), self._clock()
        with self._lock:
            whole = max(self._whole[place], now) + self._gap
            if whole - now > self._window:
                return whole - now - self._window
            self._whole[place] = whole
        return 0.0

    def give_back(self, key: str) -> None:
        """What was counted last for this key shall not count."""
        with self._lock:
            self._whole[self._place(key)] -= self._gap

    def _place(self, key: str) -> int:
        return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8, key=self._salt).digest()) % PLACES


def address_of(request: Request, proxies: Collection[str]) -> str:
    """Where a request comes from, by the word of those proxies that are believed."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    address = _plain(request.remote_addr or "")
    while address in proxies and hops and hops[-1]:
        address = _plain(hops.pop())
    return address


def network_of(request: Request, proxies: Collection[str]) -> str:
    """Whom a request counts for: an IPv4 address, or the /64 that one IPv6 subscriber has all of."""
    return network_of_address(address_of(request, proxies))


def _plain(address: str) -> str:
    """An IPv4 address that came in over an IPv6 socket is one of IPv4."""
    return address.lower().removeprefix("::ffff:") if "." in address else address
