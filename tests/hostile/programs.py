"""The processes that are attacked, each under a stand-in for systemd's watchdog."""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

from waiting import until
from watchdog import Watchdog

LAUNCHER = "hostile.clock_offset"
READY_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 20.0  # systemd's TimeoutStopSec


class Usage(NamedTuple):
    rss_mb: float
    descriptors: int
    threads: int


def usage_of(process: int) -> Usage | None:
    """None where there is no such process any more."""
    proc = Path("/proc") / str(process)
    try:
        status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
        return Usage(int(status["VmRSS"].split()[0]) / 1024, len(list((proc / "fd").iterdir())), int(status["Threads"]))
    except (OSError, KeyError):
        return None


class Program:
    """``station ARGUMENTS``, with a clock that ``set_clock`` moves."""

    def __init__(self, folder: Path, name: str, *arguments: str) -> None:
        self.name, self.log = name, folder / f"{name}.log"
        self._offset = folder / f"{name}.offset"
        self.set_clock(0)
        self._sockets = tempfile.TemporaryDirectory(prefix="wd-")
        self.watchdog = Watchdog(Path(self._sockets.name))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", LAUNCHER, self._offset, *arguments],
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=os.environ | {"NOTIFY_SOCKET": self.watchdog.address},
            )

    def wait_ready(self) -> None:
        until(self._is_ready, READY_TIMEOUT_S, f"{self.name} is ready; see {self.log}")

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return self.watchdog.ready

    def set_clock(self, seconds_ahead: float) -> None:
        draft = self._offset.with_suffix(".draft")
        draft.write_text(str(seconds_ahead))
        draft.replace(self._offset)

    def stop(self) -> int | None:
        """As systemd does. :return: the exit code; None where it had to be killed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None
        finally:
            self.watchdog.close()
            self._sockets.cleanup()


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes: the medians of the second and of the last quarter, and the most."""

    second_quarter: float
    last_quarter: float
    most: float

    @classmethod
    def of(cls, samples: list[float]) -> "Memory":
        quarter = max(1, len(samples) // 4)
        return cls(
            round(median(samples[quarter : 2 * quarter] or samples), 1),
            round(median(samples[-quarter:]), 1),
            round(max(samples), 1),
        )
