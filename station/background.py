"""Blocking calls on a thread of their own, for what cannot be interrupted: name resolution, connecting, drivers.

``getaddrinfo`` has no deadline, and neither has a driver in the kernel. A worker that called them itself would miss its
heartbeat, and the watchdog would end a healthy process. Here the worker polls for the result instead.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class CallOverdue(TimeoutError):
    """The call has not returned in its time. It goes on, on its own thread; no other begins before it returns."""


class BackgroundCall(Generic[T]):
    """At most one call at a time, so at most one thread. Its methods are for one thread, the owner's."""

    def __init__(
        self,
        name: str,
        discard: Callable[[T], object] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        :param name: of the thread.
        :param discard: frees a result that nobody takes any more; called on the call's own thread.
        :param clock: monotonic seconds.
        """
        self._name, self._discard, self._clock = name, discard, clock
        self._lock = threading.Lock()
        self._outstanding: Future[T] | None = None
        self._wanted = False
        self._began = 0.0

    @property
    def running(self) -> bool:
        """A call has not returned, whether or not anybody still wants its result."""
        call = self._outstanding
        return call is not None and not call.done()

    @property
    def pending(self) -> bool:
        """The result is still wanted: ``result`` gives it once ``done``."""
        return self._wanted

    @property
    def elapsed_s(self) -> float:
        """Seconds since the last call began."""
        return self._clock() - self._began

    def start(self, function: Callable[[], T]) -> None:
        """Begin a call. :raises CallOverdue: the one before has not returned; nothing begins."""
        if self.running:
            raise CallOverdue(f"no answer for {self.elapsed_s:.0f} s")
        call: Future[T] = Future()
        self._outstanding, self._wanted, self._began = call, True, self._clock()
        threading.Thread(target=self._carry_out, args=(call, function), name=self._name, daemon=True).start()

    def done(self, wait_s: float = 0.0) -> bool:
        """Whether the call that is pending has returned, or does within so many seconds."""
        if self._outstanding is None:
            return False
        try:
            self._outstanding.exception(wait_s)
        except TimeoutError:
            return self._outstanding.done()
        return True

    def result(self) -> T:
        """What the call returned, once. :raises Exception: what it raised."""
        assert self._outstanding is not None
        call, self._outstanding, self._wanted = self._outstanding, None, False
        return call.result(0)

    def run(self, function: Callable[[], T], timeout_s: float) -> T:
        """Call and wait. :raises CallOverdue: it, or the one before, has not returned in time."""
        self.start(function)
        if not self.done(timeout_s) and self.abandon():
            raise CallOverdue(f"no answer within {timeout_s:.0f} s")
        return self.result()

    def abandon(self) -> bool:
        """Nobody wants the result any more. :return: whether that was in time; False if it has returned meanwhile and
        waits to be taken."""
        with self._lock:
            if self._outstanding is None or self._outstanding.done():
                return False
            self._wanted = False
            return True

    def close(self) -> None:
        """Want nothing any more; what has returned is discarded."""
        if self._outstanding is not None and not self.abandon() and self._wanted:
            call, self._outstanding, self._wanted = self._outstanding, None, False
            if call.exception(0) is None:
                self._discard(call.result(0))

    def _carry_out(self, call: Future[T], function: Callable[[], T]) -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever takes the result
            call.set_exception(error)
            return
        with self._lock:
            wanted = self._wanted
            call.set_result(result)
        if not wanted:
            self._discard(result)
