"""Button, emergency switch and door on gpiozero's mock pins."""

import pytest
from gpiozero.pins.mock import MockFactory
from played import Played

from station.config import GpioPanelConfig
from station.devices import DeviceError
from station.devices.panel.gpio import GpioPanel
from station.domain.panel import PanelChange

PRESSED, RELEASED = False, True  # levels of a contact to ground under a pull-up
CLOSED, OPEN = False, True
PANEL = GpioPanelConfig(grant=5, emergency=6, door=13)


def told(pins: MockFactory, changes: dict[int, dict[float, bool]]) -> list[tuple[str, bool, float]]:
    played = Played()
    panel = GpioPanel(PANEL, played.clock, played.pause)
    panel.open()
    for number, levels in changes.items():
        played.levels(pins, number, levels)
    found: list[PanelChange] = []
    while played.now < 10.0:
        change = panel.wait(0.2)
        if change is not None:
            found.append(change)
    panel.close()
    return [(change.part.value, change.on, round(change.at, 2)) for change in found]


def test_pressing_the_button_is_told_once_however_it_bounces(pins: MockFactory) -> None:
    bounces = {5.0: PRESSED, 5.01: RELEASED, 5.02: PRESSED, 5.5: RELEASED}
    well = {6: {0.0: CLOSED}, 13: {0.0: CLOSED}}
    found = told(pins, {5: bounces, **well})
    assert [change for change in found if change[0] == "grant"] == [("grant", True, 5.02), ("grant", False, 5.5)]


def test_a_button_that_is_stuck_from_the_beginning_grants_nothing(pins: MockFactory) -> None:
    found = told(pins, {5: {0.0: PRESSED}, 6: {0.0: CLOSED}, 13: {0.0: CLOSED}})
    assert not [change for change in found if change[0] == "grant"]


def test_how_the_switch_and_the_door_stand_is_told_at_the_beginning_and_at_every_change(pins: MockFactory) -> None:
    found = told(pins, {6: {0.0: CLOSED, 4.0: OPEN}, 13: {0.0: CLOSED, 6.0: OPEN, 7.0: CLOSED}})
    assert found == [
        ("emergency", False, 0.0),
        ("door", False, 0.0),
        ("emergency", True, 4.0),
        ("door", True, 6.0),
        ("door", False, 7.0),
    ]


def test_a_cut_wire_opens_in_an_emergency_and_tells_of_the_door_but_grants_nothing(pins: MockFactory) -> None:
    assert {change[:2] for change in told(pins, {})} == {("emergency", True), ("door", True)}


def test_a_panel_that_is_not_open_says_so(pins: MockFactory) -> None:
    with pytest.raises(DeviceError, match="panel: is not open"):
        GpioPanel(PANEL).wait(0)
