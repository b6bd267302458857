"""A code that is only just entering the picture is read, and told where it stands."""

import numpy as np
from rendered import SIZE, modules_of, placed, seen

from station.scanning.doubt import Doubts
from station.scanning.edges import Edges
from station.scanning.live import LiveLooks
from station.scanning.look import look

LEFTWARDS, RIGHTWARDS = (-150.0, 0.0), (150.0, 0.0)


def entering(beyond: float) -> np.ndarray:
    """A code of 29 modules of four pixels whose right side is `beyond` pixels outside the picture."""
    modules = modules_of("just coming in", version=3, error="h")
    middle = np.array([SIZE[1] - 58.0 + beyond, 240.0])
    return seen(placed(modules, 4, middle), np.random.default_rng(4))


def test_a_code_cut_through_a_finder_pattern_is_read_where_a_plain_look_reads_nothing() -> None:
    frame = entering(14.0)
    assert not look(frame, "plain").codes
    wide = Edges().widened(frame, LEFTWARDS)
    (code,) = look(wide.gray, "wide", origin=wide.origin).codes
    assert code.text == "just coming in"
    right = max(x for x, _ in code.corners)
    assert abs(right - (SIZE[1] + 14)) < 4


def test_a_full_look_reads_it_as_well() -> None:
    (code,) = LiveLooks(Doubts()).read(entering(14.0), 0.0)  # the first look of a lane is a full one
    assert (code.text, code.how) == ("just coming in", "plain")


def test_a_live_reader_reads_it_while_it_comes_in() -> None:
    looks = LiveLooks(Doubts())
    frames = [entering(beyond) for beyond in (20.0, 17.0, 14.0, 11.0)]
    found = {code.text for number, frame in enumerate(frames) for code in looks.read(frame, number / 30)}
    assert found == {"just coming in"}


def test_a_picture_whose_edges_nothing_crosses_is_left_as_it_is() -> None:
    frame = seen(placed(modules_of("inside"), 4, np.array([300.0, 240.0])), np.random.default_rng(4))
    assert Edges().widened(frame, LEFTWARDS).gray is frame


def test_an_edge_by_which_codes_leave_is_not_widened() -> None:
    frame = entering(14.0)
    assert Edges().widened(frame, RIGHTWARDS).gray is frame
    assert Edges().widened(frame, LEFTWARDS).gray.shape[1] > frame.shape[1]


def test_the_mirror_stands_at_another_place_in_the_next_frame() -> None:
    edges, frame = Edges(), entering(14.0)
    axes = {edges.widened(frame, LEFTWARDS).gray.shape[1] for _ in range(4)}
    assert len(axes) == 2
