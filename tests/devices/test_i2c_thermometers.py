"""The sensors on I2C, on a bus that answers as their datasheets say."""

import pytest
from i2c_bus import Amg8833Chip, FakeBus, Mlx90614Chip, crc8

from station.config import Amg8833Config, Mlx90614Config
from station.devices import DeviceError
from station.devices.thermometer.amg8833 import Amg8833
from station.devices.thermometer.i2c import I2cSensor
from station.devices.thermometer.mlx90614 import Mlx90614, packet_error_code, skin_celsius

WAITS: list[float] = []


def mlx(**changes: object) -> Mlx90614:
    return Mlx90614(Mlx90614Config(**{"emissivity": 1.0, **changes}), WAITS.append)


def amg(**changes: object) -> Amg8833:
    return Amg8833(Amg8833Config(**changes), WAITS.append)


# MLX90614


def test_the_packet_error_code_is_the_datasheets_own_example() -> None:
    """Section 8.4.3.1: address 5A, read of 07h, data D2 3A; the code is 30."""
    assert packet_error_code(bytes((0xB4, 0x07, 0xB5, 0xD2, 0x3A))) == 0x30
    assert crc8(bytes((0xB4, 0x07, 0xB5, 0xD2, 0x3A))) == 0x30


def test_a_black_body_is_read_as_the_sensor_says(bus: FakeBus) -> None:
    bus.sensors[0x5A] = Mlx90614Chip(seen=36.6, ambient=20.0)
    assert mlx(bus=3).read() == 36.6
    assert bus.opened == [3]


def test_skin_is_warmer_than_it_seems_in_the_cold_and_cooler_in_the_heat(bus: FakeBus) -> None:
    chip = bus.sensors[0x5A] = Mlx90614Chip(seen=36.0, ambient=5.0)
    in_the_cold = mlx(emissivity=0.98).read()
    bus.sensors[0x5A] = Mlx90614Chip(seen=36.0, ambient=42.0)
    in_the_heat = mlx(emissivity=0.98).read()
    assert chip.words[0x24] == 0xFFFF
    assert in_the_cold == pytest.approx(36.5, abs=0.11)
    assert in_the_heat == pytest.approx(35.9, abs=0.11)


def test_emissivity_is_worked_out_as_radiation_adds_up() -> None:
    """What reaches a sensor for black bodies: the skin's own share of radiation and the mirrored surroundings'."""
    skin, ambient = 309.75, 278.15
    seen = (0.98 * skin**4 + 0.02 * ambient**4) ** 0.25
    assert skin_celsius(seen, ambient, 1.0, 0.98) == pytest.approx(skin - 273.15)
    assert skin_celsius(skin, ambient, 0.98, 0.98) == pytest.approx(skin - 273.15)


def test_a_sensor_set_to_skin_already_is_not_corrected_twice(bus: FakeBus) -> None:
    bus.sensors[0x5A] = Mlx90614Chip(seen=36.6, ambient=5.0, emissivity=0.98)
    assert mlx(emissivity=0.98).read() == 36.6


def test_one_reading_beside_the_forehead_does_not_count(bus: FakeBus) -> None:
    chip = bus.sensors[0x5A] = Mlx90614Chip(seen=36.6, ambient=20.0)
    chip.sequence = [36.6, 21.0, 36.6, 36.8, 44.0]
    WAITS.clear()
    assert mlx(burst=5).read() == 36.6
    assert len(WAITS) == 4


def test_a_spoilt_answer_is_left_out_and_too_many_are_a_fault(bus: FakeBus) -> None:
    chip = bus.sensors[0x5A] = Mlx90614Chip(seen=36.6, ambient=20.0)
    chip.spoils = 2
    assert mlx(burst=5).read() == 36.6
    chip.spoils = 9
    with pytest.raises(DeviceError, match="its answers are spoilt"):
        mlx(burst=5).read()


@pytest.mark.parametrize(("register", "word"), [(0x06, 0x8000), (0x07, 0x8001), (0x24, 0)])
def test_what_the_sensor_itself_calls_wrong_is_spoilt(bus: FakeBus, register: int, word: int) -> None:
    chip = bus.sensors[0x5A] = Mlx90614Chip(seen=36.6, ambient=20.0)
    chip.words[register] = word
    with pytest.raises(DeviceError, match="spoilt"):
        mlx().read()


@pytest.mark.parametrize(
    ("seen", "offset", "told"), [(29.9, 0, None), (30.0, 0, 30.0), (45.1, 0, None), (29.9, 0.2, 30.1)]
)
def test_a_wall_or_a_cup_of_tea_is_nobody(bus: FakeBus, seen: float, offset: float, told: float | None) -> None:
    bus.sensors[0x5A] = Mlx90614Chip(seen=seen, ambient=20.0)
    assert mlx(offset=offset).read() == told


def test_its_memory_is_never_written(bus: FakeBus) -> None:
    bus.sensors[0x5A] = Mlx90614Chip(seen=36.6, ambient=20.0)
    mlx().read()
    assert bus.written == []


# AMG8833


def test_the_array_is_woken_up_and_its_warmest_spot_is_read(bus: FakeBus) -> None:
    bus.sensors[0x69] = Amg8833Chip(background=22.0, spot=36.5)
    made = amg()
    assert [made.read(), made.read()] == [36.5, 36.5]
    assert bus.written == [(0x69, 0x00, 0x00), (0x69, 0x01, 0x3F), (0x69, 0x02, 0x00)]


def test_points_below_zero_are_cold_and_not_hot(bus: FakeBus) -> None:
    bus.sensors[0x69] = Amg8833Chip(background=-10.0, spot=31.0)
    assert amg(offset=1.5).read() == 32.5
    bus.sensors[0x69] = Amg8833Chip(background=-10.0, spot=-0.25)
    assert amg().read() is None


def test_an_empty_seat_is_nobody(bus: FakeBus) -> None:
    bus.sensors[0x69] = Amg8833Chip(background=18.0, spot=22.0)
    assert amg().read() is None


# Both


@pytest.mark.parametrize("made", [mlx, amg])
def test_one_that_does_not_answer_is_told_in_one_line_and_read_again_once_it_does(bus: FakeBus, made: type) -> None:
    sensor = made()
    with pytest.raises(DeviceError, match=r"on /dev/i2c-1 at 0x\w\w: Remote I/O error; check its wiring"):
        sensor.read()
    sensor.close()
    sensor.close()
    bus.sensors |= {0x5A: Mlx90614Chip(seen=36.6, ambient=20.0), 0x69: Amg8833Chip(background=20.0, spot=36.5)}
    assert sensor.read() in (36.5, 36.6)


@pytest.mark.parametrize("made", [mlx, amg])
def test_a_machine_without_the_bus_says_so_in_one_line(bus: FakeBus, made: type) -> None:
    bus.missing = True
    with pytest.raises(DeviceError, match=r"on /dev/i2c-1 at .*: No such file or directory; .* I2C is switched on"):
        made().read()


def test_the_real_bus_is_smbus2s_and_this_machine_has_none() -> None:
    with pytest.raises(DeviceError, match=r"/dev/i2c-99"):
        I2cSensor("mlx90614", 99, 0x5A).read(0x07, 3)


def test_what_is_longer_than_a_block_is_read_in_blocks(bus: FakeBus) -> None:
    bus.sensors[0x69] = lambda register, length: bytes(range(register, register + length))
    assert I2cSensor("amg8833", 1, 0x69).read(0x10, 70) == bytes(range(0x10, 0x10 + 70))
