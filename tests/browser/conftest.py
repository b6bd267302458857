"""One headless Chromium for all browser tests, and the touchscreen in it."""

import shutil
from collections.abc import Iterator

import pytest
from chromium import CHROMIUM, OPTIONS
from kiosk_screen import Opening, Screen
from playwright.sync_api import Browser, expect, sync_playwright
from scripted_kiosk import ScriptedKiosk

from web_ui.kiosk import create_app
from web_ui.server import serve


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which(CHROMIUM)
    if executable is None:
        pytest.skip(f"no Chromium: apt-get install {CHROMIUM}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=list(OPTIONS))
        yield opened
        opened.close()


@pytest.fixture
def show(browser: Browser) -> Iterator[Opening]:
    """Opens the kiosk; afterwards no page may have complained on its console."""
    screens: list[Screen] = []

    def opening(lanes: int = 2, size: tuple[int, int] = (800, 480), language: str = "zh", port: int = 0) -> Screen:
        station = ScriptedKiosk(lanes)
        server = serve(create_app(station.services(), language), f"127.0.0.1:{port}", 16)
        server.start()
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        screen = Screen(station, server, page)
        screens.append(screen)
        page.on("console", lambda said: screen.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: screen.errors.append(str(error)))
        page.goto(f"http://{server.address}/")
        expect(screen.slot("picture")).to_be_visible()
        expect(screen.button("granted")).to_be_enabled()
        return screen

    yield opening
    for screen in screens:
        screen.page.close()
        screen.station.feed.close()
        screen.server.stop()
    assert [error for screen in screens for error in screen.errors] == []
