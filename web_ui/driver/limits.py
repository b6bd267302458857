"""How often an address may declare, a board be declared with, and all of them together."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask import Request

from web_ui.throttle import Throttle, network_of

VIEWS_A_DECLARATION = 5
"""Pages that somebody opens for each declaration: the form, the form with its errors, the code, the other language."""
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Rates:
    """Declarations a minute; pages may be opened ``VIEWS_A_DECLARATION`` times as often."""

    per_address: int
    per_board: int
    in_all: int


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
