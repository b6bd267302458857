"""A process of the product ends with everything closed and freed, so neither Python nor a library has a report."""

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Broker
from station_process import Program, get_json
from waiting import until

from station.commands.demo_site import DISTRICT, Site, lay_out
from station.commands.processes import free_port

pytestmark = pytest.mark.clock

DEVELOPMENT = ("-X", "dev")
"""Python then tells of each file, socket and database that nobody closed, and of each fork beside a thread."""
LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?:INFO|WARNING|ERROR) ")
REPORTED = re.compile(r"leaked|\w+Warning|Exception ignored|never (?:awaited|retrieved)|was destroyed")


class Running:
    """A hub and a station whose lane sees passes."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        ports = {name: free_port() for name in ("kiosk", "hub", "driver")}
        self.site: Site = lay_out(
            folder,
            broker=broker.url,
            **{name: f"127.0.0.1:{port}" for name, port in ports.items()},
            lanes=1,
            seed=3,
            seconds=0,
            camera=None,
            video=None,
        )
        self.kiosk, self.district = f"http://127.0.0.1:{ports['kiosk']}", f"http://127.0.0.1:{ports['hub']}"
        self.hub = Program(folder, "hub", "hub", "run", "--config", str(self.site.hub_toml), options=DEVELOPMENT)
        self.station = Program(folder, "station", "run", "--config", str(self.site.station_toml), options=DEVELOPMENT)

    def counted(self) -> bool:
        rows = get_json(f"{self.district}/api/v1/levels/{DISTRICT}/counts?by=lane")["rows"]
        return sum(row["passages"] for row in rows) > 0


@pytest.fixture
def running(tmp_path: Path, broker: Broker) -> Iterator[Running]:
    running = Running(tmp_path, broker)
    yield running
    for program in (running.station, running.hub):
        if program.process.poll() is None:
            program.kill()


def look(address: str) -> None:
    """Fetch a page and what belongs to it."""
    with urllib.request.urlopen(f"{address}/", timeout=30) as answer:
        page = answer.read().decode()
    parts = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert parts
    for part in parts:
        with urllib.request.urlopen(address + part, timeout=30) as answer:
            assert answer.read()


def reported(log: str) -> list[str]:
    """Lines that no logger wrote."""
    return [line for line in log.splitlines() if not LOGGED.match(line)]


def test_a_station_and_a_hub_that_did_their_work_end_without_a_report(running: Running) -> None:
    until(running.counted, 60, "a passage at the hub")
    for address in (running.kiosk, running.district):
        look(address)
    with urllib.request.urlopen(f"{running.kiosk}/events", timeout=30) as open_stream:
        assert open_stream.readline()
        ended = {program: program.stop() for program in (running.station, running.hub)}
    assert {program.log.name: reported(program.log.read_text()) for program in ended} == {
        "station.log": [],
        "hub.log": [],
    }
    assert list(ended.values()) == [0, 0]


def test_simulated_stations_end_without_a_report(broker: Broker) -> None:
    words = ("--broker", broker.url, "--stations", "4", "--processes", "2", "--for", "1s", "--ramp", "0s")
    done = subprocess.run(
        [sys.executable, *DEVELOPMENT, "-m", "station", "simulate", *words, "--settle", "1s"],
        capture_output=True,
        text=True,
    )
    assert REPORTED.findall(done.stderr) == []
    assert '"summary"' in done.stdout, done.stderr
