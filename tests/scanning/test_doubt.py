"""No reading that chance may have made is trusted alone."""

import numpy as np
import pytest
from rendered import seen

from station.domain.scan import Frame
from station.scanning.doubt import Doubts, doubtful
from station.scanning.look import Reading
from station.scanning.reader import LiveReader, read_still

ANYWHERE = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def a_reading(payload: bytes = b"25", version: int = 1, level: str = "L", spare: float = 0.14) -> Reading:
    return Reading(payload.decode(), payload, ANYWHERE, "plain", spare, version, level)


@pytest.mark.parametrize(("version", "level"), [(1, "L"), (1, "M"), (2, "L")])
def test_the_smallest_codes_with_no_repair_to_spare_are_doubtful(version: int, level: str) -> None:
    assert doubtful(a_reading(version=version, level=level, spare=0.0))
    assert not doubtful(a_reading(version=version, level=level, spare=0.5))
    assert not doubtful(a_reading(version=4, level=level, spare=0.0))


def test_no_payload_at_all_is_doubtful_and_so_is_a_short_one_of_a_reader_that_tells_no_size() -> None:
    assert doubtful(a_reading(payload=b"", version=7, spare=1.0))
    assert doubtful(a_reading(payload=b"short", version=0))
    assert not doubtful(a_reading(payload=b"x" * 40, version=0))


def test_a_doubtful_reading_counts_from_its_second_time_on() -> None:
    doubts = Doubts()
    assert [doubts.trusted(a_reading(), now) for now in (0.0, 0.1, 0.2)] == [False, True, True]


def test_a_doubtful_reading_is_not_confirmed_by_another_text_nor_after_a_second() -> None:
    doubts = Doubts()
    assert not doubts.trusted(a_reading(b"25"), 0.0)
    assert not doubts.trusted(a_reading(b"26"), 0.1)
    assert not doubts.trusted(a_reading(b"25"), 1.2)


def test_a_sure_reading_confirms_doubtful_ones_of_the_same_text() -> None:
    doubts = Doubts()
    assert doubts.trusted(a_reading(spare=1.0), 0.0)
    assert doubts.trusted(a_reading(spare=0.0), 0.5)


def test_noise_is_never_read_as_anything() -> None:
    chance = np.random.default_rng(11)
    reader = LiveReader(second_reader=True)
    for number in range(60):
        coarse = chance.integers(0, 256, (120 // (number % 3 + 1), 160 // (number % 3 + 1)))
        noise = np.kron(coarse, np.ones((number % 3 + 1, number % 3 + 1)))
        image = seen(np.where(noise > 127, 230.0, 20.0) if number % 2 else noise, chance)
        assert reader.read(Frame(image, number, number / 30, number / 30)) == []
        if number % 4 == 0:
            assert read_still(image) == []
