"""What a tap on the touchscreen sends, and when there is none to tap."""

import re

import pytest
from kiosk_screen import GRANTED, WITHIN_A_SECOND, Ignoring, Opening
from playwright.sync_api import expect
from scripted_kiosk import at, clear_passage

from station.domain.commands import Decide, Refusal, Register, Undo
from station.domain.decision import Outcome

pytestmark = [pytest.mark.browser, pytest.mark.clock]


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
    expect(screen.slot("kind", "2")).to_have_text("Registered without code · Car")
    assert screen.station.commands == [("2", Register(Outcome.GRANTED))]


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
    expect(screen.slot("kind")).to_have_text("无码登记 · 小汽车")
    assert screen.station.commands == [("1", Register(Outcome.GRANTED))]


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
