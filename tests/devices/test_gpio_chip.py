"""The product's own pin factory, on libgpiod's types and a stand-in for the kernel's chip."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero import Device
from kernel_chip import KernelChip
from waiting import until

from station.config import GpioGateConfig, GpioPanelConfig, GpioPresenceConfig
from station.devices import DeviceError
from station.devices.gate.gpio import GpioGate
from station.devices.gate.minded import MindedGate
from station.devices.gate.reopening import FIRST_RETRY_S, ReopeningGate
from station.devices.gpio_chip import GpioChipFactory, header_chip
from station.devices.panel.gpio import GpioPanel
from station.devices.presence.gpio import GpioPresence
from station.devices.worker import FIRST_RETRY, Lost, SensorWorker
from station.domain.crossings import Sighting
from station.domain.decision import Outcome
from station.domain.lane_faults import LaneFault

GATE = GpioGateConfig(barrier=17, green=27, red=22, amber=24, buzzer=18, relay="level")


class Hand:
    now = 100.0

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def chip() -> Iterator[KernelChip]:
    made = KernelChip()
    before, Device.pin_factory = Device.pin_factory, GpioChipFactory(made.find, made.request_lines)
    yield made
    Device.pin_factory.close()
    Device.pin_factory = before


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def lane_gate(chip: KernelChip, hand: Hand) -> Iterator[Callable[..., MindedGate]]:
    """A lane's gate as the station makes it, on the pins of ``config``."""
    with ExitStack() as closing:

        def made(config: GpioGateConfig = GATE) -> MindedGate:
            gate = ReopeningGate("gate 1", lambda: GpioGate(config, hand.clock), hand.clock)
            closing.callback(gate.close)
            return MindedGate(gate)

        yield made


@pytest.fixture
def threads_that_failed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    failed: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: failed.append(repr(told.exc_value)))
    return failed


def test_a_gate_moves_its_lines_and_gives_them_back_as_inputs(chip: KernelChip) -> None:
    gate = GpioGate(GATE)
    assert {chip.direction(line) for line in (17, 27, 22, 24, 18)} == {Direction.OUTPUT}
    gate.show(Outcome.GRANTED)
    assert (chip.levels[17], chip.levels[27], chip.levels[22]) == (Value.ACTIVE, Value.ACTIVE, Value.INACTIVE)
    request = chip.requests[17]
    gate.close()
    assert chip.requests == {}
    assert request.settings.direction is Direction.INPUT


def test_contacts_are_pulled_and_their_edges_wait_for_no_poll(chip: KernelChip) -> None:
    chip.levels[23] = Value.ACTIVE
    presence = GpioPresence(GpioPresenceConfig(pin=23, debounce_seconds=0.0, gap_seconds=0.0), pause=None)
    presence.open()
    settings = chip.requests[23].settings
    assert (settings.bias, settings.edge_detection) == (Bias.PULL_UP, Edge.BOTH)
    stood = presence.wait(0.0)
    presence._contacts._edge.clear()
    chip.drive(23, Value.INACTIVE)
    assert presence._contacts._edge.wait(5)
    told = presence.wait(0.0)
    assert isinstance(stood, Sighting)
    assert isinstance(told, Sighting)
    assert told.occupied is not stood.occupied
    presence.close()
    presence.open()  # edges are watched again
    presence._contacts._edge.clear()
    chip.drive(23, Value.ACTIVE)
    assert presence._contacts._edge.wait(5)
    presence.close()


def test_one_line_that_another_program_holds_is_a_fault_of_that_gate_and_of_no_other(
    chip: KernelChip, hand: Hand, lane_gate: Callable[..., MindedGate]
) -> None:
    chip.held.add(22)
    busy = lane_gate()
    other = replace(GATE, barrier=5, green=6, red=13, amber=None, buzzer=None)
    free = lane_gate(other)
    for gate in (busy, free):
        gate.show(Outcome.GRANTED)
        gate.keep(False)
    assert (busy.faults, free.faults) == ((LaneFault.GATE_LOST,), ())
    assert chip.levels[5] is Value.ACTIVE
    assert not {17, 27, 24, 18} & chip.requests.keys(), "what a gate that cannot be had took, it keeps from nobody"


def test_a_gate_whose_line_is_free_again_works_and_opens_for_nobody_who_was_refused_by_it(
    chip: KernelChip, hand: Hand, lane_gate: Callable[..., MindedGate]
) -> None:
    chip.held.add(22)
    gate = lane_gate()
    gate.show(Outcome.GRANTED)
    chip.held.clear()
    gate.keep(False)
    assert gate.faults == (LaneFault.GATE_LOST,), "it is not tried again at once"
    hand.now += FIRST_RETRY_S
    gate.keep(False)
    assert gate.faults == ()
    assert chip.levels[17] is Value.INACTIVE
    gate.show(Outcome.GRANTED)
    assert chip.levels[17] is Value.ACTIVE


def test_a_chip_that_goes_away_is_one_fault_one_line_and_no_thread_that_fails(
    chip: KernelChip,
    hand: Hand,
    lane_gate: Callable[..., MindedGate],
    caplog: pytest.LogCaptureFixture,
    threads_that_failed: list[str],
) -> None:
    gate = lane_gate()
    gate.show(Outcome.HELD)  # amber blinks and the buzzer sounds, each on a thread of its own
    chip.vanish()
    for _ in range(100):
        gate.keep(False)
        hand.now += 0.2
    assert gate.faults == (LaneFault.GATE_LOST,)
    assert [(record.levelno, record.message.split(":")[0]) for record in caplog.records] == [(logging.ERROR, "gate 1")]
    chip.come_back("/dev/gpiochip4")
    hand.now += 10
    gate.keep(False)
    assert gate.faults == ()
    assert threads_that_failed == []


def test_a_panel_whose_chip_goes_away_is_lost_once_and_read_again_when_it_is_back(
    chip: KernelChip, hand: Hand, caplog: pytest.LogCaptureFixture, threads_that_failed: list[str]
) -> None:
    told: list[object] = []
    panel = GpioPanel(GpioPanelConfig(grant=5, door=6, debounce_seconds=0.0), hand.clock, hand.pause)
    worker = SensorWorker(panel, told.append, hand.clock, hand.pause, "panel 1")
    chip.levels |= {5: Value.ACTIVE, 6: Value.INACTIVE}
    worker.step()
    watching = [thread for thread in threading.enumerate() if thread.name == "gpio edges"]
    chip.vanish()
    for _ in range(20):
        worker.step()
    assert "No such" in worker.fault
    assert sum(isinstance(one, Lost) for one in told) == 1
    until(lambda: not any(thread.is_alive() for thread in watching))
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    chip.come_back("/dev/gpiochip1")
    hand.now += 20 * FIRST_RETRY
    worker.step()
    assert worker.fault == ""
    worker.close()
    assert threads_that_failed == []


def test_a_line_that_no_header_has_is_told_with_the_remedy(chip: KernelChip) -> None:
    with pytest.raises(DeviceError, match="gate pins: 99 is not a valid pin name; check the numbers"):
        GpioGate(replace(GATE, barrier=99))
    assert chip.requests == {}


def test_an_emergency_holds_a_gate_open_as_soon_as_it_is_back(
    chip: KernelChip, hand: Hand, lane_gate: Callable[..., MindedGate]
) -> None:
    gate = lane_gate()
    gate.keep(False)
    chip.vanish()
    gate.throw()
    assert set(gate.faults) == {LaneFault.GATE_LOST, LaneFault.EMERGENCY_OPEN}
    chip.come_back("/dev/gpiochip0")
    hand.now += FIRST_RETRY_S
    gate.keep(False)
    assert gate.faults == (LaneFault.EMERGENCY_OPEN,)
    assert chip.levels[17] is Value.ACTIVE


def test_the_chip_that_a_udev_rule_names_comes_before_any_other(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    with pytest.raises(OSError, match="no chip of the header's pins; the chips here: none"):
        header_chip(tmp_path)
    (tmp_path / "dev/gpio-header").touch()
    assert header_chip(tmp_path) == tmp_path / "dev/gpio-header"
