"""Every page of the touchscreen, in both themes and languages: nothing that axe-core finds fault with, targets for
gloves, nothing that scrolls sideways, and at seven inches nothing that scrolls but a long list."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from axe import complaints
from playwright.sync_api import Browser, Page
from scripted_duty import a_finding, a_visit, an_incident, an_operator
from scripted_kiosk import ScriptedKiosk, at, clear_passage

from station.domain.lists import ListState, ListView
from station.domain.rounds import HourCounts
from station.domain.view import AsideView
from web_ui.kiosk import create_app
from web_ui.kiosk.frame import THEMES
from web_ui.server import Server, serve
from web_ui.text import LANGUAGES

pytestmark = pytest.mark.clock

TOUCHSCREEN = (800, 480)
LONG_LIST = "/inspections/visit1/notice"
"""Two findings stand there, one of them as long as may be."""
PAGES = (
    *("/", "/menu", "/shift", "/shift/hand-over", "/bay", "/register/1", "/today", "/rounds", "/deliveries"),
    *("/incidents", "/incidents/incident1", "/orders", "/condition", "/aim/1"),
    *("/inspections", "/inspections/visit1", "/inspections/findings/finding1"),
    "/inspections/visit1/end",
    LONG_LIST,
)
# The rectangle of every target that a finger may mean; a link in a sentence is none (WCAG 2.5.5).
TARGETS = """
() => [...document.querySelectorAll("a.button, button, select, input, textarea, a.aim-link, a.condition")]
  .filter((one) => one.type !== "hidden")
  .filter((one) => one.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !one.closest("[inert]"))
  .map((one) => (one.closest(".choice") ?? one))
  .map((one) => ({box: one.getBoundingClientRect().toJSON(), html: one.outerHTML.slice(0, 120)}))
  .filter(({box}) => box.width > 0)
"""


@pytest.fixture(scope="module")
def kiosk() -> Iterator[Server]:
    station = ScriptedKiosk(2)
    station.shifts.on_duty = (an_operator(),)
    station.incidents.with_photos, station.incidents.photos = True, {"incident1": station.picture("1") or b""}
    station.incidents.hold(an_incident(photo="ab12"))
    station.inspections.going_on = [a_visit()]
    station.inspections.open = [a_finding(), a_finding(2, due="2026-03-09", text="x" * 200)]
    station.hours = [HourCounts("1", 8, 70, 2, 1), HourCounts("2", 9, 30, 0, 1)]
    station.show("1", passage=clear_passage(outcome="denied", proposed="denied", reasons=("expired",)))
    station.show("2", passage=clear_passage(), faults=("gate_lost", "thermometer_lost"))
    revoked = ListView("revocations", False, 7, 120, "2026-03-02T04:00:00Z", "2026-03-09T04:00:00Z", ListState.STALE)
    station.by_hand.standing = [AsideView("1", at(-60), clear_passage(9, proposed="held", reasons=("test_missing",)))]
    station.show_station(lists=(revoked,), power="low", faults=("undervoltage",), aside=1, unacknowledged=12)
    server = serve(create_app(station.services()), "127.0.0.1:0", 16)
    server.start()
    yield server
    station.feed.close()
    server.stop()


def opened(browser: Browser, kiosk: Server, language: str, theme: str, size: tuple[int, int]) -> Page:
    # Without motion: a colour on its way to another has a contrast of its own.
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    kept = {"kiosk_language": language, "kiosk_theme": theme}
    where = f"http://{kiosk.address}"
    page.context.add_cookies([{"name": name, "value": value, "url": where} for name, value in kept.items()])
    return page


def go(page: Page, kiosk: Server, path: str) -> None:
    page.goto(f"http://{kiosk.address}{path}")
    if path == "/":
        page.wait_for_selector('.lane[data-state="clear"]')


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(browser: Browser, kiosk: Server, language: str, theme: str) -> None:
    found = {}
    page = opened(browser, kiosk, language, theme, (1280, 800))
    for path in PAGES:
        go(page, kiosk, path)
        found[path] = complaints(page)
    page.close()
    assert {path: said for path, said in found.items() if said} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [TOUCHSCREEN, (1280, 800), (390, 844)])
def test_every_target_is_large_enough_and_apart_from_the_next(
    browser: Browser, kiosk: Server, language: str, size: tuple[int, int]
) -> None:
    wrong: list[str] = []
    page = opened(browser, kiosk, language, THEMES[0], size)
    for path in PAGES:
        go(page, kiosk, path)
        targets = page.evaluate(TARGETS)
        wrong += [f"{path}: small: {one['html']}" for one in targets if min(sides(one["box"])) < 47.9]
        wrong += [
            f"{path}: {one['html']} beside {other['html']}"
            for one, other in combinations(targets, 2)
            if too_near(one["box"], other["box"])
        ]
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        wrong += [f"{path}: scrolls sideways"] if wide else []
        high = page.evaluate("[...document.querySelectorAll('main')].some(e => e.scrollHeight > e.clientHeight + 1)")
        wrong += [f"{path}: scrolls"] if high and size == TOUCHSCREEN and path != LONG_LIST else []
    page.close()
    assert wrong == []


def sides(box: dict[str, float]) -> tuple[float, float]:
    return box["width"], box["height"]


def too_near(one: dict[str, float], other: dict[str, float]) -> bool:
    """Less than 8 px apart both ways, and neither inside the other."""
    across = max(one["left"], other["left"]) - min(one["right"], other["right"])
    down = max(one["top"], other["top"]) - min(one["bottom"], other["bottom"])
    return max(across, down) < 7.9
