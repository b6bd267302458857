"""The touchscreen over a long shift: ten thousand events leave it as small as it was, and no reconnect loses one."""

import pytest
from kiosk_screen import HARD, Ignoring, Opening, Screen
from playwright.sync_api import CDPSession, expect
from scripted_kiosk import at, clear_passage

from station.domain.commands import Decide
from station.domain.decision import Outcome

pytestmark = [pytest.mark.browser, pytest.mark.clock]

EVENTS = 10_000
ROUND = 2_500
HEAP_SLACK = 1.15


def metrics(session: CDPSession) -> dict[str, float]:
    session.send("HeapProfiler.collectGarbage")
    return {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}


def play(screen: Screen, first: int, count: int) -> None:
    """Every change the lanes can show, one after another; the page takes in what it can paint."""
    for number in range(first, first + count):
        hard = number % 2
        passage = clear_passage(number, plate=f"豫A{number:05d}", **(HARD if hard else {}))
        screen.station.show("1", passage=passage, faults=("gate_lost",) if hard else (), pace=number % 200)
        if number % 50 == 0:
            expect(screen.slot("plate")).to_have_text(f"豫A{number:05d}")


def test_ten_thousand_events_leave_heap_and_page_flat(show: Opening) -> None:
    screen = show()
    session = screen.page.context.new_cdp_session(screen.page)
    session.send("Performance.enable")
    play(screen, 1, ROUND)
    before = metrics(session)
    for first in range(1 + ROUND, EVENTS, ROUND):
        play(screen, first, ROUND)
    expect(screen.slot("plate")).to_have_text(f"豫A{EVENTS:05d}")
    after = metrics(session)
    assert after["Nodes"] <= before["Nodes"] * HEAP_SLACK
    assert after["JSEventListeners"] <= before["JSEventListeners"]
    assert after["JSHeapUsedSize"] <= before["JSHeapUsedSize"] * HEAP_SLACK


def test_after_each_of_twenty_reconnects_the_page_shows_what_is_so_now(show: Opening) -> None:
    screen = show()
    screen.errors = Ignoring("ERR_")
    for number in range(20):
        with screen.page.expect_request("**/events"):
            screen.station.cut = True
            screen.station.show("1", passage=clear_passage(number + 1, plate=f"豫B{number:05d}"))
        screen.station.cut = False
        expect(screen.slot("plate")).to_have_text(f"豫B{number:05d}")
    screen.button("granted").click()
    expect(screen.lane()).to_have_attribute("data-state", "granted")
    assert screen.station.commands == [("1", Decide(Outcome.GRANTED, 20, 20))]


def test_a_reload_in_mid_decision_decides_once_and_shows_what_became_of_it(show: Opening) -> None:
    screen = show()
    screen.errors = Ignoring("ERR_")
    screen.station.show("1", passage=clear_passage(7))
    expect(screen.slot("word")).to_have_text("可放行")
    screen.station.may_answer.clear()
    with screen.page.expect_request("**/decide"):
        screen.button("granted").click()
    screen.page.reload()
    expect(screen.slot("word")).to_have_text("可放行")
    screen.station.may_answer.set()
    expect(screen.lane()).to_have_attribute("data-state", "granted")
    expect(screen.button("granted")).to_be_disabled()
    assert screen.station.commands == [("1", Decide(Outcome.GRANTED, 7, 7))]


def test_two_fingers_at_once_decide_one_thing(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage(7, undo_until=at(0)))
    expect(screen.slot("word")).to_have_text("可放行")
    expect(screen.button("granted")).to_be_enabled()  # which it is not in the first moment
    screen.page.evaluate(
        """() => {
          for (const what of ["granted", "denied", "held", "granted"])
            document.querySelector(`[data-lane="1"] [data-do="${what}"]`).click();
        }"""
    )
    expect(screen.lane()).to_have_attribute("data-state", "granted")
    assert screen.station.commands == [("1", Decide(Outcome.GRANTED, 7, 7))]
