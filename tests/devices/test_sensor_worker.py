"""A sensor is kept open; one that is lost is told once and opened again later and later."""

import pytest

from station.config import SimulatedPresenceConfig
from station.devices import DeviceError
from station.devices.presence.simulated import SimulatedPresence
from station.devices.worker import FIRST_RETRY, LAST_RETRY, SILENT_AFTER_S, Lost, SensorWorker
from station.domain.crossings import Sighting


class Script:
    """A sensor that does one thing after the other: tells it, or fails with it."""

    def __init__(self, *does: Sighting | DeviceError | None) -> None:
        self.does = list(does)
        self.opened = 0
        self.closed = 0
        self.missing = False

    def open(self) -> None:
        if self.missing:
            raise DeviceError("beam: is not there; plug it in")
        self.opened += 1

    def wait(self, timeout: float) -> Sighting | None:
        done = self.does.pop(0)
        if isinstance(done, DeviceError):
            raise done
        return done

    def close(self) -> None:
        self.closed += 1


class Hand:
    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


def kept(sensor: Script) -> tuple[SensorWorker[Sighting], list[Sighting | Lost], Hand]:
    told: list[Sighting | Lost] = []
    hand = Hand()
    return SensorWorker(sensor, told.append, hand.clock, hand.pause), told, hand


def test_what_a_sensor_tells_is_handed_on() -> None:
    sighting = Sighting(True, 1.0)
    worker, told, _ = kept(Script(None, sighting, None))
    for _ in range(3):
        worker.step()
    assert told == [sighting]


def test_a_lost_sensor_is_told_once_closed_and_opened_again_with_patience() -> None:
    sensor = Script(None, DeviceError("beam: gone; plug it in"))
    worker, told, hand = kept(sensor)
    worker.step()
    worker.step()
    assert (told, worker.fault, sensor.closed) == ([Lost("beam: gone; plug it in", 100.0)], "beam: gone; plug it in", 1)
    sensor.missing = True
    tries, waited = [], hand.now
    while hand.now < 160:
        before = sensor.closed
        worker.step()
        if sensor.closed > before:
            tries.append(round(hand.now - waited, 1))
            waited = hand.now
    assert tries[:5] == [FIRST_RETRY, 1.0, 2.0, 4.0, 8.0]
    assert set(tries[5:]) == {LAST_RETRY}
    assert len(told) == 1
    assert worker.fault == "beam: is not there; plug it in"


def test_a_sensor_that_is_back_is_well_again_and_lost_anew_after_the_shortest_time() -> None:
    back = Sighting(False, 2.0)
    sensor = Script(DeviceError("gone"), back, DeviceError("gone"), None)
    worker, told, hand = kept(sensor)
    while sensor.does:
        worker.step()
    assert [type(item) for item in told] == [Lost, Sighting, Lost]
    assert hand.now == pytest.approx(100.0 + 2 * FIRST_RETRY)
    assert worker.fault == ""


def test_a_sensor_that_is_missing_from_the_start_is_told_as_lost() -> None:
    sensor = Script(None)
    sensor.missing = True
    worker, told, _ = kept(sensor)
    worker.step()
    assert [type(item) for item in told] == [Lost]
    assert worker.fault


def test_the_simulated_presence_crosses_when_told_and_is_lost_and_found() -> None:
    hand = Hand()
    presence = SimulatedPresence(SimulatedPresenceConfig(), hand.clock)
    told: list[Sighting | Lost] = []
    worker = SensorWorker(presence, told.append, hand.clock, hand.pause)
    worker.step()
    presence.begin()
    presence.end()
    presence.unplug()
    for _ in range(3):
        worker.step()
    assert worker.fault == "simulated presence sensor: unplugged; plug it in again"
    presence.plug()
    while worker.fault:
        worker.step()
    said = [item.occupied if isinstance(item, Sighting) else "lost" for item in told]
    assert said == [False, True, False, "lost", False]


def test_the_simulated_presence_crosses_by_itself_every_so_often() -> None:
    hand = Hand()
    presence = SimulatedPresence(SimulatedPresenceConfig(every_seconds=20), hand.clock)
    presence.open()
    told = []
    for _ in range(80):
        sighting = presence.wait(0)
        hand.now += 1
        told += [sighting] if sighting else []
    assert [(sighting.occupied, sighting.at) for sighting in told[:5]] == [
        (False, 100.0),
        (True, 120.0),
        (False, 121.5),
        (True, 141.5),
        (False, 143.0),
    ]


def test_a_driver_that_hangs_is_told_while_it_hangs() -> None:
    worker, _, hand = kept(Script(Sighting(True, 1.0)))
    said: list[str] = []

    class Hangs(Script):
        def open(self) -> None:
            hand.now += SILENT_AFTER_S + 1
            said.append(worker.fault)

    worker._sensor = Hangs(Sighting(True, 1.0))
    worker.step()
    assert (said, worker.fault) == (["the driver has not answered for 11 s; check the device's cable and power"], "")
