"""Taps for the commonest cases, counted, and the table in docs/kiosk.md held to them. The page for those without a code
is counted in test_register.py."""

import re
from pathlib import Path

import pytest
from kiosk_screen import GRANTED, Opening, Screen
from playwright.sync_api import Locator, expect
from scripted_kiosk import MET, at, clear_passage

from station.domain.view import AsideView

pytestmark = [pytest.mark.browser, pytest.mark.clock]

DOCS = (Path(__file__).parents[2] / "docs" / "kiosk.md").read_text(encoding="utf-8")
TABLE = {case.strip(): int(taps) for case, taps in re.findall(r"^\| ([A-Z][^|]+)\| (\d)[^|]*\|$", DOCS, re.MULTILINE)}


class Taps:
    def __init__(self) -> None:
        self.count = 0

    def on(self, target: Locator) -> None:
        self.count += 1
        target.click()


def let_through(screen: Screen, taps: Taps) -> None:
    screen.station.show("1", passage=clear_passage())
    taps.on(screen.button("granted"))
    expect(screen.lane()).to_have_attribute("data-state", "granted")


def tick_and_let_through(screen: Screen, taps: Taps) -> None:
    untested = {must: source for must, source in MET.items() if must != "test"}
    screen.station.show("1", passage=clear_passage(musts=untested, proposed="held", reasons=("test_missing",)))
    taps.on(screen.lane().locator('[data-must="test"]'))
    expect(screen.lane().locator('[data-must="test"]')).to_have_attribute("data-source", "operator")
    taps.on(screen.button("granted"))
    expect(screen.lane()).to_have_attribute("data-state", "granted")


def set_aside_and_take_up(screen: Screen, taps: Taps) -> None:
    held = clear_passage(7, proposed="held", reasons=("test_missing",))
    screen.station.show("1", passage=held)
    taps.on(screen.button("aside"))
    screen.station.by_hand.standing = [AsideView("1", at(-60), held)]
    screen.station.show_station(aside=1)
    taps.on(screen.page.locator("#aside"))
    taps.on(screen.page.get_by_role("button", name="回到车道 2"))
    expect(screen.lane("2")).to_have_attribute("data-state", "held")


def register_the_fastest_way(screen: Screen, taps: Taps) -> None:
    taps.on(screen.button("granted"))
    expect(screen.lane()).to_have_attribute("data-state", "granted")


def undo(screen: Screen, taps: Taps) -> None:
    screen.station.show("1", passage=clear_passage(undo_until=at(30), **GRANTED))
    taps.on(screen.button("undo"))
    expect(screen.lane()).to_have_attribute("data-state", "clear")


@pytest.mark.parametrize(
    ("case", "play"),
    [
        ("A valid pass, all musts met", let_through),
        ("A valid pass, one must to check", tick_and_let_through),
        ("Held, set aside, and taken up again", set_aside_and_take_up),
        ("Somebody without a code, the fastest way", register_the_fastest_way),
        ("The last decision taken back", undo),
    ],
)
def test_the_commonest_cases_take_as_many_taps_as_the_docs_say(show: Opening, case: str, play) -> None:
    taps = Taps()
    play(show(), taps)
    assert taps.count == TABLE[case]
