"""Two beams: every order in which they break and are free again."""

import random

import pytest

from station.devices.presence.headings import ALONE_WITHIN, FIRST, SECOND, Headings
from station.domain.crossings import Heading, Sighting

IN, OUT = True, False
WELL = [(FIRST, OUT), (SECOND, OUT)]


def told(edges: list[tuple[str, bool]], apart: float = 1.0) -> list[Sighting]:
    headings = Headings()
    return [sighting for at, edge in enumerate(edges) for sighting in headings.see(*edge, at * apart)]


def crossed(edges: list[tuple[str, bool]], apart: float = 1.0) -> list[Heading]:
    return [sighting.heading for sighting in told([*WELL, *edges], apart)[1:] if not sighting.occupied]


def through(near: str, far: str) -> list[tuple[str, bool]]:
    return [(near, IN), (far, IN), (near, OUT), (far, OUT)]


@pytest.mark.parametrize(("near", "far", "heading"), [(FIRST, SECOND, "forward"), (SECOND, FIRST, "backward")])
def test_what_comes_through_one_and_leaves_by_the_other_has_a_direction(near: str, far: str, heading: str) -> None:
    assert crossed(through(near, far)) == [heading]
    assert crossed([*through(near, far), *through(far, near)])[0] == heading


def test_what_goes_back_has_turned_back() -> None:
    assert crossed([(FIRST, IN), (SECOND, IN), (SECOND, OUT), (FIRST, OUT)]) == [Heading.TURNED_BACK]
    assert crossed([(FIRST, IN), (FIRST, OUT)]) == [Heading.TURNED_BACK]


def test_bumper_to_bumper_is_two() -> None:
    bumper = [(FIRST, IN), (SECOND, IN), (FIRST, OUT), (FIRST, IN), (SECOND, OUT), (SECOND, IN), (FIRST, OUT)]
    assert crossed([*bumper, (SECOND, OUT)]) == [Heading.FORWARD, Heading.FORWARD]


def test_one_that_noses_forth_and_back_is_one() -> None:
    noses = [(FIRST, IN), (SECOND, IN), (SECOND, OUT), (SECOND, IN), (FIRST, OUT), (SECOND, OUT)]
    assert crossed(noses) == [Heading.FORWARD]


def test_what_is_shorter_than_the_beams_are_apart_crosses_all_the_same() -> None:
    alone = [(FIRST, IN), (FIRST, OUT), (SECOND, IN), (SECOND, OUT)]
    assert crossed(alone) == [Heading.TURNED_BACK, Heading.FORWARD]
    assert crossed(alone, apart=ALONE_WITHIN + 1) == [Heading.TURNED_BACK, Heading.TURNED_BACK]


def test_what_stands_in_both_at_the_beginning_has_no_direction() -> None:
    both = told([(FIRST, IN), (SECOND, IN), (FIRST, OUT), (SECOND, OUT)])
    assert [(sighting.occupied, sighting.heading) for sighting in both] == [(True, "unknown"), (False, "unknown")]


def test_what_stands_in_one_at_the_beginning_came_through_that() -> None:
    one = told([(FIRST, IN), (SECOND, OUT), (SECOND, IN), (FIRST, OUT), (SECOND, OUT)])
    assert [(sighting.occupied, sighting.heading) for sighting in one] == [(True, "unknown"), (False, "forward")]


def test_whatever_the_edges_beginnings_and_ends_alternate_and_free_beams_leave_nothing_inside() -> None:
    dice = random.Random(5)
    for _ in range(2000):
        levels = {FIRST: OUT, SECOND: OUT}
        edges = list(WELL)
        for _ in range(dice.randrange(1, 20)):
            beam = dice.choice((FIRST, SECOND))
            levels[beam] = not levels[beam]
            edges.append((beam, levels[beam]))
        edges += [(beam, OUT) for beam, broken in levels.items() if broken]
        occupied = [sighting.occupied for sighting in told(edges)]
        assert occupied == [bool(number % 2) for number in range(len(occupied))]
        assert len(occupied) % 2 == 1
