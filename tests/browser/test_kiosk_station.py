"""What the touchscreen says of the station: camera, bar, ledger, language, sound, and the way back to it."""

import socket

import pytest
from kiosk_screen import GRANTED, SIZES, WITHIN_A_SECOND, Ignoring, Opening
from playwright.sync_api import expect
from scripted_duty import an_incident
from scripted_kiosk import at, clear_passage

from station.domain.commands import Decide
from station.domain.decision import Outcome
from station.domain.lists import ListState, ListView
from station.domain.view import CameraView
from web_ui.kiosk import create_app
from web_ui.server import serve

pytestmark = [pytest.mark.browser, pytest.mark.clock]


def test_a_lost_camera_is_a_word_with_what_to_do(show: Opening) -> None:
    screen = show()
    screen.station.show("1", camera=CameraView("lost", fault="/dev/video0: no such device"))
    expect(screen.slot("camera")).to_have_text("摄像头失联", timeout=WITHIN_A_SECOND)
    expect(screen.slot("camera-todo")).to_have_text("检查连线和供电；可继续人工登记")
    expect(screen.slot("camera-fault")).to_have_text("/dev/video0: no such device")
    expect(screen.slot("word")).to_have_text("人工登记")
    expect(screen.page.locator("#sound")).to_have_attribute("data-last", "fault")


def test_pictures_keep_coming_one_after_another(show: Opening) -> None:
    screen = show(1)
    with screen.page.expect_response(lambda response: "frame=4" in response.url) as fourth:
        pass
    assert fourth.value.header_value("content-type") == "image/jpeg"


def test_the_bar_says_what_must_always_be_visible(show: Opening) -> None:
    screen = show()
    screen.station.show_station(
        clock_trusted=False, uplink="off", uplink_since=at(-3 * 3600 - 60), unacknowledged=42, disk_free_mb=320
    )
    for locator, words in {
        "#clock-doubt": "时间未核准",
        "#uplink-word": "未连中心 3 小时",
        "#unacknowledged": "待传 42",
        "#disk": "磁盘剩 320 MB",
        "#station-name": "107国道黄河桥北岸",
    }.items():
        expect(screen.page.locator(locator)).to_have_text(words, timeout=WITHIN_A_SECOND)
    assert screen.page.locator("#clock").inner_text().startswith("12:")  # the station's, not the browser's


@pytest.mark.parametrize("size", SIZES)
def test_the_bar_says_how_old_a_stale_list_is_and_that_one_was_refused(show: Opening, size: tuple[int, int]) -> None:
    screen = show(size=size)
    tag = screen.page.locator("#lists")
    expect(tag).to_have_text("没有名单")
    revoked = ListView("revocations", False, 7, 120, at(-9 * 86400 - 60), at(-2 * 86400), ListState.STALE)
    watched = ListView("watchlist", False, 3, 40, at(-60), at(86400), ListState.UNUSABLE)
    screen.station.show_station(lists=(revoked,))
    expect(tag).to_have_text("吊销名单是9 天前的", timeout=WITHIN_A_SECOND)
    screen.station.show_station(lists=(revoked, watched), lists_fault="watchlist: made with another key")
    expect(tag).to_have_text("吊销名单是9 天前的 +1", timeout=WITHIN_A_SECOND)
    expect(tag).to_have_attribute("title", "watchlist: made with another key")
    assert screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screen.station.show_station(lists=(), lists_fault="revocations: version 3 is older than 7, which is held")
    expect(tag).to_have_text("名单被拒收", timeout=WITHIN_A_SECOND)


def test_the_bar_says_how_old_the_oldest_list_is_and_leads_to_all_of_them(show: Opening) -> None:
    screen = show()
    young = ListView("watchlist", False, 3, 40, at(-60), at(86400), ListState.CURRENT)
    old = ListView("trust", False, 7, 3, at(-5 * 86400 - 60), at(86400), ListState.CURRENT)
    screen.station.show_station(lists=(young, old))
    expect(screen.page.locator("#lists")).to_have_text("名单 5 天前", timeout=WITHIN_A_SECOND)
    expect(screen.page.locator("#disk")).to_have_text("磁盘 12 GB")
    screen.page.locator("a.condition").click()
    rows = screen.page.locator("tbody tr")
    expect(rows).to_have_text(["布控名单 1 分 3", "信任密钥 5 天 7"], use_inner_text=True)


def test_undervoltage_is_said_with_a_sound_and_what_to_do(show: Opening) -> None:
    screen = show()
    expect(screen.page.locator("#power")).to_be_hidden()
    screen.station.show_station(power="low", faults=("undervoltage",))
    expect(screen.page.locator("#power")).to_have_text("电压不足", timeout=WITHIN_A_SECOND)
    expect(screen.page.locator("#sound")).to_have_attribute("data-last", "fault")
    screen.page.locator("a.condition").click()
    expect(screen.page.locator("main p.wrong")).to_have_text("电压不足：请换本机配套的电源和短线")


def test_somebody_whose_team_is_not_due_is_welcome_and_told(show: Opening) -> None:
    screen = show()
    screen.station.shifts.welcome("team_not_due")
    notice = screen.page.locator("#notice")
    expect(notice).to_have_text("李**（0108）已上岗 · 其班组现不当班", timeout=WITHIN_A_SECOND)
    expect(notice).to_have_attribute("data-what", "signed_on")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_wrong_at_once_pushes_nothing_off_the_bar(show: Opening, language: str) -> None:
    screen = show(language=language)
    stale = ListView("revocations", False, 7, 120, at(-9 * 86400 - 60), at(-86400), ListState.STALE)
    screen.station.incidents.hold(an_incident())
    screen.station.feed.publish("rounds", {"due_at": at(-60), "waiting": 0})
    screen.station.show_station(
        clock_trusted=False,
        uplink="connecting",
        uplink_since=at(-3 * 3600),
        unacknowledged=1042,
        disk_free_mb=320,
        aside=2,
        lists=(stale, stale),
        power="low",
        faults=("undervoltage",),
    )
    expect(screen.page.locator("#power")).to_be_visible(timeout=WITHIN_A_SECOND)
    expect(screen.page.locator("#rounds")).to_be_visible(timeout=2 * WITHIN_A_SECOND)
    off = screen.page.evaluate(
        """() => [...document.querySelectorAll(".bar > :not(h1), .bar .condition *")].filter((e) => {
          const box = e.getBoundingClientRect();
          return box.width && (box.right > innerWidth || box.bottom > document.querySelector(".bar").clientHeight);
        }).map((e) => e.id || e.className)"""
    )
    assert off == []


def test_an_unwritable_ledger_is_said_in_full_and_release_by_hand_goes_on(show: Opening) -> None:
    screen = show()
    screen.station.show_station(ledger_fault="[Errno 28] No space left on device")
    banner = screen.page.locator("#ledger-fault")
    expect(banner).to_contain_text("台账无法写入", timeout=WITHIN_A_SECOND)
    expect(banner).to_contain_text("仍可人工放行")
    expect(banner).to_contain_text("[Errno 28] No space left on device")
    screen.station.show("1", passage=clear_passage(8, written=False, **GRANTED))
    expect(screen.slot("reasons")).to_contain_text("尚未写入台账")
    expect(screen.button("granted", "2")).to_be_enabled()


def test_one_tap_switches_the_language(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage(outcome="denied", proposed="denied", reasons=("expired",)))
    expect(screen.slot("reasons")).to_have_text("已过期")
    screen.page.get_by_role("link", name="EN").click()
    expect(screen.slot("word")).to_have_text("Denied")
    expect(screen.slot("reasons")).to_have_text("Expired")
    screen.page.get_by_role("link", name="中文").click()
    expect(screen.slot("reasons")).to_have_text("已过期")


def test_sound_is_off_until_the_first_touch_and_can_be_muted(show: Opening) -> None:
    screen = show(language="en")
    sound = screen.page.locator("#sound")
    expect(sound).to_have_attribute("data-state", "locked")
    screen.page.locator("#station-name").click()
    expect(sound).to_have_attribute("data-state", "on")
    sound.click()
    expect(sound).to_have_attribute("data-state", "muted")


def test_the_page_says_when_it_is_cut_off_and_comes_back_by_itself(show: Opening) -> None:
    screen = show(port=a_free_port())
    screen.errors = Ignoring("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE")
    overlay = screen.page.locator("#cut-off")
    screen.server.stop()
    expect(overlay).to_be_visible(timeout=20_000)
    expect(overlay).to_contain_text("与站点失去连接")
    screen.station.show("1", passage=clear_passage(91))
    screen.server = serve(create_app(screen.station.services()), screen.server.address, 16)
    screen.server.start()
    expect(overlay).to_be_hidden(timeout=20_000)
    expect(screen.slot("word")).to_have_text("可放行")
    screen.button("granted").click()
    expect(screen.slot("word")).to_have_text("放行")
    assert screen.station.commands == [("1", Decide(Outcome.GRANTED, 91, 91))]


def a_free_port() -> int:
    """Unlike port 0, a port that was asked for can be listened on again at once."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
