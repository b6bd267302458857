"""``pages``: the district's pages in a real browser with 7,102 stations loaded: when each is first painted, and how
long the browser is busy at a stretch while all stations report."""

import shutil
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chromium import CHROMIUM, OPTIONS
from hub_visitors import PASSWORD, add_account
from plan import PROJECT, Plan
from playwright.sync_api import Page, sync_playwright
from scripted_hub import District
from tables import Table
from ticking_clock import ticking_now

from station.domain.accounts import Role
from station.hub.overview import AT_ONCE
from web_ui.district import create_app
from web_ui.server import serve

sys.path.append(str(PROJECT / "tests" / "browser"))
from large_district import STATIONS, fill, say_live

PAGES = (
    "/",
    "/stations/g0003",
    "/wall",
    "/curves",
    "/tables",
    "/boards",
    "/incidents",
    "/orders",
    "/accounts",
    "/audit",
)
OPENED = 5
REPORTS = 3
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
_WATCH_FRAMES = """() => {
  window.longest = 0;
  let before = performance.now();
  const frame = (now) => {
    window.longest = Math.max(window.longest, now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def measure(plan: Plan) -> list[Table]:
    chromium = shutil.which(CHROMIUM)
    if chromium is None:
        return [Table("pages: left out", (), (), (f"no Chromium: apt-get install {CHROMIUM}",))]
    with _district(plan.folder / "pages") as (district, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))
        page = browser.new_page(viewport={"width": 1280, "height": 800}, base_url=f"http://{address}")
        _log_in(page)
        painted = [(path, *_painted(page, path)) for path in PAGES]
        frames = [_longest_frame(page, district, path) for path in ("/", "/wall")]
        browser.close()
    note = f"{STATIONS:,} stations, SQLite, Chromium without a GPU on the same machine; each page {OPENED} times"
    return [
        Table("pages: first contentful paint", ("page", "median ms", "worst ms"), tuple(painted), (note,)),
        Table(
            "pages: while all stations report",
            ("page", "longest frame ms"),
            tuple(frames),
            ("60 frames a second: 17 ms",),
        ),
    ]


@contextmanager
def _district(folder: Path) -> Iterator[tuple[District, str]]:
    district = District(folder, ticking_now, anonymous_read=False)
    fill(district)
    add_account(district, "chen", Role.ADMINISTRATOR)
    server = serve(create_app(district.services), "127.0.0.1:0", threads=20)
    server.start()
    yield district, server.address
    district.closing.set()
    server.stop()
    district.close()


def _log_in(page: Page) -> None:
    page.goto("/login")
    page.fill("input[name=name]", "chen")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.main")
    page.wait_for_url(lambda url: "/login" not in url)


def _painted(page: Page, path: str) -> tuple[float, float]:
    found = []
    for _ in range(OPENED):
        page.goto(path)
        page.wait_for_function(f"!Number.isNaN({_PAINT})")
        found.append(float(page.evaluate(_PAINT)))
    return statistics.median(found), max(found)


def _longest_frame(page: Page, district: District, path: str) -> tuple[str, float]:
    page.goto(path)
    page.wait_for_selector('#live[data-live="on"]')
    page.evaluate(_WATCH_FRAMES)
    for turn in range(REPORTS):
        reporting = threading.Thread(target=_report, args=(district, turn + 1))
        reporting.start()
        page.wait_for_timeout(2000)
        reporting.join()
    return path, float(page.evaluate("window.longest"))


def _report(district: District, more: int) -> None:
    """All stations at once, and the overview's round over them."""
    say_live(district, range(STATIONS), more)
    for _ in range(STATIONS // AT_ONCE + 2):
        district.clock += 1
        district.overview.look()
