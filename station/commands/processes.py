"""Child processes of the demo: started until ready, watched, and stopped in reverse."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from station.commands import CommandError

READY_WITHIN = 180.0  # a machine that is emulated, or busy, imports for a minute or two
STOP_WITHIN = 10.0
TAIL = 20


class Child:
    """One process with its log in a file."""

    def __init__(self, name: str, command: list[str], folder: Path) -> None:
        self._name = name
        self._command = command
        self._log = folder / f"{name}.log"
        self._out = folder / f"{name}.out"
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log, self._out.open("wb") as out:
            self.process = subprocess.Popen(self._command, stdout=out, stderr=log, stdin=subprocess.DEVNULL)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def check(self) -> None:
        """:raises CommandError: it has ended, with the end of its log."""
        if self.process.poll() is not None:
            raise CommandError(f"{self._name} ended with {self.process.returncode}:\n{self._last_words()}")

    def wait_ready(self) -> None:
        """Wait for its ``ready`` line. :raises CommandError: it ended, or never said it."""
        end = time.monotonic() + READY_WITHIN
        while "ready" not in self._out.read_text(errors="replace").split():
            self.check()
            if time.monotonic() > end:
                said = self._last_words() or "nothing; the machine may be too slow or too busy"
                raise CommandError(f"{self._name} was not ready within {READY_WITHIN:.0f} s; its log says:\n{said}")
            time.sleep(0.05)

    def _last_words(self) -> str:
        """The log itself may be gone with its folder before anybody can look."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-TAIL:])

    def kill(self) -> None:
        """As a power cut: nothing is said goodbye to, nothing is flushed."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start_station_program(name: str, folder: Path, running: ExitStack, *arguments: str) -> Child:
    child = Child(name, [sys.executable, "-m", "station", *arguments], folder)
    running.callback(child.stop)
    child.wait_ready()
    return child


def start_broker(folder: Path, running: ExitStack) -> str:
    """A mosquitto of our own on a private loopback port. :return: its URL."""
    return broker_child(folder, running)[0]


def broker_child(folder: Path, running: ExitStack, wanted: int = 0) -> tuple[str, Child]:
    """The same, with its process, for who wants to kill it and start it again. ``wanted`` is a port."""
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        raise CommandError("mosquitto is not installed; install it with: apt install mosquitto")
    port = free_port(wanted)
    config = folder / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    child = Child("mosquitto", [program, "-c", str(config)], folder)
    running.callback(child.stop)
    _wait_for_port(port, child)
    return f"mqtt://127.0.0.1:{port}", child


def _wait_for_port(port: int, child: Child) -> None:
    end = time.monotonic() + READY_WITHIN
    while True:
        child.check()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise CommandError("the broker does not listen") from None
            time.sleep(0.05)
        else:
            return


def free_port(wanted: int = 0) -> int:
    """``wanted`` if nobody has it on loopback, else any free port."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise CommandError("no free port on 127.0.0.1")
