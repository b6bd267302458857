"""HTTP connections that hold up a server, and bytes that are no HTTP."""

import random
import socket
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from hostile.browser import open_socket

SLOW, STALLED, FLOOD_A_SECOND = 60, 20, 100
_HEAD = b"POST /shift/on HTTP/1.1\r\nHost: 127.0.0.1\r\n"
_WRONG = (
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET " + b"/" * 80_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    _HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    _HEAD + b"Content-Length: -1\r\n\r\n",
    _HEAD + b"Content-Length: 99999999999999999999\r\n\r\n",
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    _HEAD + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 400,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\0" * 4096,
)


class HttpConnections:
    name = "connections"

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports

    def missing(self) -> str:
        return ""

    def play(self, seed: int, seconds: float) -> Counter[str]:
        chance, sent, ends = random.Random(seed), Counter[str](), time.monotonic() + seconds
        held: list[socket.socket] = []
        try:
            for port in self._ports:
                held += self._open(port, SLOW, b"GET / HTTP/1.1\r\nHost: loc")
                held += self._open(port, STALLED, _HEAD + b"Content-Length: 9000\r\n\r\nlane=1")
            sent["slow sockets"] += len(held)
            while time.monotonic() < ends:
                self._send_wrong(chance, sent)
                for one in chance.sample(held, min(5, len(held))):
                    with suppress(OSError):
                        one.send(b"x")
                time.sleep(1 / FLOOD_A_SECOND)
        finally:
            for one in held:
                one.close()
        return sent

    @staticmethod
    def _open(port: int, count: int, begin: bytes) -> list[socket.socket]:
        opened = []
        for _ in range(count):
            with suppress(OSError):
                opened.append(one := open_socket(port))
                one.sendall(begin)
        return opened

    def _send_wrong(self, chance: random.Random, sent: Counter[str]) -> None:
        sent["wrong requests"] += 1
        with suppress(OSError), open_socket(chance.choice(self._ports), "127.0.0.3") as one:
            one.settimeout(0.05)
            one.sendall(chance.choice(_WRONG))
            one.recv(4096)
