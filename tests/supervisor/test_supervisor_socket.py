"""The station's end of the socket that the supervisors' view asks on, over a real socket."""

import logging
import socket
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from stub_station import (
    FINGERPRINT,
    HAND_OVER,
    HOUR,
    INCIDENT,
    NUMBER,
    ON_DUTY,
    PART,
    PIN,
    SUPERVISOR,
    TEAM,
    StubStation,
)

from station.domain.supervision import SignInRefusal, SignInRefused, StationUnavailable
from station.supervisor import protocol, socket_server
from station.supervisor.protocol import MAX_REPLY_BYTES, MAX_REQUEST_BYTES, Hours, encode
from station.supervisor.request_handler import MAX_INCIDENTS
from station.supervisor.socket_server import CPU_SHARE, MIN_PAUSE_S, REOPEN_INTERVAL_S, SILENT_S, SocketServer


@pytest.fixture
def station(tmp_path: Path) -> Iterator[StubStation]:
    stub = StubStation(tmp_path / "view.sock")
    stub.start()
    yield stub
    stub.stop()


def send(path: Path, packet: bytes) -> bytes:
    """What comes back; empty where it was hung up on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.send(packet)
        return connection.recv(MAX_REPLY_BYTES + 1)


def test_every_page_gets_what_it_asks_for(station: StubStation) -> None:
    client = station.client
    assert client.live() == protocol.Live(station.topics, (FINGERPRINT,))
    assert client.duty() == protocol.Duty((ON_DUTY,), (TEAM,), (HAND_OVER,))
    assert client.incidents().listed == (INCIDENT,)
    assert client.hours().counts == (HOUR,)
    assert client.condition().parts == (PART,)
    assert client.sign_in(NUMBER, PIN, "192.0.2.7") == SUPERVISOR
    client.sign_out(FINGERPRINT)
    assert station.signed == [("in", NUMBER, "192.0.2.7"), ("out", FINGERPRINT)]


def test_a_refusal_comes_with_its_reason(station: StubStation) -> None:
    with pytest.raises(SignInRefused) as refused:
        station.client.sign_in(NUMBER, "000000", "192.0.2.7")
    assert refused.value.why is SignInRefusal.WRONG_PIN


@pytest.mark.parametrize(
    "packet",
    [
        b"\xff",
        b"{}",
        b'{"type":"command","lane":"1"}',
        b"[" * 1024,
        b"x" * (MAX_REQUEST_BYTES + 1),
        b"x" * 150_000,
    ],
    ids=lambda packet: f"{packet[:12]!r} of {len(packet)}",
)
def test_what_is_no_request_is_refused_and_the_next_is_answered(station: StubStation, packet: bytes) -> None:
    assert b'"failed"' in send(station.path, packet)
    assert station.client.hours().counts == (HOUR,)


def test_who_says_nothing_is_hung_up_on(station: StubStation) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as silent:
        silent.settimeout(30)
        silent.connect(str(station.path))
        assert silent.recv(1) == b""
    assert station.client.hours().counts == (HOUR,)


def test_what_fails_costs_one_request_and_is_told_once(station: StubStation, caplog: pytest.LogCaptureFixture) -> None:
    def damaged() -> list[object]:
        raise ValueError("file is not a database")

    station.give(hours=damaged)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with pytest.raises(StationUnavailable, match="the station made a mistake"):
                station.client.hours()
    assert len(caplog.records) == 1
    assert "file is not a database" in caplog.text
    assert station.client.incidents().listed == (INCIDENT,)


def test_a_reply_is_as_long_as_a_page_needs_and_no_longer(station: StubStation) -> None:
    long = replace(INCIDENT, text="桥" * 500)
    station.give(incidents=lambda: [long] * (MAX_INCIDENTS + 1))
    assert station.client.incidents().listed == (long,) * MAX_INCIDENTS
    station.give(hours=lambda: [HOUR] * MAX_REPLY_BYTES)
    with pytest.raises(StationUnavailable, match="too long"):
        station.client.hours()


def test_its_own_user_and_group_may_ask_and_nobody_else(station: StubStation) -> None:
    mode = station.path.stat().st_mode
    assert (stat.S_ISSOCK(mode), stat.S_IMODE(mode)) == (True, 0o660)


def test_the_socket_of_a_station_that_was_killed_is_taken_over(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as before:
        before.bind(str(tmp_path / "view.sock"))
    stub = StubStation(tmp_path / "view.sock")
    stub.start()
    assert stub.client.hours().counts == (HOUR,)
    stub.stop()
    assert not stub.path.exists()


class Scripted:
    """A server whose waits are noted and whose clocks stand still."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket_server, "ACCEPT_TIMEOUT_S", 0.001)
        self.waits: list[float] = []
        self.now = self.cpu = 0.0
        self.path, self.cost = path, 0.0
        self.server = SocketServer(
            path, self._answer, self.waits.append, clock=lambda: self.now, cpu_clock=lambda: self.cpu
        )

    def _answer(self, request: protocol.Request) -> protocol.Reply:
        self.cpu += self.cost
        return Hours(())

    def ask(self, packet: bytes = encode(protocol.ReadHours())) -> bytes:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            connection.settimeout(10)
            connection.connect(str(self.path))
            connection.send(packet)
            self.server.step()
            return connection.recv(MAX_REPLY_BYTES)


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    scripted = Scripted(tmp_path / "run" / "view.sock", monkeypatch)
    yield scripted
    scripted.server.close()


def test_after_each_request_it_rests_so_long_that_a_flood_takes_its_share_and_no_more(scripted: Scripted) -> None:
    scripted.path.parent.mkdir()
    scripted.server.step()
    for cost in (0.0, 0.001, 0.05, 2.0):
        scripted.cost = cost
        scripted.ask()
        assert scripted.waits[-1] >= MIN_PAUSE_S
        assert cost <= CPU_SHARE * (cost + scripted.waits[-1]) + 1e-9
    scripted.ask(b"no request")
    assert scripted.waits[-1] == MIN_PAUSE_S


def test_where_there_is_no_folder_it_says_so_and_looks_again(scripted: Scripted) -> None:
    scripted.server.step()
    assert scripted.server.fault.startswith(f"supervisor.socket: {scripted.path}: No such file or directory; give")
    assert scripted.waits == [REOPEN_INTERVAL_S]
    scripted.path.parent.mkdir()
    scripted.server.step()
    assert scripted.server.fault == ""
    assert b'"hours"' in scripted.ask()


def test_a_view_that_asks_no_more_is_a_fault_until_it_asks_again(scripted: Scripted) -> None:
    scripted.path.parent.mkdir()
    scripted.server.step()
    scripted.now += SILENT_S
    assert scripted.server.fault == ""
    scripted.now += 1
    assert "station-supervisor" in scripted.server.fault
    scripted.ask(b"no request")
    assert "station-supervisor" in scripted.server.fault
    scripted.ask()
    assert scripted.server.fault == ""


def test_more_than_the_queue_holds_waits_nowhere_in_the_station(scripted: Scripted) -> None:
    """A flood of connections is the kernel's: the station has taken none of them."""
    scripted.path.parent.mkdir()
    scripted.server.step()
    flood = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(200)]
    refused = 0
    for one in flood:
        one.setblocking(False)
        try:
            one.connect(str(scripted.path))
        except BlockingIOError:
            refused += 1
    for one in flood:
        one.close()
    assert refused >= 200 - socket_server.MAX_WAITING - 1
    assert scripted.waits == []
