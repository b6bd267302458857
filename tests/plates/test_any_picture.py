"""Whatever a camera shows, a look ends in a plate or in none: an error would end the station."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from station.plates.finder import PlateFinder
from station.plates.reading import COLUMNS, Picture, Scores


class ScriptedReader:
    """Scores everything at random, and keeps the shapes of what it was given."""

    def __init__(self, chance: np.random.Generator) -> None:
        self._chance = chance
        self.shapes: list[tuple[int, ...]] = []

    def read(self, lines: Sequence[Picture]) -> list[Scores]:
        self.shapes += [line.shape for line in lines]
        return [self._chance.dirichlet(np.full(len(COLUMNS) + 1, 0.05), 24) for _ in lines]


def any_picture(chance: np.random.Generator) -> Picture:
    """Boxes and noise in some size, at some light, in colour or gray."""
    height, width = (int(side) for side in chance.integers(16, 400, 2))
    picture = np.full((height, width, 3), chance.integers(0, 255, 3), np.uint8)
    for _ in range(int(chance.integers(0, 12))):
        place = tuple(int(part) for part in chance.integers(0, (width, height)))
        size = tuple(int(part) for part in chance.integers(2, (200, 80)))
        colour = tuple(int(part) for part in chance.integers(0, 255, 3))
        box = cv2.boxPoints((place, size, float(chance.uniform(0, 180)))).astype(np.int32)
        cv2.fillPoly(picture, [box], colour)
    noisy = picture + chance.normal(0, chance.choice([0, 5, 60]), picture.shape)
    picture = np.clip(noisy * chance.choice([0.02, 0.3, 1.0]), 0, 255).astype(np.uint8)
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if chance.random() < 0.3 else picture


@pytest.mark.parametrize("seed", range(5))
def test_whatever_the_picture_is_a_look_ends_in_a_plate_or_in_none(seed: int) -> None:
    chance = np.random.default_rng(seed)
    reader = ScriptedReader(chance)
    for _ in range(12):
        found = PlateFinder(reader).find(any_picture(chance))
        assert found is None or 0 < found.confidence <= 1
    assert reader.shapes
    assert all(len(shape) == 3 and min(shape[:2]) > 0 and shape[2] == 3 for shape in reader.shapes)
