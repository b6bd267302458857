"""A real station and a real hub as processes of their own, to be killed."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from waiting import until


class Program:
    """``python -m station ARGUMENTS`` until ``stop`` or ``kill``.

    ``options`` are Python's own.
    """

    def __init__(self, folder: Path, name: str, *arguments: str, options: tuple[str, ...] = ()) -> None:
        self._folder, self._name, self._arguments, self._options = folder, name, arguments, options
        self._starts = 0
        self.log = folder / f"{name}.log"
        self.start()

    def start(self) -> None:
        self._starts += 1
        out = self._folder / f"{self._name}-{self._starts}.out"
        command = [sys.executable, *self._options, "-m", "station", *self._arguments]
        with out.open("wb") as stdout, self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=stdout, stderr=log)
        until(lambda: self._ready(out), 60, f"{self._name} ready; see {self._folder}")

    def _ready(self, out: Path) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return "ready" in out.read_text().split()

    def kill(self) -> None:
        """As a power cut: nothing is said goodbye to, nothing is flushed."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def get_json(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)
