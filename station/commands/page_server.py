"""The web server of a process that has more to do than to serve pages."""

import logging
from collections.abc import Callable

from station.commands import WebServer
from station.runtime import Workers

log = logging.getLogger(__name__)

RETRY_INTERVAL_S = 5.0
START_TIMEOUT_S = 60.0
"""Longer than a server takes to say that it did not start."""


class PageServer:
    """Tries again until its port and its files can be used: without them pages are not served, and lanes are worked and
    counts are collected all the same."""

    def __init__(
        self, keys: str, make: Callable[[], WebServer], workers: Workers, tell: Callable[[str], object] = str
    ) -> None:
        """
        :param keys: of the configuration that say where it listens and what with.
        :param make: makes a server that is not started yet. It and ``start`` raise ``OSError`` where it cannot be used.
        :param tell: is told what is wrong, in one line; empty once nothing is.
        """
        self._keys, self._make, self._workers, self._tell = keys, make, workers, tell
        self._web: WebServer | None = None
        self._fault = ""

    @property
    def alive(self) -> bool:
        """False only where it served and ended by itself."""
        return self._web is None or self._web.alive

    def start(self) -> None:
        self._attempt()
        self._workers.start(f"pages of {self._keys}", self._step, START_TIMEOUT_S)

    def stop(self) -> None:
        """To be called once the workers have ended."""
        if self._web is not None:
            self._web.stop()

    def _step(self) -> None:
        if not self._workers.wait(RETRY_INTERVAL_S) and self._web is None:
            self._attempt()

    def _attempt(self) -> None:
        try:
            web = self._make()
        except OSError as error:
            self._say(f"{self._keys}: {error}; give PEM files that this user may read")
            return
        try:
            web.start()
        except OSError as error:
            web.stop()
            self._say(f"{self._keys}: {error}")
            return
        self._web = web
        self._say("")

    def _say(self, fault: str) -> None:
        if fault and fault != self._fault:
            log.error("%s. Pages are not served; tried again every %g s", fault, RETRY_INTERVAL_S)
        elif self._fault and not fault:
            log.info("%s: pages are served", self._keys)
        self._fault = fault
        self._tell(fault)
