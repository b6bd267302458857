"""Name servers that do not answer, and packets that vanish, under a stand-in for systemd's watchdog: no ping is missed,
and what does not answer costs itself alone.

``scripts/dead-network`` runs it for ten minutes; here it is long enough for a worker that waits for a name server
itself to miss its heartbeat, which is after ten seconds."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from dead_network import DeadNetwork, missing
from waiting import until
from watchdog import MAX_PING_GAP_S, Watchdog

from station.commands.demo_site import Site, lay_out
from station.ledger import audit

pytestmark = [pytest.mark.clock, pytest.mark.faults, pytest.mark.timeout(2000)]

SECONDS = float(os.environ.get("DEAD_NETWORK_SECONDS", "15"))


class Watched:
    """A station or a hub inside the dead network."""

    def __init__(self, network: DeadNetwork, folder: Path, name: str, *arguments: str) -> None:
        self._sockets = tempfile.TemporaryDirectory(prefix="wd-")
        self.watchdog = Watchdog(Path(self._sockets.name))
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*network.prefix, sys.executable, "-m", "station", *arguments],
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=os.environ | {"NOTIFY_SOCKET": self.watchdog.address},
            )

    def wait_ready(self) -> None:
        until(lambda: self._ready(), 90, f"ready; see {self.log}")

    def _ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return self.watchdog.ready

    def stop(self) -> int:
        """As systemd does; its TimeoutStopSec is 20."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self.watchdog.close()
        self._sockets.cleanup()


@pytest.fixture
def network() -> Iterator[DeadNetwork]:
    if reason := missing():
        pytest.skip(reason)
    network = DeadNetwork()
    yield network
    network.remove()


KIOSK, HUB = "127.0.0.1:8080", "127.0.0.1:8090"  # inside the namespace, where nobody else listens


def by_name(folder: Path) -> Site:
    """A station and a hub that have everything by name: the broker, a thermometer of the lane that works, a camera of
    the other."""
    site = lay_out(
        folder,
        broker="mqtts://broker.district.example:8883",
        kiosk=KIOSK,
        hub=HUB,
        driver="127.0.0.1:8091",
        lanes=2,
        seed=3,
        seconds=0,
        camera=None,
        video=None,
    )
    first, second = site.station_toml.read_text().split("[[lanes]]")[1:]
    lanes = (
        _with(first, "thermometer", '{ driver = "http", url = "http://thermometer.example/" }'),
        _with(second, "camera", '{ driver = "network", url = "rtsp://camera.example/stream" }'),
    )
    head = site.station_toml.read_text().split("[[lanes]]")[0]
    site.station_toml.write_text("[[lanes]]".join((head, *lanes)))
    return site


def _with(lane: str, key: str, value: str) -> str:
    return "\n".join(f"{key} = {value}" if line.startswith(f"{key} =") else line for line in lane.splitlines()) + "\n"


def passages(site: Site) -> int:
    rows = audit.records(site.station_data, personal=False)
    return sum(row["type"] == "passage" for row in rows)


def test_no_ping_is_missed_where_no_name_server_answers_and_lanes_go_on(network: DeadNetwork, tmp_path: Path) -> None:
    site = by_name(tmp_path)
    station = Watched(network, tmp_path, "station", "run", "--config", str(site.station_toml))
    hub = Watched(network, tmp_path, "hub", "hub", "run", "--config", str(site.hub_toml))
    try:
        for one in (station, hub):
            one.wait_ready()
        threading.Event().wait(SECONDS)
        before = passages(site)
        until(lambda: passages(site) > before, 60, "another passage")
        for one in (station, hub):
            assert "no heartbeat" not in one.log.read_text()
            assert one.watchdog.longest_gap_s < MAX_PING_GAP_S
        _says_what_does_not_answer(network, station)
        assert [one.stop() for one in (station, hub)] == [0, 0]
    finally:
        station.close()
        hub.close()


def _says_what_does_not_answer(network: DeadNetwork, station: Watched) -> None:
    snapshot = json.loads(_kiosk_health(network))
    assert snapshot["uplink"] == "connecting"
    assert "broker.district.example" in snapshot["uplink_fault"]
    assert (snapshot["cameras"]["1"], snapshot["cameras"]["2"]) == ("ok", "lost")


def _kiosk_health(network: DeadNetwork) -> str:
    """It is 503 while a camera is lost."""
    program = (
        "import sys, urllib.request as r, urllib.error as e\n"
        "try: answer = r.urlopen(sys.argv[1], timeout=10)\n"
        "except e.HTTPError as error: answer = error\n"
        "print(answer.read().decode())"
    )
    command = [*network.prefix, sys.executable, "-c", program, f"http://{KIOSK}/healthz"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
