"""Both pages over the running product: counts that move, nothing that overflows, no error in the console."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.clock]

SIZES = [(800, 480), (1280, 800)]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Touchscreen and hub of a demo that plays."""
    folder = tmp_path_factory.mktemp("demo")
    out = folder / "demo.out"
    with out.open("wb") as stdout:
        demo = subprocess.Popen([sys.executable, "-m", "station", "demo", "--keep", str(folder)], stdout=stdout)
    try:
        until(lambda: len(_urls(out)) == 5, 90, "the demo's addresses")
        kiosk, hub, *_ = _urls(out)
        yield kiosk, hub
    finally:
        demo.terminate()
        demo.wait(30)


def _urls(out: Path) -> list[str]:
    return re.findall(r"http://\S+", out.read_text())


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("which", [0, 1], ids=["touchscreen", "hub"])
def test_the_page_shows_counts_that_move_without_overflow_or_console_error(
    browser: Browser, addresses: tuple[str, str], which: int, width: int, height: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(addresses[which])
    before = _counts(page)
    until(lambda: _counts(page) != before, 60, "counts that move")
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    if which == 0:
        assert page.evaluate("document.scrollingElement.scrollHeight <= document.scrollingElement.clientHeight")
    assert said == []
    page.close()


def _counts(page: Page) -> list[str]:
    return page.locator("[data-count]").all_inner_texts()
