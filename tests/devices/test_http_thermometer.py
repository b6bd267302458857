"""Whatever a thermometer on the network answers is a temperature or a device error: nothing that ends a lane."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from station.config import HttpThermometerConfig
from station.devices import DeviceError
from station.devices.thermometer.http import HttpThermometer


class Answering(HTTPServer):
    body = b""


class Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[Answering]:
    with Answering(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def read(server: Answering, body: bytes) -> float | None:
    server.body = body
    return HttpThermometer(HttpThermometerConfig(url=f"http://127.0.0.1:{server.server_port}/")).read()


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 50_000,
        b'{"celsius":' * 10_000,
        b'{"celsius": %s}' % (b"9" * 400),  # more than a float holds
        b'{"celsius": %s}' % (b"9" * 4400),  # more digits than Python reads
        b'{"celsius": "\\ud800"}',
        b'{"celsius": null}',
        b"[36.5]",
        b"\xff\xfe",
        b"",
    ],
    ids=["deep list", "deep object", "huge", "long", "surrogate", "null", "list", "no text", "empty"],
)
def test_an_answer_that_is_no_temperature_is_a_device_error(server: Answering, body: bytes) -> None:
    with pytest.raises(DeviceError, match="no number called 'celsius'"):
        read(server, body)


@pytest.mark.parametrize("body", [b'{"celsius": NaN}', b'{"celsius": 1e999}', b'{"celsius": -273}'])
def test_a_number_that_is_nobodys_is_nobody(server: Answering, body: bytes) -> None:
    assert read(server, body) is None


def test_a_body_temperature_is_read(server: Answering) -> None:
    assert read(server, b'{"celsius": 36.54}') == 36.5
