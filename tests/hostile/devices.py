"""A camera and a thermometer over HTTP, gray and 36.5 until they are told to be hostile."""

import random
import threading
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from hostile.codes import SIZE, hostile_jpeg, jpeg

FRAME_INTERVAL_S = 0.5
STALL_S = 6.0  # longer than any deadline of a device
_GRAY = jpeg(np.full((SIZE[1], SIZE[0], 3), 128, np.uint8))


class HostileDevices:
    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.chance: random.Random | None = None  # while they are hostile
        self.restless = False  # while every picture takes a new connection, and its name a new look-up
        self._ended = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                with suppress(OSError):  # whoever asked has had enough
                    outer._stream(self) if self.path == "/stream" else outer._measure(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _stream(self, request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        request.end_headers()
        while not self._ended.is_set():
            chance, frame = self.chance, _GRAY
            if chance is not None:
                frame = hostile_jpeg(chance)
                self.sent["pictures"] += 1
                if chance.random() < 0.05:
                    self._ended.wait(STALL_S)
                if chance.random() < 0.05:
                    return
            head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(frame)
            request.wfile.write(head + frame + b"\r\n")
            self._ended.wait(FRAME_INTERVAL_S)
            if self.restless:
                return

    def _measure(self, request: BaseHTTPRequestHandler) -> None:
        body = b'{"celsius": 36.5}'
        if (chance := self.chance) is not None:
            self.sent["measurements"] += 1
            if chance.random() < 0.1:
                self._ended.wait(STALL_S)
            body = chance.choice(_MEASUREMENTS)
        request.send_response(200)
        request.end_headers()
        request.wfile.write(body)

    def close(self) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


_MEASUREMENTS = (
    b'{"celsius": 36.5}',
    b'{"celsius": 1e999}',
    b'{"celsius": NaN}',
    b'{"celsius": "\\ud800"}',
    b'{"celsius": %s}' % (b"9" * 4400),
    b"[" * 50_000,
    b"\xff\xfe\0",
    b"",
    b'{"celsius": 36.5' + b" " * 2_000_000 + b"}",
)
