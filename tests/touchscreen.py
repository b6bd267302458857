"""A station of its own process with one lane, and its touchscreen as a page of it speaks to it."""

import http.client
import json
import re
from collections.abc import Mapping
from pathlib import Path

from station.commands.demo_site import lay_out
from station.commands.processes import free_port


def lay_out_station(folder: Path) -> tuple[Path, int]:
    """:return: the configuration, and the port of the touchscreen. There is no broker, as there need be none."""
    port = free_port()
    site = lay_out(
        folder,
        broker=f"mqtt://127.0.0.1:{free_port()}",
        kiosk=f"127.0.0.1:{port}",
        hub=f"127.0.0.1:{free_port()}",
        driver=f"127.0.0.1:{free_port()}",
        lanes=1,
        seed=1,
        seconds=0,
        camera=None,
        video=None,
    )
    return site.station_toml, port


class Touchscreen:
    """Sends what a page sends: its cookie, its token, its origin."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._own = {"Sec-Fetch-Site": "same-origin", "Origin": f"http://127.0.0.1:{port}"}
        _, headers, page = self.ask("GET", "/shift", {"Accept": "text/html"})
        found = re.search(r'name="token" value="([^"]+)"', page.decode())
        assert found
        self.token = found[1]
        cookie = headers["Set-Cookie"].partition(";")[0]
        self._own |= {"Cookie": cookie, "X-CSRF-Token": self.token}

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"", timeout: float = 30
    ) -> tuple[int, Mapping[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=timeout)
        try:
            connection.request(method, path, body or None, {**self._own, **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def post_json(self, path: str, body: bytes) -> int:
        return self.ask("POST", path, {"Content-Type": "application/json"}, body)[0]

    def post_form(self, path: str, body: bytes) -> int:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        return self.ask("POST", path, headers, body)[0]

    def decide(self, outcome: str) -> int:
        """Somebody without a code, decided on by a tap."""
        return self.post_json("/lanes/1/decide", json.dumps({"outcome": outcome}).encode())
