"""An order over the touchscreen, in a real browser: seen by all, acknowledged on purpose, not in the lanes' way."""

import re
from dataclasses import asdict

import pytest
from axe import complaints
from kiosk_screen import SIZES, Ignoring, Opening, Screen
from playwright.sync_api import expect
from scripted_duty import an_incident, an_operator, an_order
from scripted_kiosk import clear_passage

from station.domain.commands import Decide, Refusal

pytestmark = [pytest.mark.browser, pytest.mark.clock]

DUTY = {"on": [], "lanes": {}, "teams": [], "notice": {}}
LONG = "一号车道因发现阳性人员暂停放行，" * 12


def receive(screen: Screen, *orders: object) -> None:
    screen.station.orders.hold(*orders)
    expect(screen.page.locator("#order")).to_be_visible()


def acknowledge(screen: Screen) -> None:
    button = screen.page.locator("#order-acknowledge")
    expect(button).to_be_enabled()
    button.click()


def test_an_order_covers_the_screen_in_both_languages_until_it_is_acknowledged(show: Opening) -> None:
    screen = show()
    receive(screen, an_order())
    dialog = screen.page.locator("#order")
    expect(dialog).to_contain_text("一号车道暂停放行")
    expect(dialog).to_contain_text("Stop lane 1")
    expect(dialog).to_contain_text("紧急")
    box = dialog.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (800, 480)
    acknowledge(screen)
    expect(dialog).to_be_hidden()
    assert screen.station.orders.said == [("shown", "order-1"), ("acknowledge", "order-1")]


def test_a_late_tap_that_was_meant_for_a_lane_does_not_acknowledge(show: Opening) -> None:
    screen = show()
    receive(screen, an_order())
    expect(screen.page.locator("#order-acknowledge")).to_be_disabled()
    screen.page.keyboard.press("Enter")
    screen.page.keyboard.press("Space")
    expect(screen.page.locator("#order-acknowledge")).to_be_enabled()
    screen.page.keyboard.press("Enter")
    assert ("acknowledge", "order-1") not in screen.station.orders.said


def test_the_lanes_are_one_tap_away_and_the_order_waits_in_sight(show: Opening) -> None:
    screen = show()
    screen.station.show("1", passage=clear_passage())
    receive(screen, an_order())
    later = screen.page.locator("#order-later")
    expect(later).to_be_enabled()
    later.click()
    expect(screen.page.locator("#order")).to_be_hidden()
    screen.button("granted").click()
    expect(screen.lane()).to_have_attribute("data-state", "granted")
    (command,) = [command for _, command in screen.station.commands]
    assert isinstance(command, Decide)
    strip = screen.page.locator("#order-strip")
    expect(strip).to_contain_text("1")
    strip.click()
    expect(screen.page.locator("#order")).to_be_visible()


def test_what_was_put_off_comes_back_by_itself(show: Opening) -> None:
    screen = show()
    screen.page.clock.install()
    screen.page.reload()
    screen.station.orders.hold(an_order())
    dialog = screen.page.locator("#order")
    expect(dialog).to_be_visible()
    screen.page.clock.run_for(1000)
    screen.page.locator("#order-later").click()
    expect(dialog).to_be_hidden()
    screen.page.clock.run_for(50_000)
    expect(dialog).to_be_hidden()
    screen.page.clock.run_for(11_000)
    expect(dialog).to_be_visible()


def test_escape_puts_an_order_off_and_never_loses_it(show: Opening) -> None:
    screen = show()
    receive(screen, an_order())
    expect(screen.page.locator("#order-later")).to_be_enabled()
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator("#order")).to_be_hidden()
    expect(screen.page.locator("#order-strip")).to_be_visible()


def test_keyboard_alone_is_enough(show: Opening) -> None:
    screen = show()
    receive(screen, an_order())
    expect(screen.page.locator("#order-acknowledge")).to_be_enabled()
    screen.page.keyboard.press("Tab")  # the text, which may be longer than the screen
    screen.page.keyboard.press("Tab")
    expect(screen.page.locator("#order-later")).to_be_focused()
    screen.page.keyboard.press("Tab")
    expect(screen.page.locator("#order-acknowledge")).to_be_focused()
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("#order")).to_be_hidden()


def test_several_orders_are_acknowledged_one_after_the_other(show: Opening) -> None:
    screen = show()
    receive(screen, an_order(1, urgency="immediate"), an_order(2))
    expect(screen.page.locator("#order-title")).to_contain_text("1/2")
    acknowledge(screen)
    expect(screen.page.locator("#order")).to_have_attribute("data-urgency", "urgent")
    acknowledge(screen)
    expect(screen.page.locator("#order")).to_be_hidden()
    assert [order for step, order in screen.station.orders.said if step == "acknowledge"] == ["order-1", "order-2"]


def test_a_refusal_is_said_and_the_order_stays(show: Opening) -> None:
    screen = show()
    screen.errors = Ignoring("409")
    screen.station.orders.refusal = Refusal.BUSY
    receive(screen, an_order())
    acknowledge(screen)
    expect(screen.page.locator('[data-order="trouble"]')).to_be_visible()
    expect(screen.page.locator("#order")).to_be_visible()


def test_while_the_station_is_out_of_reach_the_screen_says_that_and_then_the_order_again(show: Opening) -> None:
    screen = show()
    screen.errors = Ignoring("ERR_", "Failed to load", "503")
    receive(screen, an_order())
    screen.page.context.set_offline(True)
    screen.page.evaluate("window.dispatchEvent(new Event('offline'))")
    screen.server.stop()
    expect(screen.page.locator("#cut-off")).to_be_visible(timeout=15_000)
    expect(screen.page.locator("#order")).to_be_hidden()


def test_an_order_comes_on_the_pages_beside_the_lanes_as_well(show: Opening) -> None:
    screen = show()
    for path in ("/menu", "/incidents", "/orders"):
        screen.station.orders.hold()
        screen.page.goto(f"http://{screen.server.address}{path}")
        receive(screen, an_order())
    acknowledge(screen)
    expect(screen.page.locator("#order")).to_be_hidden()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("urgency", ["routine", "urgent", "immediate"])
@pytest.mark.parametrize("theme", ["sun", "night"])
def test_the_longest_order_leaves_both_buttons_in_reach(
    show: Opening, size: tuple[int, int], urgency: str, theme: str
) -> None:
    screen = show(size=size)
    screen.page.goto(f"http://{screen.server.address}/?theme={theme}")
    receive(screen, an_order(zh=LONG, en="Stop lane 1. " * 30, urgency=urgency))
    for name in ("later", "acknowledge"):
        box = screen.page.locator(f"#order-{name}").bounding_box()
        assert box is not None
        assert box["height"] >= 48
        assert box["y"] + box["height"] <= size[1]


def test_open_incidents_are_told_in_the_bar_and_lead_to_their_page(show: Opening) -> None:
    screen = show()
    tag = screen.page.locator("#incidents")
    expect(tag).to_be_hidden()
    screen.station.incidents.hold(an_incident(1), an_incident(2))
    expect(tag).to_have_text("未结事件 2")
    tag.click()
    expect(screen.page).to_have_url(re.compile("/incidents$"))
    expect(screen.page.get_by_text("38.4 at the window").first).to_be_visible()


def test_an_incident_is_reported_with_two_taps(show: Opening) -> None:
    screen = show()
    screen.page.goto(f"http://{screen.server.address}/incidents")
    screen.page.get_by_role("radio", name="发热").check()
    screen.page.get_by_role("button", name="上报").click()
    (command,) = screen.station.incidents.commands
    assert command.kind == "fever"


def test_where_several_are_on_duty_the_order_asks_who_read_it(show: Opening) -> None:
    screen = show()
    screen.station.feed.publish("duty", {**DUTY, "on": [asdict(an_operator())]})
    receive(screen, an_order())
    expect(screen.page.locator("#order-who")).to_be_hidden()
    screen.station.shifts.on_duty = (an_operator(), an_operator(number="0108", label="李**"))
    screen.station.feed.publish("duty", {**DUTY, "on": [asdict(one) for one in screen.station.shifts.on_duty]})
    expect(screen.page.locator("#order-who")).to_be_visible()
    screen.page.locator("#order-who select").select_option("0108")
    acknowledge(screen)
    expect(screen.page.locator("#order")).to_be_hidden()
    assert screen.station.orders.held["order-1"].acknowledged_by == "0108"


@pytest.mark.parametrize("path", ["/", "/incidents", "/incidents/incident1", "/orders"])
@pytest.mark.parametrize("theme", ["sun", "night"])
def test_nothing_is_kept_from_somebody_who_does_not_see_the_screen(show: Opening, path: str, theme: str) -> None:
    screen = show()
    screen.station.incidents.hold(an_incident())
    screen.page.goto(f"http://{screen.server.address}{path}?theme={theme}")
    if path == "/":
        receive(screen, an_order(urgency="immediate"))
        expect(screen.page.locator("#order-acknowledge")).to_be_enabled()
    assert complaints(screen.page) == []
