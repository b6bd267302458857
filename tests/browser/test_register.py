"""The page for those without a code in a real browser: the keypad, the six taps, and nothing registered twice."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from scripted_hand import REGULAR
from scripted_kiosk import ScriptedKiosk

from station.domain.by_hand import Told
from station.domain.commands import Register
from station.domain.decision import Outcome
from station.domain.passes import Must, TrafficKind
from web_ui.kiosk import create_app
from web_ui.server import serve

pytestmark = [pytest.mark.browser, pytest.mark.clock]

SIZES = [(800, 480), (1280, 800), (390, 844)]


class Desk:
    def __init__(self, page: Page, station: ScriptedKiosk) -> None:
        self.page, self.station, self.taps = page, station, 0

    def type(self, plate: str) -> None:
        for key in plate:
            self.key(key).click()

    def key(self, key: str):
        return self.page.locator(f'#keys [data-key="{key}"]')

    def tap(self, selector: str) -> None:
        self.taps += 1
        self.page.locator(selector).click()

    def choose(self, name: str, value: str) -> None:
        self.tap(f'label:has([name="{name}"][value="{value}"])')

    def go_on(self) -> None:
        """Part of the plate: where the screen is small, the rest stands behind it."""
        button = self.page.locator('[data-go="details"]')
        if button.is_visible():
            button.click()

    @property
    def plate(self):
        return self.page.locator("#plate")

    def registered(self) -> list[Register]:
        return [command for _, command in self.station.commands if isinstance(command, Register)]


Opening = Callable[..., Desk]


@pytest.fixture
def desk(browser: Browser) -> Iterator[Opening]:
    opened = []

    def opening(size: tuple[int, int] = (800, 480), language: str = "zh") -> Desk:
        station = ScriptedKiosk(2)
        station.by_hand.known = [REGULAR]
        server = serve(create_app(station.services(), language), "127.0.0.1:0", 16)
        server.start()
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append((page, station, server, complaints))
        page.goto(f"http://{server.address}/register/1")
        expect(page.locator("#keys button").first).to_be_visible()
        return Desk(page, station)

    yield opening
    for page, station, server, complaints in opened:
        page.close()
        station.feed.close()
        server.stop()
        assert complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_a_truck_is_registered_with_everything_in_six_taps_and_its_plate(desk: Opening, size: tuple[int, int]) -> None:
    at = desk(size)
    at.type("豫B12345")
    at.go_on()
    at.choose("traffic", "truck")
    at.tap('[data-persons="2"]')
    at.choose("destination", "县医院")
    at.tap("[data-all]")
    at.choose("origin", "other_province")
    at.tap('[name="outcome"][value="granted"]')
    at.page.wait_for_url("**/")
    assert at.taps <= 6
    (command,) = at.registered()
    told = Told("豫B12345", TrafficKind.TRUCK, 2, "other_province", "县医院", frozenset(Must))
    assert (command.outcome, command.told) == (Outcome.GRANTED, told)


def test_only_keys_that_can_follow_are_there_to_tap(desk: Opening) -> None:
    at = desk()
    expect(at.key("豫")).to_be_enabled()
    expect(at.key("使")).to_be_enabled()
    expect(at.key("挂")).to_be_disabled()
    at.type("粤")
    expect(at.key("Z")).to_be_enabled()
    expect(at.key("1")).to_be_disabled()
    for missing in ("I", "O"):
        expect(at.key(missing)).to_have_count(0)
    at.type("Z1234")
    for ending in "港澳挂学警领":
        expect(at.key(ending)).to_be_enabled()
    at.type("港")
    expect(at.key("1")).to_be_disabled()
    at.key("⌫").click()
    expect(at.plate).to_have_value("粤Z1234")
    at.type("5D")
    expect(at.key("A")).to_be_disabled()
    at.key("✕").click()
    expect(at.plate).to_have_value("")


def test_the_plates_province_suggests_the_origin_and_a_tap_beats_it(desk: Opening) -> None:
    at = desk((1280, 800))
    at.type("豫")
    expect(at.page.locator('[name="origin"][value="this_province"]')).to_be_checked()
    at.choose("origin", "risk_area")
    at.key("✕").click()
    at.type("沪")
    expect(at.page.locator('[name="origin"][value="risk_area"]')).to_be_checked()


def test_a_bus_takes_two_figures_and_a_car_one(desk: Opening) -> None:
    at = desk((1280, 800))
    persons = at.page.locator("#persons")
    at.tap('[data-persons="4"]')
    at.tap('[data-persons="3"]')
    expect(persons).to_have_value("3")
    at.choose("traffic", "bus")
    at.tap('[data-persons="4"]')
    at.tap('[data-persons="0"]')
    expect(persons).to_have_value("40")
    at.tap('[data-add="1"]')
    expect(persons).to_have_value("41")


def test_a_regular_caller_is_found_by_the_first_characters_and_filled_in_by_one_tap(desk: Opening) -> None:
    at = desk()
    at.type("豫A")
    at.page.get_by_role("button", name="豫A12345（9 次）").click()
    expect(at.plate).to_have_value("豫A12345")
    at.tap('[name="outcome"][value="granted"]')
    at.page.wait_for_url("**/")
    (command,) = at.registered()
    assert command.told == Told("豫A12345", TrafficKind.TRUCK, 2, "this_province", "物流园")


def test_it_works_by_keyboard_alone(desk: Opening) -> None:
    at = desk()
    at.plate.focus()
    at.page.keyboard.insert_text("豫a12345")
    at.page.keyboard.press("Enter")
    expect(at.page.locator('[name="traffic"][value="car"]')).to_be_focused()
    at.page.keyboard.press("ArrowRight")
    grant = at.page.locator('[name="outcome"][value="granted"]')
    grant.focus()
    at.page.keyboard.press("Enter")
    at.page.wait_for_url("**/")
    (command,) = at.registered()
    assert (command.told.plate, command.told.traffic) == ("豫A12345", TrafficKind.BUS)


def test_a_double_tap_on_grant_is_sent_once(desk: Opening) -> None:
    at = desk()
    at.go_on()
    at.page.locator('[name="outcome"][value="granted"]').dblclick()
    at.page.wait_for_url("**/")
    assert len(at.registered()) == 1


def test_what_cannot_be_right_comes_back_with_a_word(desk: Opening) -> None:
    at = desk()
    at.page.locator("#id_number").fill("110105194912310021")
    at.go_on()
    at.tap('[name="outcome"][value="granted"]')
    expect(at.page.locator("#register .wrong")).to_contain_text("校验码")
    assert at.registered() == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_key_is_big_enough_and_at_seven_inches_nothing_scrolls(
    desk: Opening, language: str, size: tuple[int, int]
) -> None:
    at = desk(size, language)
    for _ in range(2):
        found = at.page.evaluate(
            """() => {
              const small = [...document.querySelectorAll(".register button, .register .choice")]
                .filter((e) => e.offsetParent)
                .filter((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 47.9);
              const page = document.querySelector(".page");
              const scrolls = innerWidth > 600 && page.scrollHeight > page.clientHeight + 1;
              const wide = document.documentElement.scrollWidth > innerWidth;
              return [...small.map((e) => e.textContent), ...(scrolls ? ["scrolls"] : []), ...(wide ? ["wide"] : [])];
            }"""
        )
        assert found == []
        at.go_on()
