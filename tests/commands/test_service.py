"""What systemd hears from a running station, on a real datagram socket."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import until

from station.commands import service
from station.runtime import STALE_AFTER, Workers


class Systemd:
    """The socket that NOTIFY_SOCKET names."""

    def __init__(self, folder: Path) -> None:
        self.address = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.address))
        self._socket.settimeout(30)

    def hear(self) -> str:
        return self._socket.recv(4096).decode()

    def silent(self) -> bool:
        """Whether it becomes quiet; while the watchdog is fed, something comes a hundred times a second."""
        self._socket.settimeout(0.2)
        for _ in range(200):
            try:
                self.hear()
            except TimeoutError:
                return True
        return False

    def close(self) -> None:
        self._socket.close()


class Part:
    """A service and its web server in one: it lives, and it can hang."""

    def __init__(self) -> None:
        self.time = 0.0
        self.workers = Workers(clock=lambda: self.time)
        self.alive = True
        self.break_it, self.hanging, self.mend = threading.Event(), threading.Event(), threading.Event()

    def start(self) -> None:
        self.workers.start("steady", self._step)

    def _step(self) -> None:
        if self.break_it.wait(0.01):
            self.hanging.set()
            self.mend.wait(60)

    def stop(self) -> None:
        self.alive = False

    def close(self) -> list[str]:
        self.mend.set()
        return self.workers.stop()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    systemd = Systemd(tmp_path)
    monkeypatch.setenv("NOTIFY_SOCKET", str(systemd.address))
    yield systemd
    systemd.close()


def watch(part: Part, monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Thread, threading.Event]:
    monkeypatch.setattr(service, "WATCH_EVERY", 0.01)
    asked = threading.Event()
    part.start()
    watching = threading.Thread(target=service._watch, args=(part.workers, [part], asked))
    watching.start()
    return watching, asked


def test_systemd_hears_of_the_start_of_every_fresh_look_and_of_the_end(
    systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(service.signal, "signal", lambda _, handler: asked.append(handler))
    monkeypatch.setattr(service, "WATCH_EVERY", 0.01)
    part, codes = Part(), []
    serving = threading.Thread(target=lambda: codes.append(service.serve_until_told(part, {"kiosk.listen": NoWeb()})))
    serving.start()
    starting = [systemd.hear().split("STATUS=starting: ") for _ in range(2)]
    assert starting == [["EXTEND_TIMEOUT_USEC=90000000\n", step] for step in ("kiosk.listen", "threads")]
    assert [systemd.hear(), systemd.hear()] == ["READY=1\nSTATUS=", "WATCHDOG=1"]
    asked[0]()
    serving.join(30)
    said = systemd.hear()
    while said == "WATCHDOG=1":
        said = systemd.hear()
    assert (said, codes) == ("STOPPING=1", [0])


class NoWeb:
    alive = True

    def start(self) -> None: ...

    def stop(self) -> None: ...


@pytest.mark.parametrize("fault", ["a thread hangs", "the web server died"])
def test_the_watchdog_is_not_fed_while_anything_is_stale(
    systemd: Systemd, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    part = Part()
    watching, asked = watch(part, monkeypatch)
    assert systemd.hear() == "WATCHDOG=1"
    if fault == "a thread hangs":
        part.break_it.set()
        assert part.hanging.wait(30)
        part.time += STALE_AFTER + 1
    else:
        part.alive = False
    said: list[str] = []
    until(lambda: said.append(capfd.readouterr().err) or "no heartbeat from" in "".join(said))
    assert systemd.silent()
    asked.set()
    watching.join(30)
    assert part.close() == []


def test_outside_systemd_running_says_nothing_to_anybody(monkeypatch: pytest.MonkeyPatch, systemd: Systemd) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET")
    service.notify_systemd("READY=1")
    assert systemd.silent()
