"""A driver's whole way: board, form, code on the phone, lane, granted; and the pages at every size."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Broker, free_port
from driver_hub import DriverHub, driver_hub
from phone_at_lane import film
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect
from scripted_driver import BARE_BUS, BUS, ROAD, Desk
from station_process import Program, get_json
from ticking_clock import ticking_now
from waiting import until

from station.domain.declaration import Declaration
from station.domain.passes import Must
from station.ledger import audit
from web_ui.driver import Limits, Rates, create_app
from web_ui.server import Server, serve

pytestmark = [pytest.mark.browser, pytest.mark.clock]

PHONE = {"width": 390, "height": 844}
SIZES = [(390, 844), (800, 480), (1280, 800)]
KILOBYTES_60 = 60 * 1024
SMALL_TARGETS = """
[...document.querySelectorAll("button, summary, input:not([type=hidden]), a, .tiles b")].filter((element) => {
  const box = (element.closest("label") ?? element).getBoundingClientRect();
  return element.checkVisibility() && (box.height < 48 || box.width < 48);
}).map((element) => element.outerHTML)
"""
POOR_CONTRAST = """
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const part = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "#fff";
  };
  const says = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.querySelectorAll("body *")].filter((element) => {
    if (!element.checkVisibility() || !says(element)) return false;
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 7;
  }).map((element) => element.outerHTML.slice(0, 120));
})()
"""


@pytest.fixture
def running(broker: Broker, tmp_path: Path) -> Iterator[DriverHub]:
    with driver_hub(tmp_path, broker.url, [ROAD, BUS, BARE_BUS]) as hub:
        yield hub


def passages_of_a_lane(running: DriverHub, screenshot: bytes) -> list[dict[str, object]]:
    """What a real station in automatic mode writes down when the phone is held before its camera."""
    folder, kiosk = running.folder, f"127.0.0.1:{free_port()}"
    film(screenshot, folder / "frames")
    (folder / "station.toml").write_text(f"""
[station]
id = "g107-bridge-north"
name = "桥北"
district = "pingyuan"
levels = ["pingyuan"]
data_dir = "{folder / "station"}"
trust_dir = "{running.trust}"
clock = "always"
[[lanes]]
id = "1"
mode = "automatic"
camera = {{ driver = "file", path = "{folder / "frames"}" }}
gate = {{ driver = "simulated" }}
[uplink]
url = "{running.broker}"
[kiosk]
listen = "{kiosk}"
""")
    station = Program(folder, "station", "run", "--config", str(folder / "station.toml"))
    until(lambda: get_json(f"http://{kiosk}/healthz")["lanes"]["1"]["scans"], 60, "a scan of the phone")
    assert station.stop() == 0
    return [row for row in audit.records(folder / "station", personal=True) if row["type"] == "passage"]


def fill_in(page: Page) -> None:
    """By touch: the plate by its keypad where there is one, Jiangxi's Jiujiang, Wuhan as well, all five musts."""
    page.get_by_role("radio", name="豫", exact=True).tap()
    if page.get_by_role("button", name="⌫").or_(page.get_by_label("删除")).count():
        for key in "G12345":
            page.get_by_role("button", name=key, exact=True).tap()
        page.get_by_label("增加").tap()
    else:
        page.locator("[name=serial]").fill("g12345")
        page.locator("[name=party]").fill("2")
    page.get_by_role("radio", name="小汽车").tap()
    pick(page.locator(".regions").first, "江西", "九江")
    page.get_by_role("button", name="选择去过的地方").tap()
    pick(page.locator(".places .regions"), "湖北", "武汉")
    for must in page.locator("[name=must]").all():
        must.tap()


def pick(regions: Locator, province: str, city: str) -> None:
    regions.locator("summary", has_text=province).tap()
    regions.get_by_label(city, exact=True).tap()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_board_to_the_granted_passage(browser: Browser, running: DriverHub, script: bool) -> None:
    context = browser.new_context(
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        locale="zh-CN",
        java_script_enabled=script,
    )
    page = context.new_page()
    page.goto(f"{running.drivers}/b/{ROAD.number}")
    page.get_by_role("button", name="申报，领取通行码").tap()
    expect(page.locator(".error")).to_have_count(4)
    fill_in(page)
    page.get_by_role("button", name="申报，领取通行码").tap()
    expect(page.locator(".plate-shown")).to_have_text("豫G12345")
    address = page.url
    page.reload()
    assert page.url == address
    until(lambda: running.boards()[ROAD.number] == (1, 1), what="one scan and one declaration in the district")
    row, *others = passages_of_a_lane(running, page.screenshot())
    assert others == []
    assert (row["outcome"], row["plate"], row["persons"]) == ("granted", "豫G12345", 2)
    context.close()


def test_a_code_that_was_loaded_stays_without_a_network_and_is_saved_as_a_picture(
    browser: Browser, server: Server, desk: Desk
) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, accept_downloads=True)
    page = context.new_page()
    page.goto(f"http://{server.address}/p/{a_reference(desk)}")
    server.stop()
    page.goto("about:blank")
    page.go_back()
    expect(page.locator(".code")).to_be_visible()
    with page.expect_download() as saving:
        page.locator("a[download]").tap()
    assert re.fullmatch(r"pass-\d{4}-\d{4}\.png", saving.value.suggested_filename)
    assert Path(saving.value.path()).read_bytes().startswith(b"\x89PNG")
    context.close()


def test_a_bus_gathers_its_passengers_on_the_drivers_phone(browser: Browser, server: Server) -> None:
    drivers, passengers = a_phone(browser), a_phone(browser)
    driver, passenger = drivers.new_page(), passengers.new_page()
    driver.clock.install()
    driver.goto(f"http://{server.address}/v/{BUS.number}")
    driver.locator("[name=seats]").fill("3")
    driver.get_by_role("button", name="开始行程").tap()
    expect(driver.locator(".declared")).to_contain_text("还差 3 人")
    passenger.goto(f"http://{server.address}/v/{BUS.number}")
    declare_as_passenger(passenger, 1)
    driver.clock.run_for(20_000)
    expect(driver.locator(".declared")).to_contain_text("还差 2 人")
    passenger.goto(f"http://{server.address}/v/{BUS.number}")  # the same phone again
    declare_as_passenger(passenger, 3)
    driver.get_by_role("link", name="更新").tap()
    expect(driver.locator(".declared")).to_contain_text("全部已申报")
    drivers.close()
    passengers.close()


def declare_as_passenger(page: Page, party: int) -> None:
    page.locator("[name=party]").fill(str(party))
    pick(page.locator(".regions").first, "河南", "新乡")
    page.get_by_role("button", name="申报", exact=True).tap()
    expect(page.locator(".done")).to_have_text(f"已申报 {party} 人")


def test_the_first_page_with_all_it_loads_is_under_60_kb_and_comes_from_here_alone(
    browser: Browser, server: Server
) -> None:
    for language in ("zh", "en"):
        page = browser.new_page(viewport=PHONE)
        answers: list[Response] = []
        page.on("response", lambda answer, answers=answers: answers.append(answer))
        page.goto(f"http://{server.address}/b/{ROAD.number}?lang={language}", wait_until="networkidle")
        loaded = {
            answer.url: len(answer.body()) for answer in answers
        }  # asked for here: a handler would not be waited for
        assert len(loaded) == 3
        assert sum(loaded.values()) < KILOBYTES_60, loaded
        assert all(url.startswith(f"http://{server.address}/") for url in loaded)
        page.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_whole_readable_and_easy_to_hit(
    browser: Browser, server: Server, desk: Desk, size: tuple[int, int], language: str
) -> None:
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in every_page(desk):
        page.goto(f"http://{server.address}{path}{'&' if '?' in path else '?'}lang={language}")
        page.evaluate("document.querySelector('.regions details')?.setAttribute('open', '')")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(SMALL_TARGETS) == [], path
        assert page.evaluate(POOR_CONTRAST) == [], path
    assert said == []
    page.close()


def every_page(desk: Desk) -> list[str]:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    desk.services.join(BUS, "phone-1234", Declaration(23, "410700", (), frozenset(Must)))
    return [
        "/",
        f"/b/{ROAD.number}",
        f"/p/{a_reference(desk)}",
        f"/v/{BUS.number}",
        f"/v/{BARE_BUS.number}",
        f"/v/{BUS.number}/declared?party=2&phone=phone-1234",
        f"/t/{secret}",
    ]


def a_reference(desk: Desk) -> str:
    return desk.services.declare(ROAD, Declaration(3, "410700", ("420100",), frozenset(Must), "豫G12345"))


def a_phone(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "desk", now=ticking_now)
    yield desk
    desk.close()


@pytest.fixture
def server(desk: Desk) -> Iterator[Server]:
    server = serve(create_app(desk.services, Limits(Rates(1000, 1000, 10_000))), "127.0.0.1:0", threads=8)
    server.start()
    yield server
    server.stop()
