"""What the touchscreen shows of a plate that the station thinks it sees."""

import pytest
from kiosk_screen import WITHIN_A_SECOND, Opening
from playwright.sync_api import expect
from scripted_kiosk import clear_passage

from station.domain.plates import PlateKind
from station.domain.suggestion import PlateSuggestion

pytestmark = [pytest.mark.browser, pytest.mark.clock]

SEEN = PlateSuggestion("京A12345", PlateKind.ORDINARY, "risk_province", 0.92, 800)


def test_a_plate_is_suggested_while_nothing_else_has_one(show: Opening) -> None:
    screen = show()
    screen.station.show("1", suggestion=SEEN)
    expect(screen.slot("suggestion", "1")).to_have_text("看似 京A12345，风险地区所在省", timeout=WITHIN_A_SECOND)
    expect(screen.slot("suggestion", "2")).to_be_hidden()
    screen.station.show("1", suggestion=SEEN, passage=clear_passage(plate="", outcome="held", proposed="held"))
    expect(screen.slot("word", "1")).to_have_text("待查", timeout=WITHIN_A_SECOND)
    expect(screen.slot("suggestion", "1")).to_be_visible()
    screen.station.show("1", suggestion=SEEN, passage=clear_passage(id=12))
    expect(screen.slot("plate", "1")).to_have_text("豫A12345", timeout=WITHIN_A_SECOND)
    expect(screen.slot("suggestion", "1")).to_be_hidden()


def test_it_goes_when_the_station_takes_it_back(show: Opening) -> None:
    screen = show()
    screen.station.show("1", suggestion=SEEN)
    expect(screen.slot("suggestion", "1")).to_be_visible(timeout=WITHIN_A_SECOND)
    screen.station.show("1", suggestion=None)
    expect(screen.slot("suggestion", "1")).to_be_hidden(timeout=WITHIN_A_SECOND)
