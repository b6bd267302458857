"""The touchscreen in a real browser, in front of the real server and a scripted station."""

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from scripted_kiosk import MET, ScriptedKiosk, at, clear_passage

from station.domain.commands import Decide, Refusal, Undo
from station.domain.decision import Outcome
from station.domain.lists import ListState, ListView
from station.domain.view import CameraView
from web_ui.kiosk import create_app
from web_ui.server import Server, serve

pytestmark = pytest.mark.browser

WITHIN_A_SECOND = 1000
SIZES = [(800, 480), (1280, 800)]
HARD = {
    "outcome": "denied",
    "proposed": "denied",
    "reasons": ("expired", "out_of_scope", "possible_copy", "test_missing", "disinfection_missing"),
    "musts": {"identity": "attested", "itinerary": "declared", "temperature": "sensor"},
}
CERTIFIED = {
    "outcome": "held",
    "proposed": "held",
    "reasons": ("test_missing", "forged", "expired"),
    "musts": {must: source for must, source in MET.items() if must != "test"},
    "said": {
        "declaration.itinerary": "410700 420100 411400",
        "health.kind": "test",
        "health.result": "negative",
        "health.on": at(-14 * 3600),
        "health.until": at(40 * 3600),
    },
    "certificates": 1,
    "against": ("forged", "expired"),
    "named": True,
}
ALONE = {
    "outcome": "held",
    "proposed": "held",
    "reasons": ("not_for_passing",),
    "musts": {},
    "for_passing": False,
    "plate": "",
}
GRANTED = {"outcome": "granted", "proposed": "granted", "reasons": ("by_operator",), "by_operator": True}


@dataclass
class Screen:
    station: ScriptedKiosk
    server: Server
    page: Page
    errors: list[str] = field(default_factory=list)

    def lane(self, lane: str = "1") -> Locator:
        return self.page.locator(f'[data-lane="{lane}"]')

    def button(self, name: str, lane: str = "1") -> Locator:
        return self.lane(lane).locator(f'[data-do="{name}"]')

    def slot(self, name: str, lane: str = "1") -> Locator:
        return self.lane(lane).locator(f'[data-slot="{name}"]')


Opening = Callable[..., Screen]


@pytest.fixture
def show(browser: Browser) -> Iterator[Opening]:
    """Opens the kiosk; afterwards no page may have complained on its console."""
    screens: list[Screen] = []

    def opening(lanes: int = 2, size: tuple[int, int] = (800, 480), language: str = "zh", port: int = 0) -> Screen:
        station = ScriptedKiosk(lanes)
        server = serve(create_app(station.services(), language), f"127.0.0.1:{port}", 16)
        server.start()
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        screen = Screen(station, server, page)
        screens.append(screen)
        page.on("console", lambda said: screen.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: screen.errors.append(str(error)))
        page.goto(f"http://{server.address}/")
        expect(screen.slot("picture")).to_be_visible()
        expect(screen.button("granted")).to_be_enabled()
        return screen

    yield opening
    for screen in screens:
        screen.page.close()
        screen.station.feed.close()
        screen.server.stop()
    assert [error for screen in screens for error in screen.errors] == []


def test_a_passage_is_on_the_screen_within_a_second(show: Opening) -> None:
    screen = show()
    screen.station.show("2", passage=clear_passage(musts={**MET, "test": "declared"}), waiting=2)
    expect(screen.slot("word", "2")).to_have_text("可放行", timeout=WITHIN_A_SECOND)
    expect(screen.slot("ask", "2")).to_have_text("请点“放行”")
    expect(screen.slot("kind", "2")).to_have_text("申报 · 小汽车")
    expect(screen.slot("plate", "2")).to_have_text("豫A12345")
    expect(screen.slot("who", "2")).to_have_text("王** · 3 人 · 河南")
    expect(screen.slot("heat", "2")).to_have_text("体温 36.6 ℃ · 限 37.3")
    expect(screen.slot("waiting", "2")).to_have_text("后面 2")
    expect(screen.lane("2").locator('[data-must="test"]')).to_contain_text("申报")
    expect(screen.button("granted", "2")).to_have_attribute("data-wanted", "true")
    expect(screen.slot("word", "1")).to_have_text("等待扫码")


@pytest.mark.parametrize(("outcome", "word"), [("granted", "放行"), ("held", "待查"), ("denied", "劝返")])
def test_a_decision_has_its_colour_its_word_its_shape_and_its_sound(show: Opening, outcome: str, word: str) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage(outcome=outcome, proposed=outcome, reasons=("fever",)))
    expect(screen.slot("word")).to_have_text(word, timeout=WITHIN_A_SECOND)
    expect(screen.lane().locator(".decision")).to_have_attribute("data-decision", outcome)
    expect(screen.slot("shape")).to_have_attribute("href", f"#shape-{outcome}")
    expect(screen.slot("reasons")).to_have_text("体温过高")
    expect(screen.page.locator("#sound")).to_have_attribute("data-last", outcome)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lanes", [1, 2, 3, 4])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_overflows(show: Opening, lanes: int, size: tuple[int, int], language: str) -> None:
    screen = show(lanes, size, language)
    fits(screen, "1", idle=True)
    for scene in (
        {"passage": clear_passage(8), "waiting": 3},
        {"passage": clear_passage(9, **HARD), "faults": ("gate_lost",)},
        {"passage": clear_passage(10, undo_until=at(30), **GRANTED), "faults": ()},
        {"passage": clear_passage(12, **CERTIFIED)},
        {"passage": clear_passage(11, pass_kind="", plate="", text="https://x/" + "y" * 900, reasons=("not_a_pass",))},
    ):
        for lane in screen.station.lanes:
            screen.station.show(lane, **scene)
        fits(screen, lane)
    screen.station.show_station(ledger_fault="[Errno 28] No space left on device", clock_trusted=False, disk_free_mb=12)
    expect(screen.page.locator("#ledger-fault")).to_be_visible(timeout=WITHIN_A_SECOND)
    fits(screen, lane)


def fits(screen: Screen, last: str, idle: bool = False) -> None:
    """The page does not scroll, nothing leaves its card, and nothing a decision depends on is cut."""
    passage = screen.station.lanes[last].passage
    if passage and passage.plate:
        expect(screen.slot("plate", last)).to_be_visible(timeout=WITHIN_A_SECOND)
    expect(screen.lane(last)).to_have_attribute("data-state", "idle" if idle else look_of(screen, last))
    found = screen.page.evaluate(
        """() => {
          const out = [];
          const page = document.scrollingElement;
          if (page.scrollHeight > page.clientHeight || page.scrollWidth > page.clientWidth) out.push("page scrolls");
          for (const part of document.querySelectorAll(".decision, .act, .must, .must *, .actions, .counts")) {
            const [wide, high] = [part.scrollWidth - part.clientWidth, part.scrollHeight - part.clientHeight];
            if (part.clientWidth && (wide > 1 || high > 2)) out.push(`${part.className} is cut`);
          }
          for (const part of document.querySelectorAll(".decision *, .act *")) {
            const [box, panel] = [part, part.closest(".decision, .act")].map((e) => e.getBoundingClientRect());
            const within = box.left >= panel.left && box.right <= panel.right && box.bottom <= panel.bottom;
            if (box.width && !(within && box.top >= panel.top)) out.push(`${part.className || part.tagName} is cut`);
          }
          for (const card of document.querySelectorAll(".card")) {
            const edge = card.getBoundingClientRect();
            for (const part of card.children) {
              const box = part.getBoundingClientRect();
              const leaves = box.bottom > edge.bottom + 1 || box.right > edge.right + 1;
              if (box.height && leaves) out.push(`${part.className} leaves its lane`);
            }
          }
          return out;
        }"""
    )
    assert found == []


SAYINGS = [
    ({"said": {"declaration.itinerary": "410700 420100"}}, "到过 河南 4107 → 湖北 4201"),
    ({"pass_kind": "vehicle", "said": {"vehicle.seats": "5"}}, "5 座"),
    ({"pass_kind": "resident", "said": {"resident.building": "3", "resident.unit": "502"}}, "3 栋 502"),
    (
        {"pass_kind": "badge", "said": {"badge.number": "0417", "badge.team": "B2", "badge.role": "inspector"}},
        "编号 0417，督查 · 班组 B2",
    ),
    (
        {"pass_kind": "voucher", "said": {"voucher.order": "D-118", "voucher.drop_offs": "桥北"}},
        "单号 D-118 · 送至 桥北",
    ),
    (
        {"pass_kind": "batch", "said": {"batch.firm": "恒冷", "batch.batch": "B-7", "batch.certificate": "C-9"}},
        "货物：恒冷，批次 B-7 · 证明 C-9",
    ),
    ({"pass_kind": "manifest", "said": {"manifest.taken": "40", "manifest.declared": "23"}}, "已申报 23/40，缺 17"),
]


@pytest.mark.parametrize(("changes", "words"), SAYINGS, ids=[str(words) for _, words in SAYINGS])
def test_the_screen_says_what_a_kind_says(show: Opening, changes: dict[str, Any], words: str) -> None:
    screen = show(1)
    screen.station.show("1", passage=clear_passage(**changes))
    expect(screen.slot("said")).to_have_text(words, timeout=WITHIN_A_SECOND)


def test_certificates_are_counted_and_the_last_one_said_without_a_name(show: Opening) -> None:
    screen = show(1)
    screen.station.show("1", passage=clear_passage(**CERTIFIED))
    expect(screen.slot("certificate")).to_contain_text(
        "核酸证明 1/3 · 核酸检测 · 阴性 · 14 小时前 · 有效至", timeout=WITHIN_A_SECOND
    )
    expect(screen.slot("reasons").locator("li")).to_have_text(["核酸未查验", "伪造的证明", "附证：已过期"])


def test_of_a_code_that_lets_nobody_pass_no_must_is_missing(show: Opening) -> None:
    screen = show(1)
    screen.station.show("1", passage=clear_passage(pass_kind="badge", **ALONE))
    expect(screen.slot("reasons")).to_have_text("此证不作通行用", timeout=WITHIN_A_SECOND)
    for chip in screen.lane().locator(".must").all():
        expect(chip).to_have_attribute("data-source", "none")


def test_a_name_is_shown_when_it_is_asked_for_and_goes_by_itself(show: Opening) -> None:
    screen = show()
    screen.page.clock.install()
    screen.station.names = "Gabriele Gößinger"
    screen.station.show("1", passage=clear_passage(30, **CERTIFIED))
    expect(screen.slot("names")).to_be_hidden()
    screen.button("name").click()
    expect(screen.slot("names")).to_have_text("Gabriele Gößinger", timeout=WITHIN_A_SECOND)
    expect(screen.button("name")).to_be_hidden()
    screen.page.clock.fast_forward(10_000)
    expect(screen.slot("names")).to_have_text("")
    screen.button("name").click()
    expect(screen.slot("names")).to_have_text("Gabriele Gößinger")
    screen.station.show("1", passage=clear_passage(31, **CERTIFIED))
    expect(screen.slot("names")).to_have_text("")


def look_of(screen: Screen, lane: str) -> str:
    passage = screen.station.lanes[lane].passage
    assert passage is not None
    return "clear" if passage.proposed != passage.outcome else passage.outcome


@pytest.mark.parametrize("size", [*SIZES, (390, 844)])
def test_every_target_is_big_enough_for_a_glove(show: Opening, size: tuple[int, int]) -> None:
    screen = show(2, size)
    screen.station.show("1", passage=clear_passage(undo_until=at(30), **GRANTED))
    expect(screen.button("undo")).to_be_visible()
    sizes = screen.page.evaluate(
        """() => [...document.querySelectorAll("button, a")].filter((e) => e.offsetParent).map((e) => {
          const box = e.getBoundingClientRect();
          return [e.className, Math.min(box.width, box.height)];
        })"""
    )
    for name, smallest in sizes:
        assert smallest >= (48 if "small" in name else 56), name


@pytest.mark.parametrize("outcome", Outcome)
def test_a_tap_sends_the_decision_with_the_row_on_the_screen(show: Opening, outcome: Outcome) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage(number=77))
    expect(screen.slot("word")).to_have_text("可放行")
    screen.button(outcome.value).click()
    expect(screen.lane()).to_have_attribute("data-state", outcome.value, timeout=WITHIN_A_SECOND)
    assert screen.station.commands == [("1", Decide(outcome, 77, 77))]


def test_without_a_passage_the_buttons_register_by_hand_and_say_so(show: Opening) -> None:
    screen = show(language="en")
    expect(screen.button("granted", "2")).to_have_text("Grant without code")
    screen.button("granted", "2").click()
    expect(screen.slot("word", "2")).to_have_text("Granted", timeout=WITHIN_A_SECOND)
    expect(screen.slot("kind", "2")).to_have_text("Registered without code")
    assert screen.station.commands == [("2", Decide(Outcome.GRANTED))]


def test_a_double_tap_decides_once(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage())
    expect(screen.button("granted")).to_be_enabled()
    expect(screen.slot("word")).to_have_text("可放行")
    screen.button("held").dblclick()
    expect(screen.lane()).to_have_attribute("data-state", "held")
    expect(screen.button("granted")).to_be_enabled()
    assert len(screen.station.commands) == 1


def test_the_lane_takes_no_tap_while_a_command_is_under_way(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage())
    expect(screen.slot("word")).to_have_text("可放行")
    screen.station.may_answer.clear()
    screen.button("granted").click()
    for name in Outcome:
        expect(screen.button(name.value)).to_be_disabled()
        expect(screen.button(name.value, "2")).to_be_enabled()
    screen.station.may_answer.set()
    expect(screen.button("denied")).to_be_enabled()
    assert len(screen.station.commands) == 1


def test_a_tap_meant_for_the_passage_before_does_not_hit_the_next(show: Opening) -> None:
    screen = show()
    screen.page.evaluate(
        """() => {
          const button = document.querySelector('[data-do="granted"]');
          const note = () => (document.body.dataset.seen += button.disabled ? " closed" : " open");
          new MutationObserver(note).observe(button, { attributes: true, attributeFilter: ["disabled"] });
          document.body.dataset.seen = "";
        }"""
    )
    screen.station.show("1", passage=clear_passage())
    expect(screen.page.locator("body")).to_have_attribute("data-seen", re.compile("^( closed)+ open$"))


def test_undo_is_there_while_it_is_possible_and_no_longer(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage(5, undo_until=at(2), **GRANTED))
    expect(screen.button("undo")).to_be_visible(timeout=WITHIN_A_SECOND)
    expect(screen.slot("countdown")).to_have_text("1")
    expect(screen.button("undo")).to_be_hidden()
    screen.station.show("1", passage=clear_passage(6, undo_until=at(30), **GRANTED))
    screen.button("undo").click()
    expect(screen.slot("word")).to_have_text("可放行", timeout=WITHIN_A_SECOND)
    assert screen.station.commands == [("1", Undo(6, 6))]


def test_after_a_decision_the_next_one_without_a_code_is_two_taps_away(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage(5, **GRANTED))
    expect(screen.button("granted")).to_be_disabled()
    screen.button("next").click()
    expect(screen.slot("word")).to_have_text("等待扫码")
    screen.button("granted").click()
    expect(screen.slot("kind")).to_have_text("无码登记")
    assert screen.station.commands == [("1", Decide(Outcome.GRANTED))]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(Refusal.CHANGED_MEANWHILE, "情况刚变，未执行。请看清再点。"), (Refusal.BUSY, "车道正忙，未执行。请再点一次。")],
)
def test_a_refused_command_is_said_in_words_and_heard(show: Opening, refusal: Refusal, words: str) -> None:
    screen = show()
    screen.errors = Ignoring("409")
    screen.station.refusal = refusal
    screen.station.show("1", passage=clear_passage())
    screen.button("granted").click()
    expect(screen.slot("trouble")).to_have_text(words, timeout=WITHIN_A_SECOND)
    expect(screen.page.locator("#sound")).to_have_attribute("data-last", "fault")
    expect(screen.slot("word")).to_have_text("可放行")


class Ignoring(list[str]):
    """Console messages, without those that a test provokes."""

    def __init__(self, *provoked: str) -> None:
        super().__init__()
        self._provoked = provoked

    def append(self, message: str) -> None:
        if not any(part in message for part in self._provoked):
            super().append(message)


def test_a_strangers_markup_is_shown_as_text_and_does_nothing(show: Opening) -> None:
    screen = show()
    hostile = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>\u202e\x07"
    screen.station.show(
        "1",
        passage=clear_passage(pass_kind="", plate=hostile, label=hostile, text=hostile, reasons=("not_a_pass",)),
        camera=CameraView("lost", fault=hostile),
        name=hostile,
    )
    expect(screen.slot("stranger")).to_contain_text("<img src=x onerror=", timeout=WITHIN_A_SECOND)
    expect(screen.slot("stranger")).not_to_contain_text("\u202e")
    assert screen.page.locator(".lane img").count() == 2
    assert screen.page.title() == "检查站"


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


def test_the_codes_outline_is_drawn_and_fades(show: Opening) -> None:
    screen = show(1)
    screen.station.see_code("1", frame=9)
    expect(screen.slot("outline")).to_have_css("opacity", "1", timeout=WITHIN_A_SECOND)
    expect(screen.slot("outline")).to_have_attribute("viewBox", "0 0 1280 720")
    expect(screen.slot("outline").locator("polygon")).to_have_attribute("points", "560,250 730,270 715,440 545,420")
    expect(screen.slot("outline")).to_have_css("opacity", "0")


def test_the_bar_says_what_must_always_be_visible(show: Opening) -> None:
    screen = show()
    screen.station.show_station(
        clock_trusted=False, uplink="off", uplink_since=at(-3 * 3600), unacknowledged=42, disk_free_mb=320
    )
    for locator, words in {
        "#clock-doubt": "时间未核准",
        "#uplink-word": "未连中心 3 小时",
        "#unacknowledged": "待传 42",
        "#disk": "磁盘剩 320 MB",
        "#station-name": "107国道黄河桥北岸",
    }.items():
        expect(screen.page.locator(locator)).to_have_text(words, timeout=WITHIN_A_SECOND)
    shanghai = screen.page.evaluate(
        "new Date().toLocaleTimeString('en-GB', {timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit'})"
    )
    assert screen.page.locator("#clock").inner_text().startswith(shanghai[:2])


@pytest.mark.parametrize("size", SIZES)
def test_the_bar_says_how_old_a_stale_list_is_and_that_one_was_refused(show: Opening, size: tuple[int, int]) -> None:
    screen = show(size=size)
    tag = screen.page.locator("#lists")
    expect(tag).to_be_hidden()
    revoked = ListView("revocations", False, 7, 120, at(-9 * 86400), at(-2 * 86400), ListState.STALE)
    watched = ListView("watchlist", False, 3, 40, at(-60), at(86400), ListState.UNUSABLE)
    screen.station.show_station(lists=(revoked,))
    expect(tag).to_have_text("吊销名单是9 天前的", timeout=WITHIN_A_SECOND)
    screen.station.show_station(lists=(revoked, watched), lists_fault="watchlist: made with another key")
    expect(tag).to_have_text("吊销名单是9 天前的 +1", timeout=WITHIN_A_SECOND)
    expect(tag).to_have_attribute("title", "watchlist: made with another key")
    assert screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screen.station.show_station(lists=(), lists_fault="revocations: version 3 is older than 7, which is held")
    expect(tag).to_have_text("名单被拒收", timeout=WITHIN_A_SECOND)


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
    expect(overlay).to_be_visible(timeout=8000)
    expect(overlay).to_contain_text("与站点失去连接")
    screen.station.show("1", passage=clear_passage(91))
    screen.server = serve(create_app(screen.station.services()), screen.server.address, 16)
    screen.server.start()
    expect(overlay).to_be_hidden(timeout=8000)
    expect(screen.slot("word")).to_have_text("可放行")
    screen.button("granted").click()
    expect(screen.slot("word")).to_have_text("放行")
    assert screen.station.commands == [("1", Decide(Outcome.GRANTED, 91, 91))]


def a_free_port() -> int:
    """Unlike port 0, a port that was asked for can be listened on again at once."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_a_thousand_changes_leave_the_page_as_small_as_it_was(show: Opening) -> None:
    screen = show()
    nodes = "document.querySelectorAll('*').length"
    screen.station.show("1", passage=clear_passage(1, **HARD))
    expect(screen.lane()).to_have_attribute("data-state", "denied")
    before = screen.page.evaluate(nodes)
    for number in range(2, 1000):
        screen.station.show("1", passage=clear_passage(number, **HARD), code=None)
    screen.station.show("1", passage=replace(clear_passage(1000, **HARD), plate="豫Z99999"))
    expect(screen.slot("plate")).to_have_text("豫Z99999")
    assert screen.page.evaluate(nodes) == before
