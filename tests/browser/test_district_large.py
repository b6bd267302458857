"""Every page of a district of 7,102 stations: whole at every size in both languages and themes, clean for axe-core, and
as light on the browser as a small district's."""

import re
from collections.abc import Iterator
from pathlib import Path

import axe
import pytest
from district_pages import CUT_TEXTS, NO_OVERFLOW, SIZES, log_in, watched_page
from hub_visitors import PASSWORD, add_account
from large_district import STATIONS, fill, name_of, say_live
from playwright.sync_api import Browser, Page, expect
from scripted_hub import District
from ticking_clock import ticking_now
from waiting import until

from station.domain.accounts import Role
from web_ui.district import create_app
from web_ui.server import Server, serve

pytestmark = [pytest.mark.browser, pytest.mark.clock]

PAGES = [
    "/",
    "/?level=pingyuan/county-03",
    "/stations/g0003",
    "/curves",
    "/curves?level=pingyuan/county-03&days=30&by=kind",
    "/tables",
    "/incidents",
    "/inspections",
    "/orders",
    "/lists",
    "/wall",
    "/boards",
    "/accounts",
    "/tokens",
    "/audit",
    "/password",
]
MOST_ROWS = 60
MOST_ELEMENTS = 2500


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    district = District(tmp_path_factory.mktemp("large"), ticking_now, anonymous_read=False)
    fill(district)
    add_account(district, "chen", Role.ADMINISTRATOR)
    yield district
    district.close()


@pytest.fixture(scope="module")
def server(district: District) -> Iterator[Server]:
    server = serve(create_app(district.services), "127.0.0.1:0", threads=20)
    server.start()
    yield server
    district.closing.set()
    server.stop()


@pytest.fixture(scope="module")
def cookies(browser: Browser, server: Server) -> list[dict[str, object]]:
    """Of a browser that is logged in: once, because a login takes its time on purpose."""
    context = browser.new_context(base_url=f"http://{server.address}")
    log_in(context.new_page(), "chen", PASSWORD)
    kept = context.cookies()
    context.close()
    return kept


@pytest.fixture
def page(browser: Browser, server: Server, cookies: list[dict[str, object]]) -> Iterator[Page]:
    with watched_page(browser, server.address, (1280, 800)) as page:
        page.context.add_cookies(cookies)
        yield page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_at_every_size_in_both_languages(page: Page, path: str, tmp_path: Path) -> None:
    for language in ("en", "zh"):
        page.goto(f"/language/{language}")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(path)
            expect(page.locator("main h1").first).to_be_visible()
            assert page.evaluate(NO_OVERFLOW), f"{path} overflows at {width} in {language}"
            assert page.evaluate(CUT_TEXTS) == [], f"{path} at {width} in {language}"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_clean_for_axe_in_both_themes(page: Page, path: str, theme: str) -> None:
    page.goto(f"/theme/{theme}")
    page.goto(path)
    expect(page.locator("main h1").first).to_be_visible()
    assert axe.complaints(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_grows_with_the_district(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate("document.querySelectorAll('*').length") < MOST_ELEMENTS


def test_the_tree_opens_down_to_a_station_with_rows_for_the_screen_alone(page: Page) -> None:
    page.goto("/")
    rows = page.locator("#tree tr")
    expect(rows).to_have_count(14)
    page.locator('[data-topic="level/pingyuan/county-03"] .opener').click()
    expect(rows).to_have_count(14 + 12)
    page.locator('[data-topic="level/pingyuan/county-03/town-00"] .opener').click()
    station = page.locator('[data-topic="station/g0003"]')
    expect(station.locator(".state")).to_have_text("失联")
    assert rows.count() <= 14 + 12 + MOST_ROWS
    page.locator('[data-topic="level/pingyuan/county-03"] .opener').click()
    expect(rows).to_have_count(14)


def test_a_station_is_gone_to_from_what_needs_attention(page: Page) -> None:
    page.goto("/")
    expect(page.locator("#attention > li")).to_have_count(20)
    page.locator("#attention a").first.click()
    expect(page.locator("#state")).to_have_text("失联")
    expect(page.locator(".lane")).to_have_count(4)


def test_the_tree_is_walked_with_the_keyboard(page: Page) -> None:
    page.goto("/")
    page.locator("#tree .opener").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    second = page.locator("#tree .opener").nth(1)
    expect(second).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowLeft")
    expect(second).to_have_attribute("aria-expanded", "false")


def test_the_page_watches_what_is_on_its_screen_and_no_more(page: Page) -> None:
    watched: list[int] = []
    page.on("request", lambda asking: watched.append(asking.url.count("watch=")) if "/events" in asking.url else None)
    page.goto("/")
    for county in range(4):
        page.locator(f'[data-topic="level/pingyuan/county-{county:02}"] .opener').click()
    expect(page.locator("#live")).to_have_text("实时")
    until(lambda: bool(watched), what="a stream")
    assert max(watched) <= 40


def test_counts_move_while_thousands_of_stations_report(page: Page, district: District) -> None:
    """Updates are shown by the second, in one frame: the browser is never busy for long with them."""
    page.goto("/")
    expect(page.locator("#live")).to_have_text("实时")
    total = page.locator('#totals [data-count="granted"] dd')
    page.evaluate("""() => {
      window.touched = 0;
      new MutationObserver((changes) => { window.touched += changes.length; })
        .observe(document.body, {subtree: true, childList: true, characterData: true});
    }""")
    before = total.inner_text()
    say_live(district, range(STATIONS), more=3)
    until(lambda: _published(district) and total.inner_text() != before, what="another total")
    expect(page.locator("#live")).to_have_text("实时")
    # All 7,102 changed; what changed on the page is its screen's worth of figures.
    assert page.evaluate("window.touched") < 2000


def test_a_station_is_live(page: Page, district: District) -> None:
    page.goto(f"/stations/{name_of(40)}")
    granted = page.locator('[data-lane="1"] [data-count="granted"] dd')
    before = granted.inner_text()
    say_live(district, range(40, 41), more=9)
    until(lambda: _published(district) and granted.inner_text() != before, what="another count")


def test_the_wall_is_read_from_five_metres(page: Page, district: District) -> None:
    """At a fortieth of the width a sign on a screen of 1.2 m is 3 cm high: twenty minutes of arc at five metres."""
    for size in ({"width": 1920, "height": 1080}, {"width": 1280, "height": 800}):
        page.set_viewport_size(size)
        page.goto("/wall")
        expect(page.locator("#attention > li")).to_have_count(6)
        smallest = page.evaluate("""() => Math.min(...[...document.querySelectorAll(".wall *")]
          .filter((element) => element.checkVisibility() && [...element.childNodes].some(
            (child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim()))
          .map((element) => parseFloat(getComputedStyle(element).fontSize)))""")
        assert smallest >= size["width"] / 40
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    expect(page.locator("#clock")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))


def test_curves_are_drawn_and_the_question_is_changed_by_picking(page: Page) -> None:
    page.goto("/curves")
    expect(page.locator("#chart canvas")).to_be_visible()
    page.select_option("select[name=by]", "outcome")
    page.wait_for_url("**by=outcome**")
    expect(page.locator("#legend li").first).to_be_visible()


def test_a_theme_that_is_picked_stays(page: Page) -> None:
    page.goto("/boards")
    page.locator(".menu summary").click()
    page.get_by_role("link", name="深色").click()
    page.wait_for_url("**/boards")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.goto("/theme/system")


def _published(district: District) -> bool:
    """The overview goes on by a round."""
    district.clock += 1
    district.overview.look()
    return True
