"""A code that is only just entering the picture is read, and told where it stands."""

import numpy as np
from rendered import SIZE, modules_of, placed, seen

from station.scanning.doubt import Doubts
from station.scanning.edges import Edges
from station.scanning.live import LiveLooks
from station.scanning.look import look

LEFTWARDS, RIGHTWARDS = (-150.0, 0.0), (150.0, 0.0)


def entering(beyond: float, version: int = 3) -> np.ndarray:
    """A code of four pixels a module whose right side is `beyond` pixels outside the picture."""
    modules = modules_of("just coming in", version=version, error="h")
    middle = np.array([SIZE[1] - 2.0 * (17 + 4 * version) + beyond, 240.0])
    return seen(placed(modules, 4, middle), np.random.default_rng(4))


def test_a_code_cut_through_a_finder_pattern_is_read_where_a_plain_look_reads_nothing() -> None:
    frame = entering(9.0)
    assert not look(frame, "plain").codes
    with Edges().widened(frame, LEFTWARDS) as wide:
        (code,) = look(wide.gray, "wide", origin=wide.origin).codes
    assert code.text == "just coming in"
    right = max(x for x, _ in code.corners)
    assert abs(right - (SIZE[1] + 9)) < 4


def test_a_full_look_reads_it_as_well() -> None:
    (code,) = LiveLooks(Doubts()).read(entering(9.0), 0.0)  # the first look of a lane is a full one
    assert (code.text, code.how) == ("just coming in", "plain")


def test_a_live_reader_reads_it_while_it_comes_in() -> None:
    looks = LiveLooks(Doubts())
    frames = [entering(beyond) for beyond in (20.0, 17.0, 14.0, 11.0)]
    found = {code.text for number, frame in enumerate(frames) for code in looks.read(frame, number / 30)}
    assert found == {"just coming in"}


def test_a_picture_whose_edges_nothing_crosses_is_left_as_it_is() -> None:
    frame = seen(placed(modules_of("inside"), 4, np.array([300.0, 240.0])), np.random.default_rng(4))
    with Edges().widened(frame, LEFTWARDS) as wide:
        assert wide.gray is frame


def test_an_edge_by_which_codes_leave_is_not_widened() -> None:
    frame = entering(14.0)
    with Edges().widened(frame, RIGHTWARDS) as wide:
        assert wide.gray is frame
    with Edges().widened(frame, LEFTWARDS) as wide:
        assert wide.gray.shape[1] > frame.shape[1]


def widths(edges: Edges, frame: np.ndarray) -> tuple[int, int]:
    """Of the whole picture widened, and of a strip up to its last pixel, as the frame counts them."""
    with edges.widened(frame, LEFTWARDS) as wide:
        whole = wide.gray.shape[1]
    (strip,) = edges.strips(frame, [])
    return whole, round(strip.origin[0]) + strip.gray.shape[1]


def test_the_mirror_stands_at_another_place_in_the_next_frame_and_for_the_strip() -> None:
    edges, frame = Edges(), entering(14.0, version=6)
    (one, other), (again, swapped) = widths(edges, frame), widths(edges, frame)
    assert one != other
    assert (again, swapped) == (other, one)


def test_a_strip_shows_a_code_that_comes_in() -> None:
    edges, frame = Edges(), entering(14.0, version=6)
    with edges.widened(frame, LEFTWARDS):
        pass
    texts = {code.text for one in edges.strips(frame, []) for code in look(one.gray, "", origin=one.origin).codes}
    assert texts == {"just coming in"}


def test_no_strip_is_looked_at_for_a_code_already_read() -> None:
    edges, frame = Edges(), entering(9.0)
    with edges.widened(frame, LEFTWARDS) as wide:
        (code,) = look(wide.gray, "wide", origin=wide.origin).codes
    assert not list(edges.strips(frame, [code.corners]))


def test_the_frame_is_as_it_was_once_it_has_been_looked_at() -> None:
    edges, frame = Edges(), entering(14.0, version=6)
    for _ in range(2):
        gray = edges.gray_of(frame)
        with edges.widened(gray, LEFTWARDS):
            pass
        assert np.array_equal(gray, frame)
