"""The supervisors' view and the lanes are processes apart: neither's trouble is the other's."""

import signal
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from station_process import Program
from supervisor_desk import Desk
from waiting import until

from station.supervisor.protocol import ReadHours, encode
from station.supervisor.socket_server import MAX_WAITING, MIN_PAUSE_S

pytestmark = [pytest.mark.faults, pytest.mark.clock]

FLOOD_S = 3.0
FLOODERS = 4


class Running(Desk):
    station: Program
    view: Program

    def lanes_go_on(self) -> None:
        """The lane takes further pictures, and /healthz answers within its ten seconds."""
        before = self.health()["lanes"]["1"]["frames"]
        until(lambda: self.health()["lanes"]["1"]["frames"] > before + 2, what="further pictures")
        assert self.health()["stale_threads"] == []
        assert self.station.process.poll() is None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Running]:
    desk = Running(tmp_path)
    desk.station = desk.run_station()
    desk.view = desk.run_view()
    yield desk
    for program in (desk.view, desk.station):
        with suppress(ProcessLookupError):
            program.process.send_signal(signal.SIGCONT)
        program.kill()


def test_a_view_that_hangs_or_is_killed_costs_no_lane_anything(desk: Running) -> None:
    assert desk.sign_in()[0] == "/"
    desk.view.process.send_signal(signal.SIGSTOP)
    desk.lanes_go_on()
    desk.view.process.send_signal(signal.SIGCONT)
    assert "Lane 1" in desk.get("/station")[1]
    desk.view.kill()
    desk.lanes_go_on()
    desk.view.start()
    assert desk.sign_in()[0] == "/"
    assert desk.station.stop() == 0


def test_a_flood_of_the_view_and_of_the_socket_behind_it_leaves_the_lanes_their_time(desk: Running) -> None:
    ends = time.monotonic() + FLOOD_S
    answered, began = [0], time.monotonic()
    counting = threading.Lock()

    def flood_pages() -> None:
        trusts = ssl._create_unverified_context()
        while time.monotonic() < ends:
            with (
                suppress(OSError),
                socket.create_connection(("127.0.0.1", desk.port), timeout=2) as plain,
                trusts.wrap_socket(plain, server_hostname="localhost") as connection,
            ):
                connection.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def flood_socket() -> None:
        """As a view that was broken into: it waits for nothing."""
        while time.monotonic() < ends:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
                connection.settimeout(1)
                connection.connect(str(desk.socket))
                connection.send(encode(ReadHours()))
                if connection.recv(2**18):
                    with counting:
                        answered[0] += 1

    flooders = [threading.Thread(target=flood) for flood in (flood_pages, flood_socket) * FLOODERS]
    for flooder in flooders:
        flooder.start()
    desk.lanes_go_on()
    for flooder in flooders:
        flooder.join()
    assert 0 < answered[0] <= (time.monotonic() - began) / MIN_PAUSE_S + MAX_WAITING
    desk.lanes_go_on()
    assert desk.sign_in()[0] == "/"


def test_a_station_that_hangs_or_is_started_again_is_told_on_the_page_and_nobody_signs_in_anew(desk: Running) -> None:
    assert desk.sign_in()[0] == "/"
    stream = desk.live()
    available = (view["available"] for topic, view in stream if topic == "availability")
    assert next(available) is True
    desk.station.process.send_signal(signal.SIGSTOP)
    assert next(available) is False
    desk.station.process.send_signal(signal.SIGCONT)
    assert next(available) is True
    desk.station.kill()
    assert next(available) is False
    desk.station.start()
    assert next(available) is True
    assert next(topic for topic, _ in stream if topic == "station")
    assert desk.get("/station")[0] == "/station"
    assert "Lane 1" in desk.get("/station")[1]
    stream.close()
