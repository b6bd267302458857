"""The district's first page in a real browser, with stations in every state: live, and mended after a broken line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import free_port
from district_pages import CUT_TEXTS, NO_OVERFLOW, SIZES, log_in, watched_page
from hub_visitors import BY, ROOT
from playwright.sync_api import Browser, Page, expect
from scripted_district import NAMES, fill, live, state
from scripted_hub import District
from ticking_clock import ticking_now

from station.domain.accounts import Role
from web_ui.district import create_app
from web_ui.server import Server, serve

pytestmark = [pytest.mark.browser, pytest.mark.clock]


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path / "hub", ticking_now)
    fill(district)
    yield district
    district.close()


@pytest.fixture
def server(district: District) -> Iterator[Server]:
    server = serve(create_app(district.services), "127.0.0.1:0", threads=12)
    server.start()
    yield server
    district.closing.set()
    server.stop()


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def page(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Page]:
    with watched_page(browser, server.address, request.param) as page:
        page.goto("/")
        expect(page.locator("#live")).to_have_text("实时")
        yield page


def test_every_station_is_in_the_tree_and_whole_in_both_languages(page: Page) -> None:
    for language, title in (("en", "Needs attention"), ("zh", "需要处理")):
        page.goto(f"/language/{language}")
        expect(page.locator("#attention-title")).to_contain_text(title)
        for opener in page.locator("#tree .opener").all():
            opener.click()
        expect(page.locator('#tree [data-topic^="station/"]')).to_have_count(len(NAMES))
        assert page.evaluate(NO_OVERFLOW)
        assert page.evaluate(CUT_TEXTS) == []


def test_counts_and_states_change_while_one_looks(page: Page, district: District) -> None:
    row = page.locator('[data-topic="station/railway-station"]')
    row.scroll_into_view_if_needed()
    expect(row.locator('[data-count="granted"]')).to_have_text("37,035")
    district.say(live("railway-station", district.now(), more=1), "railway-station")
    expect(row.locator('[data-count="granted"]')).to_have_text("37,036")
    district.say(state("village-wang", district.now(), "online"), "village-wang")
    expect(page.locator('#states [data-state="online"]')).to_have_text("在线 4")


def test_what_needs_attention_is_said_in_words_the_worst_first(page: Page) -> None:
    names = page.locator("#attention > li a").all_inner_texts()
    assert names[0] == NAMES["ring-road-east"][0]
    assert "失联" in page.locator("#attention > li").first.inner_text()
    assert "时钟不可信" in page.locator("#attention").inner_text()


def test_levels_are_offered_while_one_types_and_gone_to_by_their_first_letters(page: Page) -> None:
    field, offered = page.locator(".place input[name=level]"), page.locator("#levels option")
    expect(offered).to_have_count(4)
    field.fill("qiaon")
    expect(offered).to_have_count(1)
    field.press("Enter")
    page.wait_for_url("**/?level=pingyuan%2Fqiaonan")
    page.locator(".place").get_by_role("link", name="pingyuan").click()
    page.wait_for_url("**/?level=pingyuan")


def test_a_lost_connection_is_said_and_mended(browser: Browser, district: District) -> None:
    app = create_app(district.services, "en")
    address = f"127.0.0.1:{free_port()}"
    first = serve(app, address, threads=12)
    first.start()
    page = browser.new_page()
    page.goto(f"http://{first.address}/")
    expect(page.locator("#live")).to_have_text("Live")
    first.stop()
    expect(page.locator("#live")).to_contain_text("Connecting")
    expect(page.locator("#cut-off")).to_be_visible(timeout=15_000)
    again = serve(app, address, threads=12)
    again.start()
    expect(page.locator("#cut-off")).to_be_hidden(timeout=20_000)
    expect(page.locator("#live")).to_have_text("Live")
    page.close()
    district.closing.set()
    again.stop()


def test_a_first_login_sets_a_password_and_sees_ones_own_level_alone(browser: Browser, tmp_path: Path) -> None:
    district = District(tmp_path / "closed", ticking_now, anonymous_read=False)
    fill(district)
    district.pages.accounts.add("wang", "for the first login", Role.DISPATCHER, (*ROOT, "qiaobei"), BY)
    server = serve(create_app(district.services, "en"), "127.0.0.1:0", threads=12)
    server.start()
    with watched_page(browser, server.address, (800, 480)) as page:
        log_in(page, "wang", "for the first login")
        page.fill("input[name=old]", "for the first login")
        page.fill("input[name=new]", "a river in the month of May")
        page.fill("input[name=again]", "a river in the month of May")
        page.click("main button.main")
        expect(page.locator("#heading")).to_contain_text("qiaobei")
        expect(page.locator("#tree tr")).to_have_count(2)  # the two stations of qiaobei and none of the others
        page.locator(".menu summary").click()
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/login")
    district.closing.set()
    server.stop()
    district.close()
