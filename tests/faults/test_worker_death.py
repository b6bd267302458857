"""A worker that dies takes the process down within seconds, whatever else is stuck; systemd then starts it again."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest
from touchscreen import Touchscreen, lay_out_station
from waiting import until

from station.commands.service import CRASHED, END_TIMEOUT_S
from station.runtime import STOP_WITHIN

pytestmark = [pytest.mark.faults, pytest.mark.clock]

SCRIPT = Path(__file__).parents[1] / "station_with_faults.py"
WITHIN = END_TIMEOUT_S + STOP_WITHIN + 10
"""Seconds; those beyond the two are a slow machine's."""


class Faulty:
    def __init__(self, folder: Path, *faults: str) -> None:
        self.config, self.port = lay_out_station(folder)
        self.told = folder / "log"
        with self.told.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, SCRIPT, self.config, *faults], stdout=log, stderr=subprocess.STDOUT
            )
        until(self._ready, 60, f"the station is ready; see {self.told}")

    def _ready(self) -> bool:
        assert self.process.poll() is None, self.told.read_text()
        return "ready" in self.told.read_text().split()


@contextmanager
def faulty(folder: Path, *faults: str) -> Iterator[Faulty]:
    station = Faulty(folder, *faults)
    try:
        yield station
    finally:
        station.process.kill()
        station.process.wait(10)


def test_a_lane_that_dies_while_the_touchscreen_waits_for_its_answer_ends_the_process(tmp_path: Path) -> None:
    with faulty(tmp_path, "lane", "stuck") as station:
        screen = Touchscreen(station.port)
        with suppress(OSError, HTTPException):  # an error, or a connection that ends: no answer was promised
            screen.decide("denied")
        assert station.process.wait(WITHIN) == CRASHED
        told = station.told.read_text()
        assert "the thread 'lane 1' failed:" in told
        assert "Broken: the lane has a bug" in told
        assert "did not end in time: stuck" in told


def test_a_worker_that_dies_ends_the_process_with_a_page_open(tmp_path: Path) -> None:
    with faulty(tmp_path, "worker") as station:
        screen = Touchscreen(station.port)
        stream = threading.Thread(target=lambda: screen.ask("GET", "/events", {}), daemon=True)
        stream.start()
        (station.config.parent / "die").touch()
        assert station.process.wait(WITHIN) == CRASHED
        assert "Broken: a worker died" in station.told.read_text()
