"""The WSGI server that kiosk and hub run on."""

import socket
import threading
import time
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from web_ui.server import ListenError, Server, serve


def hello(environ: object, start_response: object) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])  # type: ignore[operator]
    return [b"hello"]


@pytest.fixture
def server() -> Iterator[Server]:
    running = serve(hello, "127.0.0.1:0", 2)
    running.start()
    yield running
    running.stop()


def test_a_request_is_answered_at_the_real_port(server: Server) -> None:
    assert server.alive
    with urlopen(f"http://{server.address}/") as answer:
        assert answer.read() == b"hello"
        assert answer.headers["Server"] == "station"


def test_a_taken_port_is_said_with_its_address_and_the_remedy(server: Server) -> None:
    second = serve(hello, server.address, 1)
    with pytest.raises(ListenError, match=rf"cannot listen on {server.address}: .*in use.*; stop the program"):
        second.start()


def test_an_open_stream_does_not_keep_the_server_from_stopping() -> None:
    closed = threading.Event()

    def endless(environ: object, start_response: object) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/event-stream")])  # type: ignore[operator]
        try:
            yield b"data: first\n\n"
            while True:
                threading.Event().wait(0.1)
                yield b""
        finally:
            closed.set()

    running = serve(endless, "127.0.0.1:0", 3)
    running.start()
    host, _, port = running.address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as browser:
        browser.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        received = b""
        while b"first" not in received:
            received += browser.recv(1000)
        began = time.monotonic()
        running.stop()
        assert time.monotonic() - began < 2
    assert closed.wait(1)
    assert not running.alive


def test_the_same_port_can_be_listened_on_again(server: Server) -> None:
    address = server.address
    server.stop()
    again = serve(hello, address, 1)
    again.start()
    with urlopen(f"http://{address}/") as answer:
        assert answer.status == 200
    again.stop()
