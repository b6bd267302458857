"""What the touchscreen shows of a passage."""

from dataclasses import replace
from typing import Any

import pytest
from kiosk_screen import CERTIFIED, HARD, WITHIN_A_SECOND, Opening
from playwright.sync_api import expect
from scripted_kiosk import MET, clear_passage

from station.domain.view import CameraView

pytestmark = [pytest.mark.browser, pytest.mark.clock]

ALONE = {
    "outcome": "held",
    "proposed": "held",
    "reasons": ("not_for_passing",),
    "musts": {},
    "for_passing": False,
    "plate": "",
}
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


def test_the_codes_outline_is_drawn_and_fades(show: Opening) -> None:
    screen = show(1)
    screen.station.see_code("1", frame=9)
    expect(screen.slot("outline")).to_have_css("opacity", "1", timeout=WITHIN_A_SECOND)
    expect(screen.slot("outline")).to_have_attribute("viewBox", "0 0 1280 720")
    expect(screen.slot("outline").locator("polygon")).to_have_attribute("points", "560,250 730,270 715,440 545,420")
    expect(screen.slot("outline")).to_have_css("opacity", "0")


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
