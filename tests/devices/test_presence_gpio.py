"""Beams and loops on gpiozero's mock pins."""

from pathlib import Path

import gpiod
import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory
from played import Played

from station.config import GpioPresenceConfig
from station.devices import DeviceError, gpio_chip
from station.devices.presence.gpio import GpioPresence
from station.devices.worker import Lost, SensorWorker
from station.domain.crossings import Crossing, Heading, Sighting
from station.domain.reconciliation import Limits, State, step

FREE, BROKEN = False, True  # levels of a beam wired so that a cut wire looks broken
GPIO = GpioPresenceConfig(pin=23, debounce_seconds=0.05, gap_seconds=0.2)
TWO = GpioPresenceConfig(pin=23, second_pin=25, debounce_seconds=0.05, gap_seconds=0.2)


def seen(presence: GpioPresence, played: Played, until: float) -> list[Sighting]:
    found = []
    while played.now < until:
        sighting = presence.wait(0.2)
        if sighting is not None:
            found.append(sighting)
    return found


def rounded(sightings: list[Sighting]) -> list[tuple[bool, float]]:
    return [(sighting.occupied, round(sighting.at, 2)) for sighting in sightings]


def opened(config: GpioPresenceConfig, played: Played) -> GpioPresence:
    presence = GpioPresence(config, played.clock, played.pause)
    presence.open()
    return presence


def test_a_crossing_is_told_from_when_the_beam_broke_until_it_was_free(pins: MockFactory) -> None:
    played = Played()
    presence = opened(GPIO, played)
    played.levels(pins, 23, {0.0: FREE, 5.0: BROKEN, 7.0: FREE})
    assert rounded(seen(presence, played, 10.0)) == [(False, 0.0), (True, 5.0), (False, 7.0)]


def test_an_insect_is_no_crossing_and_a_drawbar_no_gap(pins: MockFactory) -> None:
    played = Played()
    presence = opened(GPIO, played)
    played.levels(pins, 23, {0.0: FREE, 2.0: BROKEN, 2.03: FREE, 5.0: BROKEN, 6.0: FREE, 6.15: BROKEN, 7.0: FREE})
    assert rounded(seen(presence, played, 10.0)) == [(False, 0.0), (True, 5.0), (False, 7.0)]


def test_a_beam_that_opens_its_contact_while_free_is_read_the_other_way_round(pins: MockFactory) -> None:
    played = Played()
    presence = opened(GpioPresenceConfig(pin=23, broken="low", pull="none"), played)
    played.levels(pins, 23, {0.0: True, 5.0: False, 7.0: True})
    assert rounded(seen(presence, played, 10.0)) == [(False, 0.0), (True, 5.0), (False, 7.0)]


def test_what_stands_in_the_beam_when_it_is_opened_is_told_at_once(pins: MockFactory) -> None:
    played = Played()
    presence = opened(GPIO, played)
    assert rounded(seen(presence, played, 1.0)) == [(True, 0.0)]


@pytest.mark.parametrize(("first", "second", "heading"), [(23, 25, Heading.FORWARD), (25, 23, Heading.BACKWARD)])
def test_two_beams_tell_the_direction(pins: MockFactory, first: int, second: int, heading: Heading) -> None:
    played = Played()
    presence = opened(TWO, played)
    played.levels(pins, first, {0.0: FREE, 5.0: BROKEN, 7.0: FREE})
    played.levels(pins, second, {0.0: FREE, 5.5: BROKEN, 7.5: FREE})
    told = seen(presence, played, 10.0)
    assert rounded(told) == [(False, 0.0), (True, 5.0), (False, 7.5)]
    assert told[-1].heading is heading


def test_pins_are_freed_and_taken_again(pins: MockFactory) -> None:
    played = Played()
    presence = opened(GPIO, played)
    with pytest.raises(DeviceError, match=r"presence sensor on pin 23: .*check the numbers"):
        opened(GPIO, played)
    presence.close()
    again = opened(GPIO, played)
    again.close()
    with pytest.raises(DeviceError, match="presence sensor on pin 23: is not open"):
        again.wait(0)


def test_a_machine_without_pins_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_chip() -> Path:
        raise FileNotFoundError(2, "no chip of the header's pins; the chips here: none")

    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setattr(gpio_chip.GpioChipFactory.__init__, "__defaults__", (no_chip, gpiod.request_lines))
    with pytest.raises(DeviceError) as caught:
        GpioPresence(GPIO).open()
    assert "the chips here: none; this is no Raspberry Pi" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_sensor_unplugged_looks_broken_is_one_fault_and_counts_again_once_plugged(pins: MockFactory) -> None:
    played = Played()
    told: list[Sighting] = []
    worker = SensorWorker(GpioPresence(GPIO, played.clock, played.pause), told.append, played.clock, played.pause)
    unplugged, plugged = 5.0, 300.0
    played.levels(pins, 23, {0.0: FREE, unplugged: BROKEN, plugged: FREE, 310.0: BROKEN, 312.0: FREE})
    while played.now < 320.0:
        worker.step()
    state, facts = State(), []
    for event in told:
        assert not isinstance(event, Lost)
        state, more = step(state, event, Limits())
        facts += [fact for fact in more if isinstance(fact, Crossing)]
    assert [fact.account for fact in facts] == ["sensor_fault", "unmatched"]
