"""The gate drivers; GPIO on gpiozero's own mock pins."""

from dataclasses import replace

import pytest
from gpiozero.pins.mock import MockFactory
from played import Played

from station.config import GpioGateConfig, NoGateConfig, SimulatedGateConfig
from station.devices import DeviceError, Gate, gate, load_driver
from station.devices.gate.gpio import GpioGate
from station.devices.gate.simulated import SimulatedGate
from station.domain.decision import Outcome

GPIO = GpioGateConfig(barrier=17, green=27, red=22, buzzer=18, pulse_seconds=0.05)
LEVEL = replace(GPIO, relay="level", open_seconds=8.0)
CONFIGS = {"none": NoGateConfig(), "simulated": SimulatedGateConfig(), "gpio": GPIO}

pytestmark = pytest.mark.usefixtures("pins")


def made(driver: str) -> Gate:
    found: Gate = load_driver(gate.DRIVERS, driver)(CONFIGS[driver])
    return found


@pytest.mark.parametrize("driver", [name for name, _ in gate.DRIVERS])
def test_every_gate_shows_every_outcome_and_closes(driver: str) -> None:
    shown = made(driver)
    for outcome in Outcome:
        shown.show(outcome)
        shown.keep(False)
    shown.hold_open()
    shown.keep(True)
    shown.release()
    shown.keep(False)
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


def test_amber_blinks_where_there_is_one_and_red_stays_dark(pins: MockFactory) -> None:
    shown = GpioGate(replace(GPIO, amber=24))
    shown.show(Outcome.HELD)
    assert shown._amber._blink_thread is not None
    assert not pins.pin(22).state
    shown.show(Outcome.DENIED)
    assert (pins.pin(24).state, pins.pin(22).state) == (False, True)
    shown.close()


@pytest.mark.parametrize(("outcome", "beeps"), [("granted", 1), ("held", 2), ("denied", 4)])
def test_every_outcome_has_its_own_beeps(pins: MockFactory, outcome: str, beeps: int) -> None:
    shown = GpioGate(GPIO)
    shown.show(Outcome(outcome))
    shown._buzzer._blink_thread.join()
    assert sum(state.state for state in pins.pin(18).states) == beeps
    shown.close()


def level_gate(played: Played, **changes: object) -> GpioGate:
    return GpioGate(replace(LEVEL, **changes), played.clock)


def test_a_level_holds_the_arm_up_for_its_time_and_lowers_it_once_the_beam_is_free(pins: MockFactory) -> None:
    played = Played()
    shown, relay, green = level_gate(played), pins.pin(17), pins.pin(27)
    shown.show(Outcome.GRANTED)
    for now, occupied, up in ((7.9, False, True), (8.0, True, True), (300.0, True, True), (300.1, False, False)):
        played.now = now
        shown.keep(occupied)
        assert (bool(relay.state), bool(green.state)) == (up, up)
    shown.close()


def test_a_level_stays_up_when_the_next_is_granted_and_comes_down_when_he_has_to_wait(pins: MockFactory) -> None:
    played = Played()
    shown, relay = level_gate(played), pins.pin(17)
    shown.show(Outcome.GRANTED)
    played.now = 6.0
    shown.show(Outcome.GRANTED)
    played.now = 13.9
    shown.keep(False)
    assert relay.state
    shown.show(Outcome.HELD)
    shown.keep(True)
    assert relay.state
    shown.keep(False)
    assert not relay.state
    shown.close()


def test_an_emergency_holds_it_open_whatever_is_shown_until_it_is_over(pins: MockFactory) -> None:
    played = Played()
    shown, relay = level_gate(played), pins.pin(17)
    shown.hold_open()
    played.now = 100.0
    shown.show(Outcome.DENIED)
    shown.keep(False)
    assert relay.state
    shown.release()
    shown.keep(True)
    assert relay.state
    shown.keep(False)
    assert not relay.state
    shown.close()


def test_a_second_relay_lowers_the_arm_with_a_pulse_of_its_own(pins: MockFactory) -> None:
    played = Played()
    shown = GpioGate(replace(GPIO, lower=10), played.clock)
    shown.show(Outcome.GRANTED)
    shown._barrier._blink_thread.join()
    played.now = 8.0
    shown.keep(False)
    shown._lower._blink_thread.join()
    pins.pin(17).assert_states([False, True, False])
    pins.pin(10).assert_states([False, True, False])
    shown.keep(False)
    pins.pin(10).assert_states([False, True, False])
    shown.close()


UP, DOWN = False, True  # levels of a switch to ground that closes when the arm is up


def test_a_barrier_that_does_not_open_is_a_fault_until_it_does(pins: MockFactory) -> None:
    played = Played()
    shown, switch = level_gate(played, feedback=9), pins.pin(9)
    switch.drive_high()
    shown.show(Outcome.GRANTED)
    played.now = 5.9
    shown.keep(True)
    played.now = 6.0
    for _ in range(2):
        with pytest.raises(DeviceError, match="barrier: did not open; check its power"):
            shown.keep(True)
    switch.drive_low()
    shown.keep(True)
    shown.close()


def test_a_barrier_that_does_not_close_is_a_fault(pins: MockFactory) -> None:
    played = Played()
    shown, switch = level_gate(played, feedback=9), pins.pin(9)
    switch.drive_low()
    shown.show(Outcome.GRANTED)
    played.now = 8.0
    shown.keep(False)
    played.now = 14.0
    with pytest.raises(DeviceError, match="did not close"):
        shown.keep(False)
    switch.drive_high()
    shown.keep(False)
    shown.close()


def test_a_barrier_that_closes_by_itself_is_not_expected_to(pins: MockFactory) -> None:
    played = Played()
    shown, switch = GpioGate(replace(GPIO, feedback=9), played.clock), pins.pin(9)
    switch.drive_low()
    shown.show(Outcome.GRANTED)
    for now in (8.0, 20.0, 100.0):
        played.now = now
        shown.keep(False)
    assert not pins.pin(27).state
    shown.close()


def test_the_simulated_one_remembers_and_lowers_its_arm_when_nothing_is_under_it() -> None:
    shown = SimulatedGate(SimulatedGateConfig())
    shown.show(Outcome.HELD)
    assert not shown.up
    shown.show(Outcome.GRANTED)
    shown.keep(True)
    assert shown.up
    shown.keep(False)
    assert not shown.up
    shown.hold_open()
    shown.keep(False)
    assert shown.up
    shown.release()
    shown.keep(False)
    assert not shown.up
