"""A run: what is attacked is started, turns are played for so long, all comes to rest, and is judged."""

import json
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from broker import Broker

from hostile.connections import HttpConnections
from hostile.devices import HostileDevices
from hostile.messages import Messages
from hostile.monitor import Monitor
from hostile.names import DOMAIN, Names
from hostile.programs import Program, Usage, usage_of
from hostile.requests import HttpRequests
from hostile.site import HostileSite, disks
from hostile.totals import Presented, compare
from hostile.trouble import BrokerTrouble, Clocks, Devices, Files, FullDisks
from hostile.turn import Turn
from hostile.verdict import judged

LONGEST_TURN_S, SHORTEST_TURN_S = 20.0, 2.0
SETTLE_TIMEOUT_S = 240.0
SIMULATED = 6
LOSING_FROM_S = 120
"""What is lost is offered again after as long as a minute, which a short run does not wait for."""
NO_NAMESPACE = "it needs a network namespace"


class Run:
    def __init__(self, folder: Path, seconds: int, seed: int, *, in_namespace: bool, parts: ExitStack) -> None:
        self.seconds, self._chance = seconds, random.Random(seed)
        self.sent: Counter[str] = Counter()
        self.turns: Counter[str] = Counter()
        no_disks = parts.enter_context(disks(folder))
        devices = HostileDevices()
        parts.callback(devices.close)
        names = Names("" if in_namespace else NO_NAMESPACE, devices)
        parts.callback(names.close)
        broker = Broker(folder / "broker")
        parts.callback(broker.stop)
        host = f"camera.{DOMAIN}" if in_namespace else "127.0.0.1"
        self.site = site = HostileSite(folder, broker, f"http://{host}:{devices.port}", seconds, seed)
        self.presented = Presented(site)
        self.hub = Program(folder, "hub", "hub", "run", "--config", str(site.site.hub_toml))
        parts.callback(self.hub.stop)
        self.hub.wait_ready()
        self.station = Program(folder, "station", "run", "--config", str(site.site.station_toml))
        parts.callback(self.station.stop)
        self.view = Program(folder, "view", "supervisor", "run", "--config", str(site.site.station_toml))
        parts.callback(self.view.stop)
        self.programs = (self.station, self.hub, self.view)
        self.simulation = _simulate(site, seconds, seed, parts)
        self.station.wait_ready()
        self.view.wait_ready()
        ports = {"kiosk": site.kiosk, "district": site.hub, "driver": site.driver, "supervisor": site.supervisor}
        self.monitor = Monitor(self.programs, {"station": site.kiosk, "hub": site.hub})
        parts.callback(self.monitor.stop)
        folders = (site.site.station_data, site.hub_data)
        self._turns: Sequence[Turn] = (
            Messages(broker.port),
            HttpRequests(ports),
            HttpConnections(tuple(ports.values())),
            Devices(devices),
            Files(folders, site.site.trust),
            FullDisks(folders, no_disks, self.presented.excuse),
            Clocks(self.station, self.hub),
            BrokerTrouble(broker),
            names,
        )

    def play(self) -> None:
        """Each kind once in an order by chance, then any by chance, until the time is over."""
        playable = [turn for turn in self._turns if not self._skipped(turn)]
        began = time.monotonic()
        longest = max(SHORTEST_TURN_S, min(LONGEST_TURN_S, self.seconds / len(playable) / 1.5))
        order = self._chance.sample(playable, len(playable))
        while (left := began + self.seconds - time.monotonic()) > 0 or order:
            turn = order.pop() if order else self._chance.choice(playable)
            self._play(turn, min(longest, max(left, SHORTEST_TURN_S)), time.monotonic() - began)

    def _skipped(self, turn: Turn) -> bool:
        if reason := turn.missing():
            print(f"SKIPPED: {turn.name}: {reason}", flush=True)
            self.turns[turn.name] = 0
        return bool(reason)

    def _play(self, turn: Turn, seconds: float, at: float) -> None:
        seed = self._chance.randrange(2**32)
        with self.monitor.turn(turn.name):
            sent = turn.play(seed, seconds)
        self.turns[turn.name] += 1
        self.sent += sent
        said = ", ".join(f"{what} {count}" for what, count in sorted(sent.items()))
        print(f"{at:7.1f} s {turn.name} (seed {seed}): {said}", flush=True)

    def rest(self) -> bool:
        """:return: whether everything was acknowledged in time, and the simulated stations are equal to their truth."""
        ends = time.monotonic() + SETTLE_TIMEOUT_S
        while time.monotonic() < ends and not self.monitor.ended:
            if self.simulation.poll() is not None and self._acknowledged():
                break
            time.sleep(0.5)
        return self.simulation.poll() == 0 and self._acknowledged()

    def _acknowledged(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.site.kiosk}/healthz", timeout=10) as answer:
                health = json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                health = json.load(error)
        except OSError:
            return False
        return health["unacknowledged"] == 0

    def at_rest(self) -> dict[str, Usage | None]:
        return {one.name: usage_of(one.process.pid) for one in self.programs}


def _simulate(site: HostileSite, seconds: int, seed: int, parts: ExitStack) -> "subprocess.Popen[bytes]":
    """Honest stations, whose totals are compared with the hub's store by the simulation itself."""
    arguments = (
        f"--stations {SIMULATED} --lanes 2 --every 3 --for {seconds} --seed {seed} --ramp 2 --settle 200".split()
    )
    faults = "duplicate,reorder,restart" + (",lose" if seconds >= LOSING_FROM_S else "")
    arguments += ["--faults", faults, "--broker", site.broker.url]
    arguments += ["--compare", str(site.hub_data / "hub.sqlite3")]
    with (site.folder / "simulation.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "station", "simulate", *arguments], stdout=log, stderr=log)
    parts.callback(process.wait)
    parts.callback(process.kill)
    return process


def run(folder: Path, seconds: int, seed: int, *, in_namespace: bool) -> dict[str, Any]:
    """:return: the summary; ``passed`` is the verdict."""
    print(f"{seconds} s with seed {seed} in {folder}", flush=True)
    with ExitStack() as parts:
        this = Run(folder, seconds, seed, in_namespace=in_namespace, parts=parts)
        print("ready", flush=True)
        before = this.at_rest()
        this.play()
        began = time.monotonic()
        settled = this.rest()
        print(f"at rest after {time.monotonic() - began:.1f} s", flush=True)
        after = this.at_rest()
        this.monitor.stop()
        gaps = {one.name: one.watchdog.gaps_s for one in this.programs}
        codes = {one.name: one.stop() for one in this.programs}
        totals = compare(this.site, this.presented)
        return judged(this, settled, totals, gaps, codes, before, after)
