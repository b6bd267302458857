"""What slow, silent and greedy clients may take of the server: nothing that somebody else needs."""

import http.client
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from authority import Authority
from flask import Flask, Response, request, stream_with_context

from web_ui.server import Server, ServerLimits, serve

pytestmark = pytest.mark.clock

LONG = 20.0
"""Seconds: no test takes this long unless it fails."""
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def page(environ: Any, start_response: Any) -> list[bytes]:
    read = environ["wsgi.input"].read()
    body = f"{environ['REQUEST_METHOD']} {len(read)} {environ.get('HTTP_X_FORWARDED_FOR', '')}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


@contextmanager
def running(app: Any = page, threads: int = 4, tls: tuple[str, str] | None = None, **bounds: Any) -> Iterator[Server]:
    more = {"limits": ServerLimits(**bounds)} if bounds else {}
    server = serve(app, "127.0.0.1:0", threads, tls, **more)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def connect(server: Server, address: str = "127.0.0.1") -> socket.socket:
    host, _, port = server.address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=LONG, source_address=(address, 0))


def ask(server: Server, address: str = "127.0.0.1", trusts: ssl.SSLContext | None = None) -> bytes:
    """Within half the time that a header may take."""
    name, port = ("127.0.0.1" if trusts is None else "localhost"), int(server.address.rpartition(":")[2])
    kind: Any = http.client.HTTPConnection if trusts is None else http.client.HTTPSConnection
    more: dict[str, Any] = {} if trusts is None else {"context": trusts}
    connection = kind(name, port, timeout=5, source_address=(address, 0), **more)
    connection.request("GET", "/")
    answer = connection.getresponse()
    said: bytes = answer.read()
    connection.close()
    assert answer.status == 200, answer.status
    return said


def answer_to(client: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    said = b""
    try:
        while more := client.recv(65536):
            said += more
    except ConnectionResetError:
        pass
    return said


def held(stack: ExitStack, server: Server, count: int, says: bytes) -> list[socket.socket]:
    clients = [stack.enter_context(connect(server)) for _ in range(count)]
    for client in clients:
        client.sendall(says)
    return clients


@pytest.mark.parametrize("says", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "], ids=["silent", "half a header"])
def test_two_hundred_slow_sockets_of_one_address_stop_nobody(says: bytes) -> None:
    with running() as server, ExitStack() as stack:
        held(stack, server, 200, says)
        assert ask(server, "127.0.0.2").startswith(b"GET")
        assert ask(server).startswith(b"GET")  # on loopback the page comes from the same address


def test_two_hundred_slow_handshakes_of_one_address_stop_nobody(tmp_path: Path) -> None:
    ca, cert, key = Authority(curve=True).write(tmp_path, "localhost")
    trusts = ssl.create_default_context(cafile=str(ca))
    trusts.check_hostname = False
    with running(tls=(str(cert), str(key))) as server, ExitStack() as stack:
        held(stack, server, 200, b"\x16\x03\x01")
        assert ask(server, trusts=trusts).startswith(b"GET")


def test_twenty_stalled_uploads_delay_nobody() -> None:
    with running(threads=8) as server, ExitStack() as stack:
        held(stack, server, 20, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nplate=")
        for _ in range(3):
            assert ask(server) == b"GET 0 "


@pytest.mark.parametrize(
    ("begins", "goes_on", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-More: " + b"x" * 1000 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-More: ", b"x" * 1000, b"431"),
        (b"GET /", b"x" * 1000, b"414"),
    ],
    ids=["header", "header field", "request line"],
)
def test_what_does_not_end_is_refused_long_before_a_megabyte(begins: bytes, goes_on: bytes, status: bytes) -> None:
    with running() as server, connect(server) as client:
        client.sendall(begins)
        for _ in range(1000):
            if select.select([client], [], [], 0)[0]:
                break
            try:
                client.sendall(goes_on)
            except OSError:
                break
            time.sleep(0.0005)
        else:
            pytest.fail("a megabyte of it was taken")
        assert answer_to(client)[:12].endswith(status)


def test_a_request_line_of_a_megabyte_is_refused() -> None:
    with running() as server, connect(server) as client:
        sender = threading.Thread(
            target=_send_and_ignore, args=(client, b"GET /" + b"x" * 2**20 + b" HTTP/1.1\r\n\r\n")
        )
        sender.start()
        said = answer_to(client)
        sender.join(LONG)
        assert said == b"" or said.startswith(b"HTTP/1.1 414")  # a reset may overtake the answer
        assert ask(server) == b"GET 0 "


def _send_and_ignore(client: socket.socket, data: bytes) -> None:
    with suppress(OSError):
        client.sendall(data)


@pytest.mark.parametrize(
    ("begins", "bound"),
    [
        (b"GET / HTTP/1.1\r\nX: ", {"header_timeout_s": 0.5}),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n", {"body_timeout_s": 0.5}),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFF\r\n", {"body_timeout_s": 0.5}),
    ],
    ids=["header", "body", "chunked body"],
)
def test_a_byte_now_and_then_prolongs_no_deadline(begins: bytes, bound: dict[str, float]) -> None:
    with running(**bound) as server, connect(server) as client:
        client.sendall(begins)
        assert until_closed(client, lambda: client.send(b"x"))


def test_the_deadline_holds_for_a_further_request_on_a_connection_too() -> None:
    with running(header_timeout_s=0.5) as server, connect(server) as client:
        client.sendall(REQUEST)
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
        client.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert until_closed(client, lambda: client.send(b"x"))


def test_a_connection_that_is_idle_is_closed() -> None:
    with running(keep_alive_timeout_s=1) as server, connect(server) as client:
        client.sendall(REQUEST)
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
        assert until_closed(client, lambda: None)


def until_closed(client: socket.socket, again: Callable[[], object]) -> bool:
    end = time.monotonic() + LONG / 2
    while time.monotonic() < end:
        try:
            again()
            if select.select([client], [], [], 0.05)[0] and not client.recv(1000):
                return True
        except OSError:
            return True
    return False


def large(environ: Any, start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(64 * 2**20))])
    yield from [bytes(2**20)] * 64


def small_or_large(environ: Any, start_response: Any) -> Any:
    return (large if environ["PATH_INFO"] == "/large" else page)(environ, start_response)


def test_who_does_not_read_an_answer_holds_no_thread_and_is_cut_off() -> None:
    with running(small_or_large, threads=1, write_timeout_s=0.5) as server, ExitStack() as stack:
        (client,) = held(stack, server, 1, REQUEST.replace(b"/ ", b"/large "))
        assert client.recv(10)  # the answer is on its way
        assert ask(server) == b"GET 0 "
        # Nothing is read, so nothing tells but the system: its own buffer is full and then it is cut.
        poll = select.poll()
        poll.register(client, select.POLLHUP | select.POLLERR | select.POLLRDHUP)
        assert poll.poll(LONG * 500)


def test_an_event_stream_takes_no_thread_of_the_requests() -> None:
    closing = threading.Event()

    def app(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/events":
            return page(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return endless()

    def endless() -> Iterator[bytes]:
        yield b"data: first\n\n"
        while not closing.wait(0.1):
            yield b""

    with running(app, threads=1) as server, ExitStack() as stack:
        for stream in held(stack, server, 4, REQUEST.replace(b"/ ", b"/events ")):
            assert stream.recv(1000).startswith(b"HTTP/1.1 200")
        assert ask(server) == b"GET 0 "
        closing.set()


class Working:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/work":
            self.begun.release()
            assert self.go_on.wait(LONG)
        return page(environ, start_response)


WORK = REQUEST.replace(b"/ ", b"/work ")


def test_connections_that_are_being_answered_give_way_to_nobody() -> None:
    app = Working()
    with running(app, threads=8, connections_per_network=3) as server, ExitStack() as stack:
        busy = held(stack, server, 3, WORK)
        assert all(app.begun.acquire(timeout=LONG) for _ in busy)
        with connect(server) as one_more:
            assert answer_to(one_more) == b""
        assert ask(server, "127.0.0.2") == b"GET 0 "
        app.go_on.set()
        assert all(client.recv(1000).startswith(b"HTTP/1.1 200") for client in busy)


def test_requests_that_wait_for_a_thread_are_bounded() -> None:
    app = Working()
    with running(app, threads=1, waiting_requests=2) as server, ExitStack() as stack:
        busy = held(stack, server, 1, WORK)
        assert app.begun.acquire(timeout=LONG)
        busy += held(stack, server, 2, WORK)
        refused = select.select(busy, [], [], LONG)[0]
        assert len(refused) == 1
        assert refused[0].recv(1000).startswith(b"HTTP/1.1 503")
        app.go_on.set()


@pytest.mark.parametrize("length", ["4097", "9" * 30])
def test_a_body_over_the_bound_is_refused_before_it_comes(length: str) -> None:
    with running(body_bytes=4096) as server, connect(server) as client:
        client.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
        said = answer_to(client)
        assert said[:12] in (b"HTTP/1.1 413", b"HTTP/1.1 400")  # the parser knows no numbers beyond 64 bits
        assert len(length) > 4 or "请求过大" in said.decode()


def test_a_chunked_body_is_bounded_and_is_handed_over_whole() -> None:
    begins = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    with running(body_bytes=4096) as server:
        with connect(server) as client:
            client.sendall(begins + b"5\r\nplate\r\n5\r\n=1234\r\n0\r\n\r\n")
            assert answer_to(client).endswith(b"POST 10 ")
        with connect(server) as client:
            client.sendall(begins + b"1001\r\n" + b"x" * 0x1001)
            assert answer_to(client).startswith(b"HTTP/1.1 413")


def test_requests_sent_ahead_of_their_answers_are_bounded() -> None:
    app = Working()
    with running(app, threads=1) as server, connect(server) as client:
        client.sendall(WORK)
        assert app.begun.acquire(timeout=LONG)
        client.sendall(REQUEST * 1000)
        assert b"HTTP/1.1 400" in answer_to(client)
        app.go_on.set()


def test_a_header_field_with_an_underscore_does_not_pass_for_one_with_a_hyphen() -> None:
    with running() as server, connect(server) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX_Forwarded_For: 192.0.2.1\r\n\r\n")
        assert answer_to(client).endswith(b"GET 0 ")


def test_an_application_that_fails_is_a_500_and_stands_in_the_journal(caplog: pytest.LogCaptureFixture) -> None:
    def fails(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError

    with running(fails) as server, connect(server) as client:
        client.sendall(REQUEST)
        assert answer_to(client).startswith(b"HTTP/1.1 500")
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]


def test_it_stops_in_time_whoever_holds_connections(tmp_path: Path) -> None:
    ca, cert, key = Authority(curve=True).write(tmp_path, "localhost")
    trusts = ssl.create_default_context(cafile=str(ca))
    trusts.check_hostname = False
    with running(tls=(str(cert), str(key))) as server, ExitStack() as stack:
        held(stack, server, 5, b"\x16\x03\x01")
        for _ in range(5):  # idle, and deaf to the end of TLS
            client = stack.enter_context(trusts.wrap_socket(connect(server), server_hostname="localhost"))
            client.sendall(REQUEST)
            assert client.recv(1000)
        server.stop()
        assert not server.alive


def test_it_listens_on_ipv6() -> None:
    server = serve(page, "[::1]:0", 1)
    server.start()
    assert server.address.startswith("[::1]:")
    with socket.create_connection(("::1", int(server.address.rpartition(":")[2])), timeout=LONG) as client:
        client.sendall(REQUEST)
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
    server.stop()


class FreshThreads(Executor):
    """A new thread for each job, as a pool that is busy may choose another each time."""

    def __init__(self, *_: object) -> None:
        pass

    def submit(self, fn: Any, /, *args: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()

        def work() -> None:
            try:
                done.set_result(fn(*args, **named))
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the job
                done.set_exception(error)

        threading.Thread(target=work, daemon=True).start()
        return done


def test_a_streamed_page_has_its_request_in_whichever_thread_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web_ui.server.ThreadPoolExecutor", FreshThreads)
    app = Flask(__name__)

    @app.get("/")
    def streamed() -> Response:
        def parts() -> Iterator[str]:
            for number in range(20):
                yield f"{number} {request.path} "

        return Response(stream_with_context(parts()), mimetype="text/plain")

    with running(app) as server:
        assert ask(server) == b"".join(b"%d / " % number for number in range(20))
