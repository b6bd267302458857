"""Whatever a driver's library raises is a fault of that one device: said once, on its lane, and tried again."""

import logging
import termios
from functools import partial

import cv2
import pytest

from station.devices import DeviceError, EndOfStream
from station.devices.driver_errors import translated_errors
from station.devices.fault_log import LOG_INTERVAL_S, FaultLog
from station.devices.gate.minded import MindedGate
from station.devices.gate.reopening import ReopeningGate
from station.devices.gate.simulated import SimulatedGate
from station.devices.thermometer.reopening import ReopeningThermometer
from station.devices.worker import SensorWorker
from station.domain.decision import Outcome
from station.domain.lane_faults import LaneFault


class LgpioError(Exception):
    """Stands for ``lgpio.error``, which is no ``GPIOZeroError``."""


RAISED = [
    LgpioError("GPIO busy"),
    termios.error(5, "Input/output error"),
    cv2.error("assertion failed"),
    OSError(9, "Bad file descriptor"),
    ValueError("filedescriptor out of range in select()"),
    RuntimeError("camera in use"),
    AttributeError("'NoneType' object has no attribute 'fd'"),
    OSError(19, "No such device"),
]
every_error = pytest.mark.parametrize("raised", RAISED, ids=lambda error: type(error).__name__)


class Hand:
    now = 100.0

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


class Broken:
    """A device of any family, whose library raises the same at every call, closing included."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def open(self) -> None:
        raise self.error

    def wait(self, timeout: float) -> None:
        raise self.error

    def read(self) -> float | None:
        raise self.error

    def close(self) -> None:
        raise self.error


class BrokenGate(SimulatedGate):
    def __init__(self, error: Exception) -> None:
        self.error = error

    def show(self, outcome: Outcome) -> None:
        raise self.error

    def keep(self, occupied: bool) -> None:
        raise self.error

    def hold_open(self) -> None:
        raise self.error

    def release(self) -> None:
        raise self.error

    def close(self) -> None:
        raise self.error


@every_error
def test_a_sensor(raised: Exception) -> None:
    hand = Hand()
    worker = SensorWorker(Broken(raised), lambda told: None, hand.clock, hand.pause, "presence 1")
    for _ in range(100):
        worker.step()
    assert worker.fault.startswith("presence 1: ")
    assert worker.fault.endswith("; check its cable and power")


@every_error
def test_a_thermometer(raised: Exception) -> None:
    hand = Hand()
    thermometer = ReopeningThermometer(Broken(raised), hand.clock, "thermometer 1")
    for _ in range(20):
        with pytest.raises(DeviceError, match="thermometer 1: "):
            thermometer.read()
        hand.now += 1
    with pytest.raises(DeviceError):
        thermometer.close()


@every_error
def test_a_gate_that_cannot_be_made_and_one_that_fails_whatever_it_is_told(raised: Exception) -> None:
    hand = Hand()

    def unmade() -> SimulatedGate:
        raise raised

    for make in (unmade, lambda: BrokenGate(raised)):
        gate = MindedGate(ReopeningGate("gate 1", make, hand.clock))
        for does in (partial(gate.show, Outcome.GRANTED), partial(gate.keep, False), gate.throw, gate.put_back):
            does()
            assert LaneFault.GATE_LOST in gate.faults
            hand.now += 20


def test_the_end_of_a_recording_and_a_drivers_own_words_pass() -> None:
    for raised in (EndOfStream("played to its end"), DeviceError("scanner: unplugged; plug it in")):
        with pytest.raises(type(raised), match=str(raised)), translated_errors("camera 1", "plug it in"):
            raise raised


def test_a_fault_is_one_line_without_a_password() -> None:
    said = "cannot open\nrtsp://admin:secret@10.0.0.9/live"
    with pytest.raises(DeviceError) as caught, translated_errors("camera 1", "check it"):
        raise RuntimeError(said)
    assert str(caught.value) == "camera 1: cannot open rtsp://***@10.0.0.9/live; check it"


def test_a_loose_cable_writes_a_line_a_minute_and_counts_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    hand = Hand()
    faults = FaultLog("camera 2", hand.clock)
    times = int(10 * LOG_INTERVAL_S)
    for _ in range(times):
        faults.lost(DeviceError("unplugged"))
        faults.lost(DeviceError("unplugged"))
        faults.well()
        hand.now += 1
    assert sum(record.levelno == logging.ERROR for record in caplog.records) == 10
    assert len(caplog.records) == 20  # each with its end
    assert f"lost {LOG_INTERVAL_S - 1:.0f} times more since the last line" in caplog.records[-2].message


def test_the_journal_has_the_place_of_a_librarys_error(caplog: pytest.LogCaptureFixture) -> None:
    hand = Hand()
    worker = SensorWorker(Broken(LgpioError("GPIO busy")), lambda told: None, hand.clock, hand.pause, "panel 1")
    worker.step()
    (record,) = caplog.records
    assert record.message.startswith("panel 1: panel 1: GPIO busy; check its cable and power (LgpioError, ")
