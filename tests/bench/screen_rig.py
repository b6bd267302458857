"""What ``screen`` measures on: a station of two lanes in a process of its own, its kiosk in a browser, and a finger."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from made import KEY
from plan import PROJECT
from playwright.sync_api import Browser, Page

BARRIERS = {"1": 17, "2": 22}
"""The lanes, each with the pin of its barrier; its lamps are on the two pins above."""
STATION, PAGE = Path(__file__).with_name("screen_station.py"), Path(__file__).with_name("screen_page.js")
SCREEN = {"width": 800, "height": 480}
LOOKS = 100
"""Round trips to the page that its clock is told from; the shortest counts."""
NOBODY_MS = 500
TOUCHES_MS = 60
"""How long a finger rests on the glass; a browser clicks when it is lifted, and from then on a tap is measured."""

Mark = tuple[str, str, str, float]
"""What, lane, code or plate, and when."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """``offset``: the station's clock less the page's, in seconds, and by how much that may be wrong."""

    offset: float
    error: float


class RunningStation:
    """Its kiosk answers already; its lanes begin when told to."""

    def __init__(self, process: "subprocess.Popen[str]", asking: IO[str], telling: IO[str]) -> None:
        self._process, self._asking = process, asking
        self.address = telling.readline().strip()
        if not self.address:
            raise RuntimeError("the station did not start; it says why above")

    def begin(self) -> None:
        self._asking.write("\n")
        self._asking.flush()

    def end(self) -> Any:
        """Stop it. :return: what it noted, as screen_station.py says."""
        return json.loads(self._process.communicate()[0])


@contextmanager
def running_station(folder: Path, films: Mapping[str, Path]) -> Iterator[RunningStation]:
    (folder / "trust").mkdir(parents=True)
    key = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "trust" / "district.pub").write_bytes(key)
    config = folder / "station.toml"
    config.write_text(_station_toml(folder, films), encoding="utf-8")
    # As the station's own command line sets it: a lane's thread is its own.
    environment = {**os.environ, "OPENCV_FOR_THREADS_NUM": "1"}
    command, pipe = [sys.executable, str(STATION), str(config)], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=PROJECT, env=environment) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("the pipes were asked for")
        try:
            yield RunningStation(process, process.stdin, process.stdout)
        finally:
            process.kill()


def _station_toml(folder: Path, films: Mapping[str, Path]) -> str:
    lanes = "".join(
        f"""
[[lanes]]
id = "{lane}"
mode = "attended"
camera = {{ driver = "file", path = {json.dumps(str(film.absolute()))}, pace = "real" }}
gate = {{ driver = "gpio", barrier = {BARRIERS[lane]}, green = {BARRIERS[lane] + 1}, red = {BARRIERS[lane] + 2} }}
"""
        for lane, film in films.items()
    )
    return f"""[station]
id = "bench"
name = "bench"
district = "bench"
levels = ["bench"]
data_dir = {json.dumps(str(folder.absolute() / "data"))}
trust_dir = {json.dumps(str(folder.absolute() / "trust"))}
clock = "always"
{lanes}
[kiosk]
listen = "127.0.0.1:0"
"""


def opened(browser: Browser, address: str) -> Page:
    """The kiosk with a touchscreen, and with what notes its part of the way."""
    page = browser.new_page(viewport=SCREEN, has_touch=True, locale="zh-CN")
    page.add_init_script(path=PAGE)
    page.goto(f"http://{address}/")
    return page


def clocks(page: Page) -> Clocks:
    """The page is asked for its time; the shortest way there and back says the most."""
    found = []
    for _ in range(LOOKS):
        asked = time.monotonic()
        told = page.evaluate("performance.now()") / 1000
        half = (time.monotonic() - asked) / 2
        found.append(Clocks(asked + half - told, half))
    return min(found, key=lambda one: one.error)


def tap_all(page: Page, codes: int, within: float) -> None:
    """Grant whatever is proposed as soon as its button takes a tap, until so many are, or until the time is up."""
    glass, end = page.context.new_cdp_session(page), time.monotonic() + within
    while time.monotonic() < end and page.evaluate("screenBench.settled()") < codes:
        button = page.evaluate("within => screenBench.next(within)", NOBODY_MS)
        if button is not None:
            glass.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [button]})
            page.wait_for_timeout(TOUCHES_MS)
            glass.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def marks_of(page: Page, known: Clocks) -> list[Mark]:
    """What the page noted, on the station's clock."""
    noted = page.evaluate("screenBench.marks")
    return [(what, lane, plate, at / 1000 + known.offset) for what, lane, plate, at in noted]
