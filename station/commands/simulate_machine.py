"""The district's machine of one schedule: a broker and a hub, killed and started again as its seed has it."""

import multiprocessing
import os
import resource
import sys
import time
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from multiprocessing.process import BaseProcess
from pathlib import Path

from station.bootstrap import Hub
from station.commands import CommandError
from station.commands.processes import READY_WITHIN, STOP_WITHIN, broker_child, free_port
from station.commands.service import serve_until_told
from station.config import HubConfig, load_hub
from station.hub.database import StoreUnwritable
from station.simulation.schedule import Blow

MOST_TOLD = 2000  # bytes of its log
_PORTS = 15_000  # from here to twice as much: the system gives none of them to whoever connects to somebody
_NO_ROOM = 4096  # bytes a file of the hub may have while its disk is full: its logs fit, its store does not
_HUB_TOML = """[hub]
district = "pingyuan"
data_dir = "{folder}/hub"

[broker]
url = "{broker}"

[web]
listen = "127.0.0.1:{port}"
"""

# Never forked: this process has threads of its libraries, and whoever plays schedules may have more.
_processes = multiprocessing.get_context("spawn")


class HubProcess:
    """A whole hub but for its pages, which nobody looks at here."""

    def __init__(self, config: HubConfig, log: Path) -> None:
        self._config, self._log = config, log
        log.touch()
        self.start()

    def start(self) -> None:
        self._process: BaseProcess = _processes.Process(target=_serve, args=(self._config, self._log), daemon=True)
        self._process.start()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def wait_ready(self) -> None:
        """:raises CommandError: it ended, or never said it."""
        end = time.monotonic() + READY_WITHIN
        while "ready" not in (said := self._log.read_text(errors="replace")).split():
            if not self.alive or time.monotonic() > end:
                raise CommandError(f"the hub was not ready within {READY_WITHIN:.0f} s: {said[-MOST_TOLD:]}")
            time.sleep(0.02)

    def allow(self, size: int) -> None:
        """How long a file it may write: a disk that is full for it alone."""
        if self.alive and self._process.pid is not None:
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def kill(self) -> None:
        """As a power cut."""
        self._process.kill()
        self._process.join()

    def stop(self) -> None:
        self._process.terminate()
        self._process.join(STOP_WITHIN)
        self.kill()


class Machine:
    """Broker and hub as processes, and what is done to them."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.store = folder / "hub" / "hub.sqlite3"
        self.url, self._broker = broker_child(folder, running, _PORTS + os.getpid() % _PORTS)
        toml = folder / "hub.toml"
        toml.write_text(_HUB_TOML.format(folder=folder, broker=self.url, port=free_port()))
        self._hub, self._hub_struck = HubProcess(load_hub(toml), folder / "hub.log"), 0
        running.callback(self._hub.stop)
        self._hub.wait_ready()

    def strike(self, blow: Blow) -> None:
        match blow:
            case Blow.KILL_HUB:
                self._hub_struck += 1
                self._hub.kill()
            case Blow.KILL_BROKER:
                self._broker.kill()
            case Blow.FULL_DISK:
                self._hub.allow(_NO_ROOM)

    def mend(self, blow: Blow) -> None:
        match blow:
            case Blow.KILL_HUB:
                self._hub_struck -= 1
            case Blow.KILL_BROKER if not self._broker.alive:
                self._broker.start()
            case Blow.FULL_DISK:
                self._hub.allow(resource.RLIM_INFINITY)

    def keep_up(self) -> None:
        """Start the hub if it is down for no blow, as systemd does: it ends by itself where the disk is full just when
        it starts."""
        if not self._hub_struck and not self._hub.alive:
            self._hub.start()


def _serve(config: HubConfig, log: Path) -> None:
    """A child's whole life."""
    with log.open("a", encoding="utf-8", buffering=1) as file, redirect_stdout(file), redirect_stderr(file):
        try:
            hub = Hub(config)
        except StoreUnwritable as error:
            sys.exit(str(error))
        sys.exit(serve_until_told(hub, {}))
