"""What a lane reads of codes held before its camera for 0.3 s; a presentation is read when one of its frames is."""

from collections import Counter
from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest
from rendered import SIZE, Scene, modules_of, placed, seen, stream
from shared import VIDEO, needs_video

from station.commands.replay import frames
from station.domain.scan import Frame
from station.scanning.doubt import Doubts
from station.scanning.gate import Due
from station.scanning.live import LiveLooks
from station.scanning.reader import LiveReader, to_gray

SCENES = {
    "plain": (Scene(), 1.0),
    "1.5 pixels a module": (Scene(pixels=1.5, turned=0.2), 0.99),
    "defocus of sigma 2": (Scene(defocus=2.0), 1.0),
    "6 pixels of motion": (Scene(motion=6.0), 0.9),
    "4 % of the light": (Scene(light=0.04), 1.0),
    "inverted": (Scene(inverted=True), 1.0),
    "tilt of 45 degrees": (Scene(pixels=5.0, tilt=45.0), 1.0),
    "tilt of 65 degrees": (Scene(pixels=5.0, tilt=65.0), 0.8),
    "glare": (Scene(glare=True), 0.8),
}
PRESENTATIONS = 10


def millisecond_clock() -> "Iterator[float]":
    """Every look and every treatment costs the same, however busy the machine is."""
    return (number / 1000 for number in count())


def a_reader() -> LiveLooks:
    return LiveLooks(Doubts(), millisecond_clock().__next__)


@pytest.mark.parametrize(("scene", "share"), SCENES.values(), ids=SCENES)
def test_presentations_are_read_within_300_ms_and_never_as_something_else(scene: Scene, share: float) -> None:
    read = 0
    for seed in range(PRESENTATIONS):
        text, frames = stream(scene, seed)
        looks = a_reader()
        texts = {code.text for number, gray in enumerate(frames) for code in looks.read(gray, number / 30)}
        assert texts <= {text}
        read += text in texts
    assert read >= share * PRESENTATIONS


@needs_video
def test_codes_of_a_real_film_are_read_in_more_frames_than_one_look_reads_and_as_nothing_else() -> None:
    looks, seen_in = a_reader(), Counter()
    for frame in frames(VIDEO / "qr-codes.mp4", "fast"):
        seen_in.update({code.payload for code in looks.read(to_gray(frame.image), frame.time)})
    assert len(seen_in) == 8
    assert seen_in.total() >= 1690  # zxing-cpp alone: 1547


def test_a_code_of_an_unchanging_view_is_read_even_where_only_a_treatment_reads_it() -> None:
    text, frames = stream(Scene(defocus=2.0), seed=4)
    still = next(frames)
    looks = a_reader()
    codes = [looks.read(still, 0.2 * number, Due.WAITED if number else Due.CHANGED) for number in range(10)]
    assert {code.text for frame in codes for code in frame} == {text}


def test_a_view_that_does_not_change_is_treated_now_and_then_only() -> None:
    clock = millisecond_clock()
    looks = LiveLooks(Doubts(), clock.__next__)
    empty = seen(np.full(SIZE, 150.0), np.random.default_rng(1))
    for number in range(60):
        looks.read(empty, 0.2 * number, Due.WAITED if number else Due.CHANGED)
    calls = next(clock)
    looks.read(empty, 12.2, Due.WAITED)
    assert round((next(clock) - calls) * 1000) == 3  # begun, looked, asked here: no treatment


def test_an_inverted_code_in_an_unchanging_view_is_read_within_200_ms() -> None:
    chance = np.random.default_rng(2)
    empty = np.full(SIZE, 150.0)
    code = placed(250 - modules_of("dark mode", version=2, error="m"), 4, np.array([300.0, 200.0]))
    for appears in range(30, 40):
        reader = LiveReader()
        for number in range(appears + 7):
            frame = seen(code if number >= appears else empty, chance)
            codes = reader.read(Frame(frame, number, number / 30, number / 30))
        assert [found.text for found in codes] == ["dark mode"]


def test_what_was_read_stays_read_while_the_view_does_not_change() -> None:
    chance = np.random.default_rng(3)
    code = placed(modules_of("parked", version=1, error="m"), 4, np.array([300.0, 200.0]))
    reader = LiveReader()
    for number in range(60):
        frame = Frame(seen(code, chance), number, number / 30, number / 30)
        assert [found.text for found in reader.read(frame)] == ["parked"]
