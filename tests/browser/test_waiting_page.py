"""What the touchscreen shows before the station answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

WAITING = Path(__file__).parents[2] / "firmware_config" / "kiosk" / "waiting.html"

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 800, "height": 480})
    page.goto(WAITING.as_uri())
    yield page
    page.close()


def test_it_says_what_to_do_on_a_small_touchscreen_without_scrolling(page: Page) -> None:
    expect(page.get_by_text("登记码")).to_be_in_viewport()
    expect(page.get_by_text("enrolment code")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
