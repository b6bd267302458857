"""A supervisor looks at a real station from elsewhere: over TLS with a certificate of their own authority."""

import re
import ssl
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, OpenerDirector, build_opener, urlopen

import cv2
import numpy as np
import pytest
from authority import Authority
from broker import free_port
from cryptography import x509
from station_process import Program
from waiting import until

from station.__main__ import main
from station.domain.details import BadgeRole
from station.domain.roster import Member
from station.duty.roster_file import hash_pin, save
from station.ledger import audit

pytestmark = pytest.mark.clock

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
key = "{key}"
"""


class Desk:
    """A browser of a supervisor who trusts one authority."""

    def __init__(self, folder: Path) -> None:
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        self.ca, self.cert, key = Authority(curve=True).write(folder / "tls", "localhost", names)
        key.chmod(0o600)
        self.port = free_port()
        self.toml = folder / "station.toml"
        self.toml.write_text(
            STATION.format(folder=folder, kiosk=free_port(), view=self.port, cert=self.cert, key=key), encoding="utf-8"
        )
        cv2.imwrite(str(folder / "road.png"), np.zeros((48, 64), np.uint8))
        data = folder / "data"
        data.mkdir()
        save(data, {"0501": Member("0501", "李**", "", BadgeRole.SUPERVISOR, pin=hash_pin(PIN))})
        self.browser = self.a_browser(ssl.create_default_context(cafile=str(self.ca)))

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

    def live(self) -> Iterator[str]:
        with self.browser.open(f"https://localhost:{self.port}/events", timeout=10) as stream:
            for line in stream:
                yield line.decode()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def events(folder: Path) -> list[dict[str, Any]]:
    rows = [row for row in audit.records(folder / "data", personal=True) if row["type"] == "event"]
    return [row["evidence"] for row in rows]


def test_a_supervisor_signs_in_looks_and_signs_out_and_the_ledger_says_so(desk: Desk, tmp_path: Path) -> None:
    assert main(["check-config", str(desk.toml)]) == 0
    station = Program(tmp_path, "station", "run", "--config", str(desk.toml))
    try:
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urlopen(f"https://localhost:{desk.port}/", timeout=10)
        where, page = desk.get("/")
        assert where == "/sign-in"
        with pytest.raises(HTTPError, match="403") as refused:
            desk.post("/sign-in", page, number="0501", pin="000000")
        refused.value.close()
        where, page = desk.post("/sign-in", desk.get("/sign-in")[1], number="0501", pin=PIN)
        assert (where, "Sign out 李**" in page) == ("/", True)
        assert any('"topic": "lane/1"' in line for line in desk.live())
        for path, said in (("/duty", "Nobody is signed on"), ("/today", "Passages by hour"), ("/station", "Lane 1")):
            assert said in desk.get(path)[1]
        with pytest.raises(HTTPError, match="404") as missing:
            desk.get("/lanes/1/picture.jpg")
        missing.value.close()
        assert desk.post("/sign-out", page)[0] == "/sign-in"
        assert desk.get("/")[0] == "/sign-in"
    finally:
        assert station.stop() == 0
    told = [(one["event"], one["number"]) for one in events(tmp_path)]
    assert told == [
        ("supervisor_refused", "0501"),
        ("supervisor_signed_in", "0501"),
        ("supervisor_signed_out", "0501"),
    ]


def test_a_broken_certificate_keeps_the_view_away_and_no_lane(desk: Desk, tmp_path: Path) -> None:
    desk.cert.write_text("renewed by halves", encoding="utf-8")
    station = Program(tmp_path, "station", "run", "--config", str(desk.toml))
    journal = tmp_path / "station.log"
    try:
        until(
            lambda: "supervisor.cert, supervisor.key" in journal.read_text(encoding="utf-8"),
            what="the journal says why",
        )
        with pytest.raises(URLError):
            desk.get("/")
    finally:
        assert station.stop() == 0
