"""A code read before is read on where no look reads it, and only while this frame's own modules decode to it."""

from itertools import count

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendered import SIZE, modules_of, placed, seen, smeared

from station.scanning.codewords import Known, known, module_places
from station.scanning.doubt import Doubts
from station.scanning.follow import Followed
from station.scanning.live import LiveLooks
from station.scanning.look import Reading, look

FPS = 30
CHANCE = np.random.default_rng(12)


def a_reader() -> LiveLooks:
    return LiveLooks(Doubts(), (number / 1000 for number in count()).__next__)


def pixels_of(modules: np.ndarray, scale: int = 4) -> np.ndarray:
    return np.kron(modules, np.ones((scale, scale), np.uint8))


def reading_of(text: str, **options: object) -> Reading:
    (reading,) = look(pixels_of(modules_of(text, **options)), "test").codes
    return reading


def known_of(text: str, **options: object) -> Known:
    what = known(reading_of(text, **options))
    assert what is not None
    return what


def ink_of(what: Known) -> np.ndarray:
    """A perfect sampling."""
    return np.where(what.dark, -1.0, 1.0)


def leaving(text: str, steps: range, error: str = "h") -> list[np.ndarray]:
    """Frames in which a code of four pixels a module moves out to the left."""
    chance = np.random.default_rng(5)
    modules = modules_of(text, version=4, error=error)
    return [seen(placed(modules, 4, np.array([150.0 - 6 * step, 240.0])), chance) for step in steps]


def reads(looks: LiveLooks, frames: list[np.ndarray]) -> list[tuple[str, str]]:
    """Text and how of the one code, or two empty strings, frame by frame."""
    found = [looks.read(frame, number / FPS) for number, frame in enumerate(frames)]
    assert all(len(codes) <= 1 for codes in found)
    return [(codes[0].text, codes[0].how) if codes else ("", "") for codes in found]


def test_a_code_is_read_on_while_the_frames_edge_cuts_it_off() -> None:
    found = reads(a_reader(), leaving("leaving by the left", range(30)))
    followed = [number for number, (text, how) in enumerate(found) if how == "followed"]
    plain = [number for number, (text, how) in enumerate(found) if text and how != "followed"]
    assert len(followed) >= 4
    assert min(followed) > max(plain)
    assert found[-1] == ("", "")
    assert {text for text, _ in found} == {"leaving by the left", ""}


def test_its_corners_go_on_with_it() -> None:
    looks = a_reader()
    followed = []
    for number, frame in enumerate(leaving("leaving by the left", range(30))):
        followed += [(number, code.corners) for code in looks.read(frame, number / FPS) if code.how == "followed"]
    for number, corners in followed:
        left, right = 150 - 6 * number - 66, 150 - 6 * number + 66
        expected = [(left, 174), (right, 174), (right, 306), (left, 306)]
        assert np.abs(np.subtract(corners, expected)).max() < 3


def test_a_code_is_read_on_while_a_thumb_covers_a_finder_pattern() -> None:
    chance = np.random.default_rng(8)
    code = placed(modules_of("a thumb on it", version=3, error="q"), 4, np.array([300.0, 240.0]))
    covered = code.copy()
    covered[180:216, 240:276] = 120
    assert not look(seen(covered, chance), "test").codes
    found = reads(a_reader(), [seen(frame, chance) for frame in (code, code, covered, covered, code)])
    assert [text for text, _ in found] == ["a thumb on it"] * 5
    assert [how for _, how in found][2:4] == ["followed"] * 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("LANE 1 PASS 000000001", "LANE 1 PASS 000000002"),
        ("https://example.org/aaaa", "https://example.org/aaab"),
        ("completely different", "from one another 2020"),
    ],
)
@pytest.mark.parametrize("error", "lh")
def test_another_code_of_the_same_size_at_the_same_place_is_never_read_as_the_first(first, second, error) -> None:
    chance = np.random.default_rng(9)
    before, after = (modules_of(text, version=4, error=error, mask=3) for text in (first, second))
    for across in (300.0, 40.0, 10.0):  # in full view, and cut off
        middle = np.array([across, 240.0])
        whole, cut, other = (
            placed(before, 4, np.array([300.0, 240.0])),
            placed(before, 4, middle),
            placed(after, 4, middle),
        )
        for swapped in (other, smeared(other, 8.0, 0.7)):
            looks = a_reader()
            frames = [whole, whole, cut, cut, swapped, swapped, swapped]
            found = reads(looks, [seen(frame, chance) for frame in frames])
            assert {text for text, _ in found[4:]} <= {second, ""}


def test_a_place_left_empty_is_no_reading() -> None:
    chance = np.random.default_rng(10)
    code = placed(modules_of("gone", version=1, error="m"), 4, np.array([300.0, 240.0]))
    empty = np.full(SIZE, 150.0)
    found = reads(a_reader(), [seen(frame, chance) for frame in (code, code, *[empty] * 10)])
    assert [text for text, _ in found] == ["gone"] * 2 + [""] * 10


@pytest.mark.parametrize("version", [1, 2, 5, 7, 10, 14, 27, 32, 40])
@pytest.mark.parametrize("level", "lmqh")
def test_codes_that_differ_in_one_letter_lie_a_whole_distance_apart(version: int, level: str) -> None:
    text = "A" * 8
    first = known_of(text, version=version, error=level, mask=2)
    second = known_of(text[:-1] + "B", version=version, error=level, mask=2)
    differs = (first.dark != second.dark)[module_places(len(first.dark))].any(axis=1)
    apart = [int(differs[block.codewords].sum()) for block in first.blocks]
    assert max(apart) > first.blocks[apart.index(max(apart))].checks
    everywhere = np.ones_like(first.dark)
    assert first.is_in(ink_of(first), everywhere)
    assert not first.is_in(ink_of(second), everywhere)


def test_a_code_that_stands_where_its_motion_puts_it_is_read_there_without_flow(monkeypatch) -> None:
    monkeypatch.setattr(cv2, "calcOpticalFlowPyrLK", None)
    corners = ((234.0, 174.0), (366.0, 174.0), (366.0, 306.0), (234.0, 306.0))
    frame = seen(placed(modules_of("just there", version=4, error="h"), 4, np.array([300.0, 240.0])), CHANCE)
    followed = Followed(known_of("just there", version=4, error="h"))
    assert followed.found(frame, corners) == corners


def test_a_bent_print_is_read_without_flow_once_flow_has_told_its_bend(monkeypatch) -> None:
    flat = seen(placed(modules_of("on a bottle", version=4, error="l"), 4, np.array([300.0, 240.0])), CHANCE)
    across = np.tile(np.arange(SIZE[1], dtype=np.float32), (SIZE[0], 1))
    down = np.arange(SIZE[0], dtype=np.float32)[:, None] + 5 * ((across - 300) / 66) ** 2
    bottle = cv2.remap(flat, across, down, cv2.INTER_LINEAR)
    followed = Followed(known_of("on a bottle", version=4, error="l"))
    corners = followed.found(bottle, ((234.0, 169.0), (366.0, 169.0), (366.0, 301.0), (234.0, 301.0)))
    assert corners is not None
    monkeypatch.setattr(cv2, "calcOpticalFlowPyrLK", None)
    assert followed.found(bottle, corners) == corners


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0), st.sampled_from("lmqh"))
def test_however_much_is_hidden_or_wrong_only_the_code_itself_is_read(seed: int, hidden: float, level: str) -> None:
    chance = np.random.default_rng(seed)
    first = known_of("PASS-0000001", version=2, error=level, mask=1)
    second = known_of("PASS-0000002", version=2, error=level, mask=1)
    visible = np.zeros_like(first.dark)
    visible[:, int(hidden * len(visible)) :] = True
    noisy = ink_of(second) + chance.normal(0, chance.uniform(0, 0.8), first.dark.shape)
    assert not first.is_in(noisy, visible)


def test_a_code_more_hidden_than_its_check_words_make_up_for_is_not_read() -> None:
    what = known_of("PASS-0000001", version=2, error="l", mask=1)
    visible = np.ones_like(what.dark)
    assert what.is_in(ink_of(what), visible)
    visible[:, : len(visible) // 2] = False
    assert not what.is_in(ink_of(what), visible)


def test_a_mirrored_print_is_not_followed_since_its_codewords_lie_elsewhere() -> None:
    mirrored = np.ascontiguousarray(pixels_of(modules_of("mirrored", version=2, error="m")).T)
    (reading,) = look(mirrored, "test").codes
    assert known(reading) is None
