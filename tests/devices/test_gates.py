"""The gate drivers; GPIO on gpiozero's own mock pins."""

from collections.abc import Iterator

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from station.config import GpioGateConfig, NoGateConfig, SimulatedGateConfig
from station.devices import DeviceError, Gate, gate, load_driver
from station.domain.decision import Outcome

CONFIGS = {
    "none": NoGateConfig(),
    "simulated": SimulatedGateConfig(),
    "gpio": GpioGateConfig(barrier=17, green=27, red=22, buzzer=18, open_seconds=0.05),
}


@pytest.fixture(autouse=True)
def pins() -> Iterator[MockFactory]:
    before, Device.pin_factory = Device.pin_factory, MockFactory(pin_class=MockPWMPin)
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = before


def made(driver: str) -> Gate:
    found: Gate = load_driver(gate.DRIVERS, driver)(CONFIGS[driver])
    return found


@pytest.mark.parametrize("driver", [name for name, _ in gate.DRIVERS])
def test_every_gate_shows_every_outcome_and_closes(driver: str) -> None:
    shown = made(driver)
    for outcome in Outcome:
        shown.show(outcome)
    shown.close()


def test_granted_pulses_the_barrier_and_lights_green_alone(pins: MockFactory) -> None:
    shown = made("gpio")
    shown.show(Outcome.DENIED)
    shown.show(Outcome.GRANTED)
    barrier, green, red = (pins.pin(number) for number in (17, 27, 22))
    assert (green.state, red.state) == (True, False)
    shown._barrier._blink_thread.join()  # the pulse is over
    barrier.assert_states([False, True, False])
    shown.close()


@pytest.mark.parametrize("outcome", [Outcome.HELD, Outcome.DENIED])
def test_held_and_denied_never_touch_the_barrier(pins: MockFactory, outcome: Outcome) -> None:
    shown = made("gpio")
    shown.show(outcome)
    pins.pin(17).assert_states([False])
    assert not pins.pin(27).state
    shown.close()


def test_held_blinks_and_denied_stays_so_that_red_is_not_told_by_colour_alone(pins: MockFactory) -> None:
    shown = made("gpio")
    shown.show(Outcome.DENIED)
    assert shown._red._blink_thread is None
    shown.show(Outcome.HELD)
    assert shown._red._blink_thread is not None
    shown.close()


def test_a_pin_in_use_is_told_with_the_remedy_and_the_others_are_freed() -> None:
    first = made("gpio")
    with pytest.raises(DeviceError, match="check the numbers"):
        made("gpio")
    first.close()
    made("gpio").close()
