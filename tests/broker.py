"""A real mosquitto on a loopback port of its own, to be stopped, killed and started again on the same port."""

import getpass
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waiting import until

MOSQUITTO = "/usr/sbin/mosquitto"


class Broker:
    """Keeps nothing over a restart unless ``persistent``. ``extra`` are lines of mosquitto.conf."""

    def __init__(self, folder: Path, *extra: str, persistent: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._extra = extra
        self._persistent = persistent
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self._folder / "mosquitto.log").read_text(errors="replace")

    def start(self) -> None:
        config = self._folder / "mosquitto.conf"
        config.write_text("\n".join((*self._lines(), *self._extra, "")))
        with (self._folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen([MOSQUITTO, "-c", str(config)], stdout=log, stderr=log)
        until(self._accepts, what=f"mosquitto on port {self.port}; see {self._folder}")

    def stop(self) -> None:
        """End it as systemd does."""
        self._end(kill=False)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(kill=True)

    def restart(self) -> None:
        self.stop()
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Its connections stay, and nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _end(self, *, kill: bool) -> None:
        if self._process is not None:
            self._process.kill() if kill else self._process.terminate()
            self._process.wait(10)
            self._process = None

    def _accepts(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"mosquitto ended: {self.log}"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _lines(self) -> tuple[str, ...]:
        return (
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            f"user {getpass.getuser()}",
            f"persistence {str(self._persistent).lower()}",
            f"persistence_location {self._folder}/",
            "log_dest stderr",
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
