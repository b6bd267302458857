"""The supervisors' view in a browser, over TLS: live, readable by everybody, fit for a phone, and it ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from authority import Authority
from axe import complaints
from kiosk_screen import WITHIN_A_SECOND
from playwright.sync_api import Browser, Page, expect
from scripted_door import NUMBER, PIN, ScriptedDoor, supervisor_services
from scripted_duty import an_incident, an_operator
from scripted_kiosk import ScriptedKiosk, clear_passage
from test_kiosk_pages import TARGETS, sides

from station.domain.roster import TeamView
from station.domain.rounds import HourCounts
from station.domain.supervision import StationUnavailable
from station.domain.view import CameraView
from web_ui.kiosk.frame import THEMES
from web_ui.server import Server, serve
from web_ui.supervisor import create_app
from web_ui.text import LANGUAGES, text

pytestmark = [pytest.mark.browser, pytest.mark.clock]

PAGES = ("/sign-in", "/", "/duty", "/incidents", "/today", "/station")
SIZES = ((390, 844), (800, 480), (1280, 800))


@dataclass
class View:
    station: ScriptedKiosk
    door: ScriptedDoor
    server: Server = field(init=False)
    available: bool = True

    def hours(self) -> Sequence[HourCounts]:
        if not self.available:
            raise StationUnavailable
        return self.station.hours

    def address(self, path: str) -> str:
        return f"https://{self.server.address}{path}"


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    folder: Path = tmp_path_factory.mktemp("view")
    _, cert, key = Authority(curve=True).write(folder, "localhost")
    station, door = ScriptedKiosk(3), ScriptedDoor()
    station.shifts.on_duty = (an_operator(), an_operator(number="0108", label="李**", lanes=()))
    station.shifts.teams = (TeamView("B", 4, 2, enough=False),)
    station.incidents.hold(an_incident(text="x" * 200))
    station.hours = [HourCounts("1", 8, 70, 2, 1), HourCounts("2", 9, 30, 0, 1)]
    station.show_station(aside=2, uplink="off", disk_free_mb=320, ledger_fault="[Errno 28] No space left on device")
    station.show("2", passage=clear_passage(), faults=("gate_lost", "thermometer_lost"))
    station.show("3", camera=CameraView("lost", fault="/dev/video0: no such device"))
    view = View(station, door)
    app = create_app(replace(supervisor_services(station, door), hours=view.hours))
    view.server = serve(app, "127.0.0.1:0", 12, tls=(str(cert), str(key)))
    view.server.start()
    yield view
    station.feed.close()
    view.server.stop()


def inside(browser: Browser, view: View, language: str, theme: str, size: tuple[int, int]) -> Page:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, ignore_https_errors=True).new_page()
    page.goto(view.address(f"/sign-in?language={language}&theme={theme}"))
    page.fill("[name=number]", NUMBER)
    page.fill("[name=pin]", PIN)
    page.click("form .main")
    expect(page.locator('[data-lane="2"]')).to_have_attribute("data-state", "clear")
    return page


def go(page: Page, view: View, path: str) -> None:
    page.goto(view.address(path))
    if path == "/":
        expect(page.locator('[data-lane="2"]')).to_have_attribute("data-state", "clear")


@pytest.mark.parametrize(("language", "theme"), list(zip(LANGUAGES, THEMES, strict=True)))
def test_axe_finds_nothing(browser: Browser, view: View, language: str, theme: str) -> None:
    """The kiosk's pages are judged in every pair of language and theme; these are made of the same parts."""
    page = inside(browser, view, language, theme, SIZES[0])
    found = {}
    for path in PAGES:
        go(page, view, path)
        found[path] = complaints(page)
    page.context.close()
    assert {path: said for path, said in found.items() if said} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways_and_every_target_is_large_enough(browser: Browser, view: View, language: str) -> None:
    page = inside(browser, view, language, THEMES[0], SIZES[0])
    wrong: list[str] = []
    for path in PAGES:
        go(page, view, path)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            small = [one["html"] for one in page.evaluate(TARGETS) if min(sides(one["box"])) < 47.9]
            wrong += [f"{path} at {width}: small: {html}" for html in small]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{path} at {width}: scrolls sideways")
    page.context.close()
    assert wrong == []


def test_what_changes_at_a_lane_is_there_within_a_second_and_names_nobody_whole(browser: Browser, view: View) -> None:
    page = inside(browser, view, "en", "sun", (1280, 800))
    lane = page.locator('[data-lane="1"]')
    view.station.show("1", passage=clear_passage(31, outcome="denied", proposed="denied", reasons=("expired",)))
    expect(lane).to_have_attribute("data-state", "denied", timeout=WITHIN_A_SECOND)
    expect(lane.locator("[data-slot=plate]")).to_have_text("豫A***45")
    expect(lane.locator("[data-slot=reasons]")).to_have_text("Expired")
    assert lane.locator("img, button").count() == 0
    assert "豫A12345" not in page.content()
    page.context.close()


@pytest.mark.parametrize(("language", "theme"), list(zip(LANGUAGES, THEMES, strict=True)))
def test_a_station_that_does_not_answer_is_told_on_the_page_until_it_does(
    browser: Browser, view: View, language: str, theme: str
) -> None:
    page = inside(browser, view, language, theme, (390, 844))
    told = page.locator("#cut-off")
    expect(told).to_be_hidden()
    view.station.feed.publish("availability", {"available": False})
    expect(told).to_have_text(text(language, "supervisor.unavailable"))
    expect(page.locator(".watched")).to_have_attribute("inert", "")
    assert complaints(page) == []
    view.station.feed.publish("availability", {"available": True})
    expect(told).to_be_hidden()
    expect(page.locator(".watched")).not_to_have_attribute("inert", "")
    page.context.close()


def test_a_page_of_a_station_that_does_not_answer_comes_by_itself_once_it_does(browser: Browser, view: View) -> None:
    page = inside(browser, view, "zh", "sun", (390, 844))
    view.available = False
    page.goto(view.address("/today"))
    expect(page.locator("[role=alert]")).to_have_text(text("zh", "supervisor.page_unavailable"))
    assert complaints(page) == []
    view.available = True
    expect(page.locator("[role=alert]")).to_have_count(0, timeout=15_000)
    expect(page.locator("text=70").first).to_be_visible()
    page.context.close()


def test_a_page_whose_session_has_ended_asks_to_sign_in_by_itself(browser: Browser, view: View) -> None:
    page = inside(browser, view, "en", "sun", (1280, 800))
    view.door.sessions.clear()
    expect(page.locator("[name=pin]")).to_be_visible()
    assert page.url == view.address("/sign-in")
    page.context.close()
