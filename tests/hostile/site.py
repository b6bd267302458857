"""What is attacked: a station with three lanes and its supervisors' view, a hub, and what stands around them."""

import json
import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from authority import Authority
from broker import Broker, free_port

from hostile.codes import hostile_texts
from station.clock import utc_now
from station.commands.demo_site import SHORTEST_VISIT, STATION, Site, lay_out, vehicle
from station.passes.keys import load_signing_key

LANES = ("1", "2")
"""Simulated cameras: genuine vehicles, on the second hostile codes between them. A third lane has a hostile camera."""
FRAMES_A_SECOND = 6
DISK_BYTES = 128 * 1024 * 1024
HOSTILE_EVERY = 6


class HostileSite:
    """``mounted`` says whether the station's data and the hub's are on disks of their own, which can be filled."""

    def __init__(self, folder: Path, broker: Broker, devices: str, seconds: int, seed: int) -> None:
        self.folder, self.broker = folder, broker
        self.kiosk, self.hub, self.driver, self.supervisor = (free_port() for _ in range(4))
        self.site: Site = lay_out(
            folder,
            broker=broker.url,
            kiosk=f"127.0.0.1:{self.kiosk}",
            hub=f"127.0.0.1:{self.hub}",
            driver=f"127.0.0.1:{self.driver}",
            lanes=3,
            seed=seed,
            seconds=seconds,
            camera=None,
            video=None,
        )
        self._write_traffic(seconds, seed)
        self._write_lanes(devices)
        self._write_supervisor()

    @property
    def hub_data(self) -> Path:
        return self.folder / "hub"

    def _write_traffic(self, seconds: int, seed: int) -> None:
        """More than can pass in the time, new at every moment."""
        key, now = load_signing_key(self.folder / "district.key"), utc_now()
        for lane in LANES:
            chance = random.Random(f"traffic {seed} {lane}")
            vehicles = [vehicle(chance, key, now) for _ in range(round(seconds / SHORTEST_VISIT) + 1)]
            if lane == LANES[1]:
                strange = hostile_texts(random.Random(f"codes {seed}"))
                for place in range(0, len(vehicles), HOSTILE_EVERY):
                    vehicles[place] = [next(strange)]
            lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in vehicles)
            (self.folder / f"traffic-{lane}.jsonl").write_text(lines, encoding="utf-8")

    def _write_lanes(self, devices: str) -> None:
        """The second lane's thermometer and the third lane's camera are ``devices``."""
        path = self.site.station_toml
        head, *lanes = path.read_text().split("[[lanes]]")
        lanes = [lane.replace("seed =", f"fps = {FRAMES_A_SECOND}, seed =", 1) for lane in lanes]
        lanes[1] = _with(lanes[1], "thermometer", f'{{ driver = "http", url = "{devices}/celsius" }}')
        lanes[2] = _with(lanes[2], "camera", f'{{ driver = "network", url = "{devices}/stream" }}')
        path.write_text("[[lanes]]".join((head, *lanes)))

    def _write_supervisor(self) -> None:
        _, cert, key = Authority().write(self.folder / "tls", "127.0.0.1")
        key.chmod(0o600)
        section = f'listen = "127.0.0.1:{self.supervisor}"\ncert = "{cert}"\nkey = "{key}"\n'
        section += f'socket = "{self.folder / "view.sock"}"\n'
        with self.site.station_toml.open("a") as config:
            config.write(f"\n[supervisor]\n{section}")


def _with(lane: str, key: str, value: str) -> str:
    return "\n".join(f"{key} = {value}" if line.startswith(f"{key} =") else line for line in lane.splitlines()) + "\n"


@contextmanager
def disks(folder: Path) -> Iterator[str]:
    """A small disk each for the station's data and the hub's. :return: why there is none; empty where there is."""
    with ExitStack() as mounted:
        for name in ("station", "hub"):
            (folder / name).mkdir()
            command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder / name)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            except OSError as error:
                yield f"nothing can be mounted: {error}"
                return
            if done.returncode:
                yield f"nothing can be mounted here: {done.stderr.strip()}"
                return
            mounted.callback(subprocess.run, ["umount", "-l", str(folder / name)], check=False)
        yield ""


__all__ = ["LANES", "STATION", "HostileSite", "disks"]
