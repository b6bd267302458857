"""The district's pages of orders, incidents and inspections in a real browser, at every size, in both languages and
themes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe import complaints
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from district_pages import CUT_TEXTS, NO_OVERFLOW, SIZES, log_in, watched_page
from hub_visitors import PASSWORD, add_account
from playwright.sync_api import Browser, Page, expect
from scripted_district import fill
from scripted_hub import District
from ticking_clock import ticking_now

from station.domain.accounts import Role
from station.domain.district_orders import Draft
from station.domain.orders import Urgency
from station.messages import EventNotice
from web_ui.district import create_app
from web_ui.server import Server, serve

pytestmark = [pytest.mark.browser, pytest.mark.clock]

STATION = "g107-bridge-north"
TEXT = "一号车道因发现阳性人员暂停放行，车辆一律改走二号车道；现场人员做好防护。"


def tell(district: District, row: int, event: str, lane: str = "", **said: str) -> None:
    at = (district.now() + timedelta(minutes=row)).isoformat()
    district.say(EventNotice(7, f"event-{row}", row, at, "trusted", lane, event, said), STATION)


INSPECTIONS = ("/inspections", f"/inspections/{STATION}/v1")


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    district = District(tmp_path / "hub", ticking_now, anonymous_read=False)
    fill(district)
    district.lists = {"trust": 3, "watchlist": 9}
    add_account(district, "li", Role.DISPATCHER)
    draft = Draft("pingyuan/qiaobei", Urgency.URGENT, TEXT, "Stop lane 1.", timedelta(hours=4))
    order = district.orders.book.write(draft, Ed25519PrivateKey.generate(), "wang")
    tell(district, 1, "order_received", order=order.id)
    tell(district, 2, "order_acknowledged", order=order.id)
    tell(district, 3, "order_refused", order="a-thiefs-order", reason="forged")
    tell(district, 4, "incident_opened", "1", incident="a1b2c3d4", kind="fever", severity="serious", text="38.4 " * 30)
    tell(district, 5, "inspection_began", "1", inspection="v1")
    finding = {"inspection": "v1", "finding": "f1", "kind": "disinfection", "severity": "serious", "text": "dry " * 40}
    tell(district, 6, "finding_made", **finding)
    tell(district, 7, "notice_served", inspection="v1", notice="n1", findings='["f1"]', text="", due="2026-01-31")
    yield district
    district.close()


@pytest.fixture
def server(district: District) -> Iterator[Server]:
    server = serve(create_app(district.services), "127.0.0.1:0", threads=12)
    server.start()
    yield server
    district.closing.set()
    server.stop()


@pytest.mark.parametrize(("scheme", "size"), [*(("light", size) for size in SIZES), ("dark", SIZES[0])], ids=str)
def test_every_page_is_whole_and_clean_for_axe(
    browser: Browser, server: Server, district: District, size: tuple[int, int], scheme: str
) -> None:
    (order,) = district.orders.questions.orders()
    with watched_page(browser, server.address, size, scheme) as page:
        log_in(page, "li", PASSWORD)
        for language in ("en", "zh"):
            page.goto(f"/language/{language}")
            for path in (
                "/orders",
                f"/orders/{order.id}",
                "/incidents",
                f"/incidents/{STATION}/a1b2c3d4",
                *INSPECTIONS,
                "/lists",
            ):
                page.goto(path)
                assert page.evaluate(NO_OVERFLOW), path
                assert page.evaluate(CUT_TEXTS) == [], path
                assert complaints(page) == [], path


def test_a_dispatcher_writes_an_order_and_sends_somebody_to_an_incident(browser: Browser, server: Server) -> None:
    with watched_page(browser, server.address, (1280, 800)) as page:
        log_in(page, "li", PASSWORD)
        _write_an_order(page)
        page.goto(f"/incidents/{STATION}/a1b2c3d4")
        page.fill("input[name=words]", "三组已出发")
        page.get_by_role("button", name="派出").click()
        expect(page.locator('[data-step="dispatched"]')).to_contain_text("三组已出发")


def _write_an_order(page: Page) -> None:
    page.goto("/orders")
    page.fill("textarea[name=zh]", "二号车道恢复放行")
    page.select_option("select[name=urgency]", "immediate")
    page.get_by_role("button", name="签名并下达").click()
    expect(page.locator("main")).to_contain_text("二号车道恢复放行")
    expect(page.locator("[data-step=waiting]")).to_have_count(5)
