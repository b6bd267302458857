"""The hub's page in a real browser: live, whole at every size, and nothing leaves the machine."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from broker import free_port
from playwright.sync_api import Browser, Page, expect
from scripted_district import BOARDS, NAMES, fill, live, state
from scripted_hub import ZONE, District

from web_ui.district import create_app
from web_ui.server import Server, serve

pytestmark = pytest.mark.browser

SIZES = [(390, 844), (800, 480), (1280, 800)]
CUT_TEXTS = """
[...document.querySelectorAll("h1, h2, dd, dt, td, th, .state, li")]
  .filter((element) => element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.textContent)
"""


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path / "hub", lambda: datetime.now(ZONE))
    fill(district)
    yield district
    district.close()


@pytest.fixture
def server(district: District) -> Iterator[Server]:
    server = serve(create_app(district.services), "127.0.0.1:0", threads=12)
    server.start()
    yield server
    district.feed.close()
    server.stop()


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def page(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Page]:
    """The page at one size; a complaint of the browser or a request to anywhere else fails the test."""
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height})
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda asking: asked.append(asking.url))
    page.goto(f"http://{server.address}/")
    expect(page.locator(".station")).to_have_count(len(NAMES))
    yield page
    page.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(f"http://{server.address}/")] == []


def granted(page: Page, station: str) -> str:
    return page.locator(f'[data-station="{station}"] tbody tr').first.locator('[data-count="granted"]').inner_text()


def test_every_station_is_whole_in_both_languages(page: Page, server: Server, tmp_path: Path) -> None:
    for language, title in (("en", "District today"), ("zh", "今日合计")):
        page.goto(f"http://{server.address}/language/{language}")
        expect(page.locator(".station")).to_have_count(len(NAMES))
        expect(page.locator("h1")).to_contain_text(title)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(CUT_TEXTS) == []


def test_every_board_stands_below_the_stations(page: Page) -> None:
    rows = page.locator(".boards tbody tr")
    assert rows.count() == len(BOARDS)
    assert rows.nth(2).locator("td").all_inner_texts() == ["大巴车内", "0", "0"]


def test_counts_and_states_change_while_one_looks(page: Page, district: District) -> None:
    assert granted(page, "g107-bridge-north") == "12,345"
    before = page.locator('#totals [data-count="granted"] dd').inner_text()
    district.say(live("g107-bridge-north", district.now(), more=1), "g107-bridge-north")
    cell = page.locator('[data-station="g107-bridge-north"] tbody tr').first.locator('[data-count="granted"]')
    expect(cell).to_have_text("12,346")
    expect(page.locator('#totals [data-count="granted"] dd')).not_to_have_text(before)
    district.say(state("village-wang", district.now(), "online"), "village-wang")
    expect(page.locator('[data-station="village-wang"] .state')).to_have_text("在线")
    expect(page.locator('#states [data-state="online"]')).to_have_text("在线 4")


def test_stations_stand_in_the_order_of_their_names_and_stay_there(page: Page, district: District) -> None:
    order = page.locator(".station").evaluate_all("cards => cards.map(card => card.dataset.station)")
    assert order == sorted(NAMES)


def test_what_needs_attention_is_said_in_words(page: Page) -> None:
    assert "失联" in page.locator('[data-station="ring-road-east"] .state').inner_text()
    assert "时钟不可信" in page.locator('[data-station="railway-station"] .warnings').inner_text()


def test_a_lost_connection_is_said_and_mended(browser: Browser, district: District) -> None:
    app = create_app(district.services, "en")
    address = f"127.0.0.1:{free_port()}"
    first = serve(app, address, threads=12)
    first.start()
    page = browser.new_page()
    page.goto(f"http://{first.address}/")
    expect(page.locator("#live")).to_contain_text("Live")
    first.stop()
    expect(page.locator("#live")).to_contain_text("Connecting")
    expect(page.locator("#cut-off")).to_be_visible(timeout=15_000)
    again = serve(app, address, threads=12)
    again.start()
    expect(page.locator("#cut-off")).to_be_hidden(timeout=20_000)
    expect(page.locator("#live")).to_contain_text("Live")
    page.close()
    district.feed.close()
    again.stop()
