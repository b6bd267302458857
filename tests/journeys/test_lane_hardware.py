"""A whole station with its lane's hardware, on gpiozero's own mock pins and an I2C bus as in the datasheet."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from i2c_bus import FakeBus, Mlx90614Chip
from made import KEY, a_pass
from waiting import until

from station.bootstrap import Station
from station.clock import utc_now
from station.config import load_station
from station.devices.thermometer import i2c
from station.domain.events.emergency import EmergencyPutBack, EmergencyThrown
from station.domain.scan import Code, Scan
from station.passes import cp1

pytestmark = pytest.mark.clock

BEAM, GREEN, RED, AMBER, BUZZER, BARRIER, UP = 23, 27, 22, 24, 18, 17, 25
GRANT, EMERGENCY, DOOR = 5, 6, 13
CORNERS = ((0, 0), (9, 0), (9, 9), (0, 9))

TOML = """
[station]
id = "g107-bridge-north"
name = "North"
district = "pingyuan"
levels = ["pingyuan", "qiaobei"]
data_dir = "{folder}/data"
trust_dir = "{folder}/trust"
clock = "always"

[[lanes]]
id = "1"
mode = "automatic"
camera = {{ driver = "file", path = "{folder}/road.png" }}
presence = {{ driver = "gpio", pin = 23, debounce_seconds = 0.01, gap_seconds = 0.02 }}
thermometer = {{ driver = "mlx90614", bus = 1 }}
gate = {{ driver = "gpio", barrier = 17, green = 27, red = 22, amber = 24, buzzer = 18, feedback = 25, \
relay = "level", open_seconds = 1.5, moves_within = 0.3 }}
panel = {{ driver = "gpio", grant = 5, emergency = 6, door = 13, debounce_seconds = 0.01 }}

[policy]
stuck_after_seconds = 3.0
"""


WIRED = {f"GPIO{pin}": high for pin, high in ((BEAM, False), (EMERGENCY, False), (DOOR, True), (GRANT, True))}


class WiredPin(MockPWMPin):  # type: ignore[misc]
    """A contact stands as its wire says, whatever pulls its pin up, and before anybody reads it. Beam and emergency
    switch are closed to ground at the beginning; the door stands open."""

    def __init__(self, factory: MockFactory, info: Any) -> None:
        super().__init__(factory, info)
        if info.name in WIRED:
            self._state = WIRED[info.name]

    def _set_pull(self, value: str) -> None:
        if self.info.name in WIRED:
            self._pull = value
        else:
            super()._set_pull(value)


class Road:
    """What drives up, stands in the beam, and what the lane makes of it."""

    def __init__(self, station: Station, pins: MockFactory, chip: Mlx90614Chip, bus: FakeBus) -> None:
        self.station, self.pins, self.chip, self.bus = station, pins, chip, bus

    def show(self, **changes: Any) -> None:
        now = utc_now()
        shown = a_pass(issued_at=now, not_before=now - timedelta(hours=1), expires=now + timedelta(hours=8), **changes)
        text = cp1.issue(shown, KEY)
        code = Code(text.encode(), text, "QRCode", CORNERS, "test")
        self.station.lanes["1"].lane.inbox.put(Scan("1", code, 0, self.station.clock.now()))

    def is_on(self, pin: int) -> bool:
        return bool(self.pins.pin(pin).state)

    def high(self, pin: int) -> None:
        self.pins.pin(pin).drive_high()

    def low(self, pin: int) -> None:
        self.pins.pin(pin).drive_low()

    def enters(self) -> None:
        self.high(BEAM)
        self.becomes(lambda: self.occupied, True)

    def leaves(self) -> None:
        self.low(BEAM)
        self.becomes(lambda: self.occupied, False)

    @property
    def occupied(self) -> bool:
        return self.station.lanes["1"].lane._watch.occupied

    @property
    def view(self) -> dict[str, Any]:
        view: dict[str, Any] = self.station.feed.changes(0, 0)[1]["lane/1"]
        return view

    @property
    def counts(self) -> dict[str, int]:
        counted: dict[str, int] = self.view["counts"]
        return {name: counted[name] for name in ("granted", "held", "crossings", "unmatched")}

    @property
    def openings(self) -> list[tuple[str, str, str]]:
        """What the ledger tells of the emergency-open switch: what, at which lane, told by whom."""
        rows = self.station.duty.events.of((EmergencyThrown, EmergencyPutBack))
        return [(row.event.KIND, row.lane, row.operator) for row in rows]

    @property
    def accounts(self) -> list[str]:
        rows = self.station.ledger.latest("1", 100)
        return [row.entry.evidence["account"] for row in rows if row.entry.type == "crossing"]

    def becomes(self, what: Callable[[], Any], wanted: Any) -> None:
        until(lambda: what() == wanted, what=f"{wanted!r}, not {what()!r}")

    def fault(self, name: str) -> None:
        until(lambda: name in self.view["faults"], what=f"{name} in {self.view['faults']}")

    def no_fault(self, name: str) -> None:
        until(lambda: name not in self.view["faults"], what=f"no {name} in {self.view['faults']}")


@pytest.fixture
def road(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    before, Device.pin_factory = Device.pin_factory, MockFactory(pin_class=WiredPin)
    pins = Device.pin_factory
    bus, chip = FakeBus(), Mlx90614Chip(seen=36.5, ambient=22.0, emissivity=0.98)
    bus.sensors[chip.address] = chip
    monkeypatch.setattr(i2c, "SMBus", bus)
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "made.pub").write_bytes(
        KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    cv2.imwrite(str(tmp_path / "road.png"), np.zeros((48, 64), np.uint8))
    (tmp_path / "station.toml").write_text(TOML.format(folder=tmp_path), encoding="utf-8")
    station = Station(load_station(tmp_path / "station.toml"))
    station.start()
    road = Road(station, pins, chip, bus)
    try:
        until(lambda: "lane/1" in station.feed.changes(0, 0)[1] and not road.occupied, what="the beam is seen free")
        road.fault("door_open")  # told last of the panel, so that all of it is known
        road.low(DOOR)
        road.no_fault("door_open")
        yield road
    finally:
        assert station.close() == []
        Device.pin_factory.reset()
        Device.pin_factory = before
    assert station.workers.failure is None


def test_a_pass_opens_the_barrier_and_what_crosses_is_written_down_and_counted(road: Road) -> None:
    road.show()
    road.becomes(lambda: (road.is_on(BARRIER), road.is_on(GREEN), road.is_on(RED)), (True, True, False))
    road.low(UP)  # the arm is up
    road.enters()
    road.leaves()
    road.becomes(lambda: road.accounts, ["matched"])
    road.becomes(lambda: (road.is_on(BARRIER), road.is_on(GREEN)), (False, False))
    road.high(UP)
    road.becomes(lambda: road.counts, {"granted": 1, "held": 0, "crossings": 1, "unmatched": 0})
    assert True in [state.state for state in road.pins.pin(BUZZER).states]
    road.becomes(lambda: road.view["faults"], ())


def test_the_arm_stays_up_as_long_as_something_is_under_it(road: Road) -> None:
    road.enters()
    road.show()
    road.becomes(lambda: road.is_on(BARRIER), True)
    lowers_at = road.station.clock.now().monotonic + 2.0
    until(lambda: road.station.clock.now().monotonic > lowers_at, what="the time to lower it is over")
    assert road.is_on(BARRIER)
    road.leaves()
    road.becomes(lambda: road.is_on(BARRIER), False)


def test_a_barrier_that_does_not_open_is_told_until_it_has(road: Road) -> None:
    road.enters()  # so that it is not lowered meanwhile
    road.show()
    road.fault("barrier_stuck")
    road.low(UP)
    road.no_fault("barrier_stuck")


def test_something_that_stays_in_the_beam_is_a_fault_of_the_beam_and_counts_as_no_crossing(road: Road) -> None:
    road.enters()
    road.becomes(lambda: road.accounts, ["sensor_fault"])
    road.leaves()
    road.becomes(lambda: road.counts, {"granted": 0, "held": 0, "crossings": 0, "unmatched": 0})


def test_a_crossing_without_a_decision_and_one_behind_a_granted_one_are_alarms(road: Road) -> None:
    road.enters()
    road.leaves()
    road.fault("crossed_undecided")
    road.show()
    road.becomes(lambda: road.counts["granted"], 1)
    for _ in range(2):
        road.enters()
        road.leaves()
    road.becomes(lambda: road.accounts, ["unmatched", "matched", "tailgating"])
    road.becomes(lambda: road.counts, {"granted": 1, "held": 0, "crossings": 3, "unmatched": 2})


def test_an_unplugged_thermometer_holds_until_it_is_plugged_in_again(road: Road) -> None:
    del road.bus.sensors[road.chip.address]
    road.show()
    road.fault("thermometer_lost")
    assert (road.view["passage"]["outcome"], road.is_on(BARRIER)) == ("held", False)
    road.bus.sensors[road.chip.address] = road.chip
    tried_again = road.station.clock.now().monotonic + 0.6
    until(lambda: road.station.clock.now().monotonic > tried_again, what="the sensor is tried again")
    road.show()
    road.becomes(lambda: road.view["passage"]["outcome"], "granted")
    road.no_fault("thermometer_lost")


def test_the_button_grants_what_is_held(road: Road) -> None:
    road.show(musts={})
    road.becomes(lambda: road.counts["held"], 1)
    assert not road.is_on(BARRIER)
    road.low(GRANT)
    road.becomes(lambda: (road.counts["granted"], road.counts["held"], road.is_on(BARRIER)), (1, 0, True))


def test_the_emergency_switch_keeps_the_barrier_up_until_it_is_put_back(road: Road) -> None:
    assert road.openings == []
    road.high(EMERGENCY)
    road.fault("emergency_open")
    road.becomes(lambda: road.openings, [("emergency_thrown", "1", "panel")])
    road.low(UP)
    assert road.is_on(BARRIER)
    road.enters()
    road.leaves()
    road.becomes(lambda: road.accounts, ["under_emergency"])
    assert road.is_on(BARRIER)
    road.low(EMERGENCY)
    road.no_fault("emergency_open")
    road.becomes(lambda: road.is_on(BARRIER), False)
    road.becomes(lambda: [what for what, _, _ in road.openings], ["emergency_thrown", "emergency_put_back"])
    assert road.counts == {"granted": 0, "held": 0, "crossings": 1, "unmatched": 0}


def test_the_enclosures_door_is_told(road: Road) -> None:
    road.high(DOOR)
    road.fault("door_open")
    road.low(DOOR)
    road.no_fault("door_open")
