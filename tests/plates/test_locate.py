"""Where a plate is looked for, on drawn vehicles."""

import numpy as np
import pytest
from drawn_plates import LOOKS, VIEWS, placed_before_camera, some_text

from station.plates.locate import overlap, places


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("view", ["easy", "turned", "far"])
def test_a_plate_of_every_kind_is_among_the_places(look: str, view: str) -> None:
    chance = np.random.default_rng(11)
    picture, corners = placed_before_camera(some_text(LOOKS[look], chance), LOOKS[look], VIEWS[view], chance)
    assert max(overlap(place.corners, corners) for place in places(picture)) > 0.6


def test_a_plate_with_two_lines_is_told_by_its_shape() -> None:
    for look, lines in (("blue", 1), ("trailer", 2)):
        chance = np.random.default_rng(12)
        picture, corners = placed_before_camera(some_text(LOOKS[look], chance), LOOKS[look], VIEWS["easy"], chance)
        best = max(places(picture), key=lambda place: overlap(place.corners, corners))
        assert best.two_lines is (lines == 2)


def test_a_large_picture_is_looked_at_smaller_and_answered_in_its_own_pixels() -> None:
    chance = np.random.default_rng(13)
    picture, corners = placed_before_camera("豫A12345", LOOKS["blue"], VIEWS["easy"], chance)
    twice = picture.repeat(2, axis=0).repeat(2, axis=1)
    assert max(overlap(place.corners, corners * 2) for place in places(twice)) > 0.6


def test_an_even_picture_has_no_place() -> None:
    assert places(np.full((720, 1280, 3), 90, np.uint8)) == []
    assert places(np.full((40, 60, 3), 90, np.uint8)) == []


def test_there_are_never_more_places_than_may_be_read() -> None:
    noise = np.random.default_rng(14).integers(0, 255, (720, 1280, 3), np.uint8)
    assert len(places(noise)) <= 3
