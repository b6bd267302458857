"""The WSGI server that kiosk and hub run on."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from authority import Authority
from cryptography import x509

from web_ui.server import ListenError, Server, serve

pytestmark = pytest.mark.clock


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


def test_with_a_certificate_it_speaks_https(tmp_path: Path) -> None:
    certificate, key = certified(tmp_path)
    running = serve(hello, "127.0.0.1:0", 1, tls=(str(certificate), str(key)))
    running.start()
    trusting = ssl.create_default_context(cafile=str(certificate))
    port = running.address.rpartition(":")[2]
    with urlopen(f"https://localhost:{port}/", context=trusting) as answer:
        assert answer.read() == b"hello"
    running.stop()


def test_who_connects_and_says_nothing_keeps_nobody_waiting(tmp_path: Path) -> None:
    certificate, key = certified(tmp_path)
    running = serve(hello, "127.0.0.1:0", 2, tls=(str(certificate), str(key)))
    running.start()
    port = int(running.address.rpartition(":")[2])
    trusting = ssl.create_default_context(cafile=str(certificate))
    with socket.create_connection(("127.0.0.1", port)):
        with urlopen(f"https://localhost:{port}/", context=trusting, timeout=8) as answer:
            assert answer.read() == b"hello"
        with urlopen(f"https://localhost:{port}/", context=trusting, timeout=8) as answer:
            assert answer.read() == b"hello"
    running.stop()


@pytest.mark.parametrize("how", ["speaks no TLS", "does not trust the certificate"])
def test_who_does_not_come_to_terms_is_let_go_and_no_error_in_the_journal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    certificate, key = certified(tmp_path)
    running = serve(hello, "127.0.0.1:0", 1, tls=(str(certificate), str(key)))
    running.start()
    port = int(running.address.rpartition(":")[2])
    if how == "speaks no TLS":
        with pytest.raises((OSError, HTTPException)):
            urlopen(f"http://localhost:{port}/", timeout=8)
    else:
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urlopen(f"https://localhost:{port}/", timeout=8)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with urlopen(f"https://localhost:{port}/", context=trusting, timeout=8) as answer:
        assert answer.read() == b"hello"
    running.stop()
    assert caplog.messages == []


def test_a_browser_that_closes_a_page_in_mid_stream_is_no_error_in_the_journal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    went, ended = threading.Event(), threading.Event()

    def streaming(environ: object, start_response: object) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])  # type: ignore[operator]
        try:
            yield b"first"
            assert went.wait(5)
            yield from [b"more"] * 1000
        finally:
            ended.set()

    certificate, key = certified(tmp_path)
    running = serve(streaming, "127.0.0.1:0", 1, tls=(str(certificate), str(key)))
    running.start()
    plain = socket.create_connection(("127.0.0.1", int(running.address.rpartition(":")[2])), timeout=5)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with trusting.wrap_socket(plain, server_hostname="localhost") as browser:
        browser.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert browser.recv(5)
    went.set()
    assert ended.wait(5)
    running.stop()
    assert caplog.messages == []


def certified(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost with its authority's, and its key."""
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    ca, certificate, key = Authority(curve=True).write(folder / "tls", "localhost", names)
    with certificate.open("ab") as chain:
        chain.write(ca.read_bytes())
    return certificate, key


def test_the_same_port_can_be_listened_on_again(server: Server) -> None:
    address = server.address
    server.stop()
    again = serve(hello, address, 1)
    again.start()
    with urlopen(f"http://{address}/") as answer:
        assert answer.status == 200
    again.stop()
