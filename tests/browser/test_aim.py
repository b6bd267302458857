"""The aiming page in a real browser, in front of the real server and a scripted station."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from scripted_kiosk import ScriptedKiosk

from station.domain.aim import Advice, Aim, CodeAim, Verdict
from station.domain.optics import Exposure
from web_ui.kiosk import create_app
from web_ui.server import Server, serve

pytestmark = [pytest.mark.browser, pytest.mark.clock]

SIZES = [(800, 480), (1280, 800), (390, 844)]
LIGHT = Exposure(mean=118.0, contrast=150.0, burnt=0.03, black=0.1)
CODE = CodeAim(
    corners=((549, 256), (723, 256), (723, 430), (549, 430)),
    modules=57,
    px_per_module=3.05,
    edge_px=1.6,
    comfortable_at=1.02,
    limit_at=2.03,
    scale=Verdict.GOOD,
    sharpness=Verdict.GOOD,
)
GOOD = Aim(1280, 720, LIGHT, LIGHT, Verdict.GOOD, CODE, (Advice.FINE,))


class Aiming:
    def __init__(self, page: Page, station: ScriptedKiosk, server: Server) -> None:
        self.page, self.station, self.server = page, station, server
        self.errors: list[str] = []
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sees(self, aim: Aim | None) -> None:
        self.station.aims["1"] = asdict(aim) if aim else None

    def measure(self, name: str) -> Any:
        return self.page.locator(f'[data-measure="{name}"]')

    def reach(self, row: str) -> list[str]:
        return self.page.locator(f'[data-row="{row}"] td').all_inner_texts()


Opening = Callable[..., Aiming]


@pytest.fixture
def show(browser: Browser) -> Iterator[Opening]:
    opened: list[Aiming] = []

    def opening(aim: Aim | None = GOOD, size: tuple[int, int] = (800, 480), language: str = "zh") -> Aiming:
        station = ScriptedKiosk(2)
        server = serve(create_app(station.services(), language), "127.0.0.1:0", 8)
        server.start()
        screen = Aiming(browser.new_page(viewport={"width": size[0], "height": size[1]}), station, server)
        opened.append(screen)
        screen.sees(aim)
        screen.page.goto(f"http://{server.address}/aim/1")
        return screen

    yield opening
    for screen in opened:
        screen.page.close()
        screen.station.feed.close()
        screen.server.stop()
    assert [error for screen in opened for error in screen.errors] == []


def weak(**changes: Any) -> Aim:
    """Everything wrong at once, with the longest words."""
    code = CodeAim(
        CODE.corners, 57, 1.21, 2.9, 0.4, 0.8, changes.get("scale", Verdict.BAD), changes.get("sharpness", Verdict.WEAK)
    )
    burnt = Exposure(mean=231.0, contrast=18.0, burnt=0.81, black=0.0)
    advice = (Advice.CLOSER, Advice.FOCUS, Advice.SHADE)
    return Aim(1280, 720, burnt, burnt, Verdict.BAD, code, advice)


def test_a_measure_has_its_number_its_word_its_shape_and_its_colour(show: Opening) -> None:
    screen = show()
    expect(screen.measure("scale").locator("b")).to_have_text("3.0")
    expect(screen.measure("sharpness").locator("b")).to_have_text("1.6")
    expect(screen.measure("light").locator("b")).to_have_text("46")
    for name in ("scale", "sharpness", "light"):
        expect(screen.measure(name)).to_have_attribute("data-verdict", "good")
        expect(screen.measure(name).locator("strong")).to_have_text("好")
        expect(screen.measure(name).locator("use")).to_have_attribute("href", "#shape-granted")
    expect(screen.page.locator("#advice")).to_have_text("一切正常，无需调整")
    screen.sees(weak())
    expect(screen.measure("scale").locator("strong")).to_have_text("差")
    expect(screen.measure("scale").locator("use")).to_have_attribute("href", "#shape-denied")
    expect(screen.measure("sharpness").locator("strong")).to_have_text("弱")
    expect(screen.measure("sharpness").locator("use")).to_have_attribute("href", "#shape-held")
    assert screen.page.locator("#advice li").all_inner_texts() == [
        "摄像头靠近些，或把码印大些",
        "转动对焦环；把码拿稳",
        "给镜头遮光，或避开亮处",
    ]


def test_the_codes_outline_lies_over_the_picture_and_goes_with_the_code(show: Opening) -> None:
    screen = show()
    outline = screen.page.locator("#outline polygon")
    expect(outline).to_have_attribute("points", "549,256 723,256 723,430 549,430")
    expect(screen.page.locator("#picture")).to_be_visible()
    screen.sees(Aim(1280, 720, LIGHT, LIGHT, Verdict.WEAK, None, (Advice.LIGHT, Advice.SHOW)))
    expect(outline).to_have_attribute("points", "")
    expect(screen.measure("scale")).to_have_attribute("data-verdict", "none")
    expect(screen.measure("scale")).to_contain_text("画面里没有码")
    expect(screen.measure("light")).to_have_attribute("data-verdict", "weak")
    assert screen.page.locator("#advice li").all_inner_texts() == ["给车道补光", "请把码举到摄像头前"]


def test_the_distances_follow_the_lens_or_a_code_of_known_size_at_a_known_distance(show: Opening) -> None:
    screen = show(language="en")
    expect(screen.page.locator("#modules")).to_have_text("For the code in view: 57 modules a side")
    assert screen.reach("limit") == ["0.6 m", "0.9 m", "1.4 m", "2.3 m"]
    screen.page.select_option("#lens", "100")
    expect(screen.page.locator('[data-row="limit"] td').last).to_have_text("1.3 m")
    expect(screen.page.locator("#size")).to_be_hidden()
    screen.page.select_option("#lens", "measured")
    screen.page.select_option("#size", "80")
    screen.page.select_option("#distance", "1.5")
    expect(screen.page.locator('[data-row="limit"] td').nth(1)).to_have_text("3.0 m")
    expect(screen.page.locator('[data-row="comfortable"] td').nth(1)).to_have_text("1.5 m")


def test_without_a_picture_it_says_so_and_comes_back_by_itself(show: Opening) -> None:
    screen = show(None)
    expect(screen.page.locator("#absent")).to_have_text("没有画面")
    screen.sees(GOOD)
    expect(screen.page.locator("#absent")).to_be_hidden()


def test_it_is_reached_from_the_lane_and_leads_back(show: Opening) -> None:
    screen = show()
    screen.page.get_by_role("link", name="回到车道").click()
    link = screen.page.locator('[data-lane="1"] .aim-link')
    expect(link).to_be_visible()
    box = link.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 48
    link.click()
    expect(screen.page.locator("h1")).to_have_text("对准车道 1 的摄像头")


def test_the_language_is_switched_here_and_stays(show: Opening) -> None:
    screen = show()
    screen.page.get_by_role("link", name="EN").click()
    expect(screen.page.locator("h1")).to_have_text("Aiming lane 1")


def test_it_asks_three_times_a_second_and_not_at_all_once_it_is_left(show: Opening) -> None:
    screen = show()
    expect(screen.measure("scale").locator("b")).to_have_text("3.0")
    before = screen.station.aimed
    screen.page.wait_for_timeout(2000)
    assert 2 <= screen.station.aimed - before <= 7
    screen.page.get_by_role("link", name="回到车道").click()
    expect(screen.page.locator('[data-lane="1"]')).to_be_visible()
    left = screen.station.aimed
    screen.page.wait_for_timeout(1000)
    assert screen.station.aimed == left


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("lens", ["66", "measured"])
def test_everything_fits_without_scrolling(
    show: Opening, size: tuple[int, int], language: str, lens: str, tmp_path: Path
) -> None:
    for aim in (GOOD, weak()):
        screen = show(aim, size, language)
        screen.page.select_option("#lens", lens)
        expect(screen.measure("light").locator("b")).not_to_have_text("–")
        found = screen.page.evaluate(
            """() => {
              const out = [];
              const page = document.scrollingElement;
              const [wide, high] = [page.scrollWidth - page.clientWidth, page.scrollHeight - page.clientHeight];
              if (wide > 0 || high > 0) out.push("page scrolls");
              for (const part of document.querySelectorAll(".aim *, .bar *")) {
                const box = part.getBoundingClientRect();
                if (part.closest("svg, figure, .known, option") || !box.width) continue;
                const beyond = box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5 || box.left < -0.5;
                if (beyond) out.push(`${part.tagName}.${part.className} leaves the page`);
                const cut = part.clientWidth > 1 && part.scrollWidth > part.clientWidth + 1;
                if (cut) out.push(`${part.tagName}.${part.className} is cut`);
              }
              for (const part of document.querySelectorAll(".measure *, .reach :not(option), .advice *")) {
                const around = part.closest(".measure, .reach, .advice");
                const [box, edge] = [part, around].map((e) => e.getBoundingClientRect());
                const leaves = box.bottom > edge.bottom + 1 || box.right > edge.right + 1;
                if (box.width > 1 && leaves) out.push(`${part.tagName}.${part.className} leaves its box`);
              }
              const lens = document.getElementById("lens");
              const needed = { measured: { zh: 76, en: 92 }, 66: { zh: 0, en: 0 } };
              const language = document.documentElement.lang.slice(0, 2);
              if (lens.clientWidth < needed[lens.value][language]) out.push("the word in the list is cut");
              for (const part of document.querySelectorAll("a, select")) {
                const { width, height } = part.getBoundingClientRect();
                if (width && Math.min(width, height) < 48) out.push(`${part.id || part.className} is too small`);
              }
              const picture = document.querySelector(".view").getBoundingClientRect();
              if (picture.height < 120) out.push(`the picture is ${picture.height} px high`);
              return out;
            }"""
        )
        screen.page.screenshot(path=tmp_path / f"aim-{size[0]}-{language}-{lens}-{aim.light}.png")
        assert found == []
