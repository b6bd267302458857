"""The five musts on the touchscreen: one tap ticks one, a wet finger ticks once; and faults say all on a tap."""

import pytest
from kiosk_screen import SIZES, WITHIN_A_SECOND, Opening
from playwright.sync_api import expect
from scripted_kiosk import MET, clear_passage

from station.domain.commands import SetAside, TickMust, UntickMust
from station.domain.passes import Must

pytestmark = [pytest.mark.browser, pytest.mark.clock]

UNTESTED = {must: source for must, source in MET.items() if must != "test"}
FAULTS = ("gate_lost", "thermometer_lost", "crossed_undecided")


def test_one_tap_ticks_a_must_and_another_takes_it_back(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage(musts=UNTESTED, proposed="held", reasons=("test_missing",)))
    chip = screen.lane().locator('[data-must="test"]')
    expect(chip).to_have_attribute("data-source", "missing", timeout=WITHIN_A_SECOND)
    chip.click()
    expect(chip).to_have_attribute("data-source", "operator")
    expect(chip).to_have_attribute("aria-pressed", "true")
    tapped = screen.page.evaluate("performance.now()")
    screen.page.wait_for_function("tapped => performance.now() > tapped + 650", arg=tapped)
    chip.click()
    expect(chip).to_have_attribute("data-source", "missing")
    kinds = [type(command) for _, command in screen.station.commands]
    assert kinds == [TickMust, UntickMust]


def test_a_wet_finger_ticks_once(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage(number=7, musts=UNTESTED))
    chip = screen.lane().locator('[data-must="test"]')
    expect(chip).to_be_enabled()
    screen.page.evaluate(
        """() => {
          const chip = document.querySelector('[data-lane="1"] [data-must="test"]');
          for (let n = 0; n < 12; n += 1) chip.click();
        }"""
    )
    expect(chip).to_have_attribute("data-source", "operator")
    assert screen.station.commands == [("1", TickMust(7, 7, Must.TEST))]


def test_nothing_is_ticked_where_nobody_is_in_view_or_no_must_is_asked(show: Opening) -> None:
    screen = show()
    for chip in screen.lane("2").locator(".must").all():
        expect(chip).to_be_disabled()
    screen.station.show("1", passage=clear_passage(pass_kind="badge", musts={}, for_passing=False))
    expect(screen.slot("kind")).to_contain_text("工作证", timeout=WITHIN_A_SECOND)
    for chip in screen.lane().locator(".must").all():
        expect(chip).to_be_disabled()


@pytest.mark.parametrize("size", [*SIZES, (390, 844)])
@pytest.mark.parametrize("lanes", [1, 2, 4])
def test_the_five_fields_are_big_and_far_enough_from_each_other(
    show: Opening, lanes: int, size: tuple[int, int]
) -> None:
    screen = show(lanes, size, "en")
    screen.station.show("1", passage=clear_passage())
    expect(screen.lane().locator('[data-must="identity"]')).to_be_enabled()
    boxes = screen.page.evaluate(
        """() => [...document.querySelectorAll('[data-lane="1"] .must')].map((chip) => {
          const { left, right, top, bottom } = chip.getBoundingClientRect();
          return { left, right, top, bottom };
        })"""
    )
    assert len(boxes) == 5
    for place, box in enumerate(boxes):
        assert min(box["right"] - box["left"], box["bottom"] - box["top"]) >= 48
        for other in boxes[place + 1 :]:
            beside = max(other["left"] - box["right"], box["left"] - other["right"])
            beneath = max(other["top"] - box["bottom"], box["top"] - other["bottom"])
            assert max(beside, beneath) >= 7.9


@pytest.mark.parametrize("language", ["zh", "en"])
def test_several_faults_on_a_narrow_lane_are_the_first_and_a_number_and_all_on_a_tap(
    show: Opening, language: str
) -> None:
    screen = show(4, language=language)
    screen.station.show("1", faults=FAULTS, passage=clear_passage())
    button = screen.slot("faults")
    expect(screen.slot("more-faults")).to_have_text("+2", timeout=WITHIN_A_SECOND)
    expect(screen.slot("all-faults")).to_be_hidden()
    assert button.evaluate("e => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1")
    assert all(word in (button.get_attribute("title") or "") for word in screen.slot("all-faults").inner_text())
    button.click()
    expect(screen.slot("all-faults")).to_be_visible()
    assert screen.slot("all-faults").inner_text().count(" · ") == 2
    button.click()
    expect(screen.slot("all-faults")).to_be_hidden()


def test_a_held_vehicle_is_set_aside_by_one_tap_and_the_lane_is_free(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage(number=7))
    screen.button("aside").click()
    expect(screen.slot("word")).to_have_text("等待扫码", timeout=WITHIN_A_SECOND)
    assert screen.station.commands == [("1", SetAside(7, 7))]
    screen.station.show_station(aside=3)
    expect(screen.page.locator("#aside")).to_have_text("靠边 3", timeout=WITHIN_A_SECOND)
