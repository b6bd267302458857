"""A station with supervisors, one of them at a browser elsewhere: both processes are the test's to start and end."""

import json
import re
import ssl
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, OpenerDirector, build_opener

import cv2
import numpy as np
from authority import Authority
from broker import free_port
from cryptography import x509
from station_process import Program, get_json

from station.domain.details import BadgeRole
from station.domain.roster import Member
from station.duty.roster_file import hash_pin, save

PIN = "258036"
STATION = """
[station]
id = "g107-bridge-north"
name = "107国道黄河桥北岸"
district = "pingyuan"
levels = ["pingyuan"]
data_dir = "{folder}/data"
clock = "always"

[[lanes]]
id = "1"
camera = {{ driver = "file", path = "{folder}/road.png", loop = true }}

[kiosk]
listen = "127.0.0.1:{kiosk}"
language = "en"

[supervisor]
listen = "127.0.0.1:{view}"
cert = "{cert}"
socket = "{folder}/view.sock"
key = "{key}"
"""


class Desk:
    """A browser of a supervisor who trusts one authority."""

    def __init__(self, folder: Path) -> None:
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        self.ca, self.cert, key = Authority(curve=True).write(folder / "tls", "localhost", names)
        key.chmod(0o600)
        self.folder, self.kiosk, self.port = folder, free_port(), free_port()
        self.toml, self.socket = folder / "station.toml", folder / "view.sock"
        self.toml.write_text(
            STATION.format(folder=folder, kiosk=self.kiosk, view=self.port, cert=self.cert, key=key), encoding="utf-8"
        )
        cv2.imwrite(str(folder / "road.png"), np.zeros((48, 64), np.uint8))
        data = folder / "data"
        data.mkdir()
        save(data, {"0501": Member("0501", "李**", "", BadgeRole.SUPERVISOR, pin=hash_pin(PIN))})
        self.browser = self.a_browser(ssl.create_default_context(cafile=str(self.ca)))

    def run_station(self) -> Program:
        return Program(self.folder, "station", "run", "--config", str(self.toml))

    def run_view(self) -> Program:
        return Program(self.folder, "view", "supervisor", "run", "--config", str(self.toml))

    def health(self) -> Any:
        """What the station says of itself, on the touchscreen's port."""
        return get_json(f"http://127.0.0.1:{self.kiosk}/healthz")

    def a_browser(self, trusts: ssl.SSLContext) -> OpenerDirector:
        return build_opener(HTTPSHandler(context=trusts), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> tuple[str, str]:
        """Where one ends up, and what stands there."""
        with self.browser.open(f"https://localhost:{self.port}{path}", timeout=10) as answer:
            return answer.url.rpartition(str(self.port))[2], answer.read().decode()

    def post(self, path: str, page: str, **form: str) -> tuple[str, str]:
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        data = urlencode({"token": token[1], **form}).encode()
        with self.browser.open(f"https://localhost:{self.port}{path}", data, timeout=10) as answer:
            return answer.url.rpartition(str(self.port))[2], answer.read().decode()

    def sign_in(self, pin: str = PIN) -> tuple[str, str]:
        return self.post("/sign-in", self.get("/sign-in")[1], number="0501", pin=pin)

    def live(self) -> Iterator[tuple[str, Any]]:
        """Topic and view, of one stream as long as it lasts."""
        with self.browser.open(f"https://localhost:{self.port}/events", timeout=20) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    event = json.loads(line.removeprefix(b"data: "))
                    yield event["topic"], event["view"]
