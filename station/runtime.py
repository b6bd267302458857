"""Threads, newest-wins slots, heartbeats and the watchdog: what keeps the station running and notices when it does not.

A worker is an object with a ``step`` that does one bounded piece of work (about a second at the most). An
exception in any step stops the whole process; systemd starts it again. A worker that hangs is noticed by its
heartbeat, and systemd's watchdog ends the process. What a worker may wait for, and for how long, is in
docs/deadlines.md.
"""

import gc
import logging
import os
import queue
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

STALE_AFTER = 10.0
STORE_STALE_S = 300.0  # a step that asks the hub's store, whose own deadlines add up to less
MAINTENANCE_STALE_S = 1800.0  # a step that goes through whole tables, part by part
DEVICE_STALE_S = float("inf")
STOP_WITHIN = 5.0
START_STEP_TIMEOUT_S = 90.0
NOTIFY_TIMEOUT_S = 1.0

# Every queue of the process, with what happens when it is full.
INBOX_SIZE = 64  # scans and commands of one lane; a full one makes the scan thread wait, so nothing is dropped
UPLINK_INBOX_SIZE = 256  # acknowledgements from the hub; a full one drops, the station then offers again
LIST_SLOTS = 16  # topics of lists from the hub; newest wins, one topic more is told on the screen
COLLECTOR_INBOX_SIZE = 5000  # messages at the hub; when full, reading pauses and the broker holds the rest
AUDIT_LOOKS = 20_000  # looks at the district's pages, to be written down; when full no page opens


@contextmanager
def collect_garbage_seldom() -> Iterator[None]:
    """For a process that holds much and makes many small parts of messages: each of Python's full collections looks at
    all of it (a third of the hub's time), and finds next to nothing, as what messages leave is freed by its counts.

    What is frozen is freed by nobody, the end of the process included: libraries then report all they have as leaked.
    So it is thawed when the context ends.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class Slot(Generic[T]):
    """Holds the newest value only: a slow reader skips, it never falls behind."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._value: T | None = None
        self._number = 0
        self._taken = 0

    def put(self, value: T) -> None:
        with self._changed:
            self._value = value
            self._number += 1
            self._changed.notify_all()

    def take(self, timeout: float) -> T | None:
        """Wait up to ``timeout`` seconds for a value not taken before; None when none came."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._number > self._taken, timeout):
                return None
            self._taken = self._number
            return self._value

    def peek(self) -> T | None:
        """The newest value, taken before or not."""
        return self._value

    @property
    def waiting(self) -> bool:
        """Nobody has taken the newest value yet."""
        return self._number > self._taken


class Spread:
    """The last ``size`` measurements, for percentiles. One thread adds, any may read."""

    def __init__(self, size: int = 1000) -> None:
        self._values: deque[float] = deque(maxlen=size)

    def add(self, value: float) -> None:
        self._values.append(value)

    def percentile(self, percent: float) -> float:
        """Nearest-rank percentile; 0 when nothing was measured."""
        ordered = sorted(self._values.copy())
        if not ordered:
            return 0.0
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass(slots=True)
class _Worker:
    name: str
    step: Callable[[], object]
    thread: threading.Thread
    beat: float
    stale_after_s: float


class Workers:
    """Named threads that live and die together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._workers: list[_Worker] = []
        self._stopping = threading.Event()
        self.failure: BaseException | None = None
        self.failed: str = ""

    def start(self, name: str, step: Callable[[], object], stale_after_s: float = STALE_AFTER) -> None:
        """Run ``step`` again and again on a thread of its own until ``stop``.

        :param stale_after_s: how long one step may take before the watchdog is told of it no more. ``DEVICE_STALE_S``
            for a driver that may wait for something outside without a deadline: that costs the device, not the station.
        """
        worker = _Worker(name, step, threading.Thread(name=name, daemon=True), self._clock(), stale_after_s)
        worker.thread = threading.Thread(target=self._run, args=(worker,), name=name, daemon=True)
        self._workers.append(worker)
        worker.thread.start()

    def _run(self, worker: _Worker) -> None:
        try:
            while not self._stopping.is_set():
                worker.beat = self._clock()
                worker.step()
        except BaseException as error:  # noqa: BLE001 - this is the runtime: whatever it was, the process ends
            self.failure, self.failed = error, worker.name
            self._stopping.set()

    def end(self) -> None:
        """Ask every worker to end, without waiting; for a worker that finds that all has to begin again."""
        self._stopping.set()

    def wait(self, timeout: float) -> bool:
        """Wait for the end; True when it has come."""
        return self._stopping.wait(timeout)

    def stale(self) -> list[str]:
        """Names of workers whose last heartbeat is too old, or whose thread has ended."""
        now = self._clock()
        return [w.name for w in self._workers if now - w.beat > w.stale_after_s or not w.thread.is_alive()]

    def silent(self) -> list[str]:
        """Names of workers whose step has not returned for ``STALE_AFTER``, whatever they are allowed: for people."""
        now = self._clock()
        return [w.name for w in self._workers if now - w.beat > STALE_AFTER or not w.thread.is_alive()]

    def stop(self) -> list[str]:
        """Ask every worker to end and wait for it.

        :return: the names of those that did not end in time.
        """
        self._stopping.set()
        deadline = self._clock() + STOP_WITHIN
        for worker in self._workers:
            worker.thread.join(max(0.0, deadline - self._clock()))
        return [worker.name for worker in self._workers if worker.thread.is_alive()]


def put_until(inbox: "queue.Queue[T]", item: T, stopped: Callable[[], bool]) -> bool:
    """Put into a bounded queue, waiting while it is full; False if ``stopped`` came first."""
    while not stopped():
        try:
            inbox.put(item, timeout=0.2)
        except queue.Full:
            continue
        return True
    return False


def notify_systemd(state: str) -> None:
    """Tell systemd READY=1, WATCHDOG=1 or STOPPING=1 (sd_notify(3)); nothing outside systemd. A systemd that does not
    listen, as while it begins anew, is told the next time: it ends whom it does not hear from."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.settimeout(NOTIFY_TIMEOUT_S)
        try:
            notify.connect("\0" + address[1:] if address.startswith("@") else address)
            notify.sendall(state.encode())
        except OSError as error:
            log.warning("systemd does not hear %s: %s", state.partition("=")[0], error)


def notify_starting(step: str) -> None:
    """Tell systemd that the start goes on with ``step``, which has ``START_STEP_TIMEOUT_S``: a machine on which a
    browser starts at the same time is slow, not stuck. A step that hangs is ended all the same."""
    notify_systemd(f"EXTEND_TIMEOUT_USEC={int(START_STEP_TIMEOUT_S * 1_000_000)}\nSTATUS=starting: {step}")
