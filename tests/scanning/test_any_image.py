"""Whatever the picture is, there is an answer."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.scan import Frame, Image
from station.scanning.reader import LiveReader, read_still


@st.composite
def pictures(draw: st.DrawFn) -> Image:
    height, width = draw(st.integers(1, 200)), draw(st.integers(1, 200))
    shape = (height, width, 3) if draw(st.booleans()) else (height, width)
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    match draw(st.sampled_from(["constant", "noise", "black and white", "gradient", "dark"])):
        case "constant":
            return np.full(shape, draw(st.integers(0, 255)), np.uint8)
        case "noise":
            return chance.integers(0, 256, shape, np.uint8)
        case "black and white":
            return (chance.integers(0, 2, shape) * 255).astype(np.uint8)
        case "dark":
            return chance.integers(0, 12, shape, np.uint8)
        case _:
            return np.broadcast_to(np.linspace(0, 255, width).astype(np.uint8), (height, width)).copy()


@settings(max_examples=80, deadline=None)
@given(pictures())
def test_a_still_of_any_size_and_content_is_answered(picture: Image) -> None:
    assert read_still(picture) == []


@settings(max_examples=80, deadline=None)
@given(st.lists(pictures(), min_size=1, max_size=4), st.floats(0, 1))
def test_frames_of_any_size_and_content_are_answered_one_after_another(frames: list[Image], step: float) -> None:
    reader = LiveReader(second_reader=True)
    for number, picture in enumerate(frames):
        assert reader.read(Frame(picture, number, number * step, number * step)) == []
