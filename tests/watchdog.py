"""A stand-in for systemd's watchdog."""

import socket
import threading
import time
from itertools import pairwise
from pathlib import Path

MAX_PING_GAP_S = 10.0
"""Between two pings, which come every second. WatchdogSec is 30; the rest is for a machine with other things to do."""


class Watchdog:
    """Listens as systemd does, and notes when pings came."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)
        self._socket.settimeout(0.2)
        self.ready = False
        self.pings: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                said = self._socket.recv(4096)
            except TimeoutError:
                continue
            self.ready = self.ready or said.startswith(b"READY=1")
            if said == b"WATCHDOG=1":
                self.pings.append(time.monotonic())

    @property
    def gaps_s(self) -> list[float]:
        """Between the pings, the time since the last one included."""
        return [later - earlier for earlier, later in pairwise([*self.pings, time.monotonic()])]

    @property
    def longest_gap_s(self) -> float:
        return max(self.gaps_s, default=0.0)

    def close(self) -> None:
        self._ended.set()
        self._thread.join(5)
        self._socket.close()
