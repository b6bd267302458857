"""What goes wrong around a station and a hub: files, disks, clocks, the broker and cameras."""

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from broker import Broker

from hostile.devices import HostileDevices
from hostile.programs import Program

DAY_S = 86400
LEAPS_S = (-400 * DAY_S, -40 * DAY_S, -DAY_S, -3600, -1, 1, 3600, DAY_S, 40 * DAY_S, 400 * DAY_S, 30_000 * DAY_S)


class Devices:
    name = "codes"

    def __init__(self, devices: HostileDevices) -> None:
        self._devices = devices

    def missing(self) -> str:
        return ""

    def play(self, seed: int, seconds: float) -> Counter[str]:
        self._devices.sent.clear()
        self._devices.chance = random.Random(seed)
        time.sleep(seconds)
        self._devices.chance = None
        return self._devices.sent.copy()


class Files:
    """Files that a running station or hub may look at again, damaged one after another and put back. The ledger and the
    hub's store are no such files: what is done about them takes them away, and so what they count."""

    name = "files"
    _DAMAGES: tuple[Callable[[Path, random.Random], object], ...] = (
        lambda path, _: path.write_bytes(b""),
        lambda path, chance: path.write_bytes(chance.randbytes(500)),
        lambda path, _: os.truncate(path, path.stat().st_size // 2),
        lambda path, _: path.unlink(),
        lambda path, _: (path.unlink(), path.mkdir()),
        lambda path, _: (path.unlink(), path.symlink_to(path.name)),
    )

    def __init__(self, folders: Sequence[Path], trust: Path) -> None:
        self._folders, self._trust = folders, trust

    def missing(self) -> str:
        return ""

    def play(self, seed: int, seconds: float) -> Counter[str]:
        chance, sent, ends = random.Random(seed), Counter[str](), time.monotonic() + seconds
        while time.monotonic() < ends:
            for path in chance.sample(self._found(), 2):
                self._damage(path, chance, min(2.0, seconds / 4))
                sent["damaged files"] += 1
            self._stray(chance, min(2.0, seconds / 4))
            sent["stray files"] += 1
        return sent

    def _found(self) -> list[Path]:
        files = (path for folder in self._folders for path in sorted(folder.rglob("*")) if path.is_file())
        return [path for path in files if not path.name.startswith(("ledger.db", "hub.sqlite3", "ballast"))]

    def _damage(self, path: Path, chance: random.Random, seconds: float) -> None:
        whole = path.read_bytes()
        chance.choice(self._DAMAGES)(path, chance)
        time.sleep(seconds)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.is_symlink() or path.exists():
            path.unlink()
        path.write_bytes(whole)
        path.chmod(0o600)

    def _stray(self, chance: random.Random, seconds: float) -> None:
        stray = self._trust / chance.choice(("stray.pub", "桥.pem", "x.der", ".hidden", "README"))
        stray.write_bytes(chance.randbytes(chance.randrange(2000)))
        time.sleep(seconds)
        stray.unlink()


class FullDisks:
    """``filled`` is told of the beginning and of the end: what passes a station meanwhile is decided by hand."""

    name = "disks"

    def __init__(self, folders: Sequence[Path], missing: str, filled: Callable[[bool], None]) -> None:
        self._folders, self._missing, self._filled = folders, missing, filled

    def missing(self) -> str:
        return self._missing

    def play(self, seed: int, seconds: float) -> Counter[str]:
        folder = random.Random(seed).choice(self._folders)
        ballast = folder / "ballast"
        self._filled(True)
        try:
            with ballast.open("wb") as file:
                free = os.statvfs(folder)
                os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize))
            time.sleep(seconds)
        finally:
            ballast.unlink(missing_ok=True)
            self._filled(False)
        return Counter({f"full disk of the {folder.name}": 1})


class Clocks:
    """Leaps of the station's time of day, of the hub's, or of both, and back."""

    name = "clock"

    def __init__(self, *programs: Program) -> None:
        self._programs = programs

    def missing(self) -> str:
        return ""

    def play(self, seed: int, seconds: float) -> Counter[str]:
        chance, sent = random.Random(seed), Counter[str]()
        leaps = 3
        try:
            for _ in range(leaps):
                leap, programs = (
                    chance.choice(LEAPS_S),
                    chance.choice((self._programs, *((one,) for one in self._programs))),
                )
                for program in programs:
                    program.set_clock(leap)
                    sent[f"clock leaps of the {program.name}"] += 1
                time.sleep(seconds / leaps)
                for program in programs:
                    program.set_clock(0)
        finally:
            for program in self._programs:
                program.set_clock(0)
        return sent


class BrokerTrouble:
    """It is restarted, killed, or stops to answer with its connections open."""

    name = "broker"

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def missing(self) -> str:
        return ""

    def play(self, seed: int, seconds: float) -> Counter[str]:
        chance, sent, ends = random.Random(seed), Counter[str](), time.monotonic() + seconds
        while time.monotonic() < ends:
            pause = min(5.0, seconds / 3)
            match what := chance.choice(("restart", "kill", "freeze")):
                case "restart":
                    self._broker.restart()
                case "kill":
                    self._broker.kill()
                    time.sleep(pause)
                    self._broker.start()
                case _:
                    with self._broker.frozen():
                        time.sleep(pause)
            sent[f"broker {what}"] += 1
            time.sleep(pause)
        return sent
