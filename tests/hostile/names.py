"""A name server that answers rightly, wrongly, late or not at all, for the network namespace that this runs in."""

import random
import socket
import threading
import time
from collections import Counter
from pathlib import Path

from hostile.devices import HostileDevices

RESOLV_CONF = Path("/etc/resolv.conf")
DOMAIN = "district.example"
MOODS = ("silent", "failure", "garbage", "no such name", "dead servers")
_OURS = f"nameserver 127.0.0.1\nsearch {DOMAIN} county.example\noptions timeout:2\n"
_DEAD = "nameserver 10.99.0.53\nnameserver 10.99.0.54\nsearch gate.example town.example county.example\n"
_SERVFAIL, _NXDOMAIN, _A = 2, 3, 1


class Names:
    """``resolv.conf`` is the namespace's own. Whatever is asked for is 127.0.0.1 while all is well."""

    name = "dns"

    def __init__(self, missing: str, devices: HostileDevices) -> None:
        """:param devices: go by names, and are asked for by them while this is played."""
        self._missing, self._devices, self._mood, self._ended = missing, devices, "", threading.Event()
        self.asked = 0
        if missing:
            return
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        self._socket.settimeout(0.2)
        RESOLV_CONF.write_text(_OURS)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def missing(self) -> str:
        return self._missing

    def play(self, seed: int, seconds: float) -> Counter[str]:
        chance, sent, before = random.Random(seed), Counter[str](), self.asked
        moods = chance.sample(MOODS, 2)
        self._devices.restless = True
        try:
            for mood in moods:
                self._mood = mood
                if mood == "dead servers":
                    RESOLV_CONF.write_text(_DEAD)
                sent[f"name server: {mood}"] += 1
                time.sleep(seconds / len(moods))
                RESOLV_CONF.write_text(_OURS)
        finally:
            RESOLV_CONF.write_text(_OURS)
            self._mood, self._devices.restless = "", False
        sent["names asked for"] += self.asked - before
        return sent

    def close(self) -> None:
        if not self._missing:
            self._ended.set()
            self._thread.join(5)
            self._socket.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                question, address = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            self.asked += 1
            if (answer := self._answer(question)) is not None:
                self._socket.sendto(answer, address)

    def _answer(self, question: bytes) -> bytes | None:
        match self._mood:
            case "silent" | "dead servers":
                return None
            case "failure":
                return _reply(question, _SERVFAIL)
            case "garbage":
                return question[:2] + random.randbytes(200)
            case "no such name":
                return _reply(question, _NXDOMAIN)
            case _:
                return _reply(question, 0)


def _reply(question: bytes, code: int) -> bytes:
    """RFC 1035: an A question gets loopback, one for another type an empty answer."""
    end = question.index(b"\0", 12) + 5
    wanted = int.from_bytes(question[end - 4 : end - 2])
    found = code == 0 and wanted == _A
    head = question[:2] + bytes((0x81, 0x80 | code)) + b"\0\1" + (b"\0\1" if found else b"\0\0") + b"\0" * 4
    record = b"\xc0\x0c\0\1\0\1" + (5).to_bytes(4) + b"\0\4\x7f\0\0\1"
    return head + question[12:end] + (record if found else b"")
