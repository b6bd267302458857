"""Which codes were seen together, and which came back to where they were."""

from hypothesis import given
from hypothesis import strategies as st

from station.domain.scan import Code
from station.scanning.code_places import MAX_CODES, CodePlaces

SIDE = 100


def at(x: int, y: int = 0, payload: bytes = b"poster", side: int = SIDE) -> Code:
    corners = ((x, y), (x + side, y), (x + side, y + side), (x, y + side))
    return Code(payload, payload.decode("latin-1"), "QRCode", corners, "test")


def returned(places: CodePlaces, code: Code, now_s: float) -> bool:
    """A presentation of the code begins and ends with this frame."""
    places.see([code], frozenset([code.payload]), now_s)
    return places.returned(code.payload)


def test_a_code_is_new_once_and_then_back_where_it_was() -> None:
    places = CodePlaces()
    assert [returned(places, at(10), now_s) for now_s in (0, 60, 120)] == [False, True, True]


def test_a_code_that_moved_or_came_nearer_is_shown_again() -> None:
    for elsewhere in (at(10 + SIDE // 2), at(10, 30), at(10, side=140)):
        places = CodePlaces()
        assert not returned(places, at(10), 0)
        assert not returned(places, elsewhere, 60)


def test_a_trembling_corner_is_no_move() -> None:
    places = CodePlaces()
    assert not returned(places, at(10), 0)
    assert returned(places, at(14, 3), 60)


def test_after_ten_minutes_it_is_shown_again_unless_it_is_known_to_stand_there() -> None:
    places = CodePlaces()
    assert not returned(places, at(10), 0)
    assert not returned(places, at(10), 601)
    for step in range(1, 4):
        assert returned(places, at(10), 601 + 60 * step)
    assert returned(places, at(10), 40_000)
    assert not returned(places, at(10), 40_000 + 86_401)


def test_one_that_stood_for_two_minutes_is_known() -> None:
    places = CodePlaces()
    assert not returned(places, at(10), 0)
    for now_s in range(1, 121):
        places.see([at(10)], frozenset(), now_s)
    assert returned(places, at(10), 4000)


def test_neighbours_say_how_long_ago_and_how_near() -> None:
    places = CodePlaces()
    places.see([at(0, payload=b"far"), at(5000, payload=b"near")], frozenset([b"far", b"near"]), 10)
    places.see([at(4700, payload=b"pass"), at(5000, payload=b"near")], frozenset([b"pass"]), 12)
    found = places.neighbours(at(4700, payload=b"pass"), 12)
    assert [(one.payload, one.ago_s, one.near) for one in found] == [(b"near", 0, True), (b"far", 2, False)]
    assert places.neighbours(at(4700, payload=b"pass"), 100) == ()


def test_a_code_without_a_place_has_neighbours_and_is_none() -> None:
    places = CodePlaces()
    by_hand = at(0, payload=b"hand", side=0)
    places.see([at(10), by_hand], frozenset([b"poster", b"hand"]), 1)
    assert [one.payload for one in places.neighbours(by_hand, 1)] == [b"poster"]
    assert [one.payload for one in places.neighbours(at(10), 1)] == []


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3000), st.booleans()), max_size=60))
def test_its_memory_is_bounded_and_a_new_code_never_returns(seen: list[tuple[int, int, bool]]) -> None:
    places, known = CodePlaces(), set()
    for now_s, (number, x, begins) in enumerate(seen):
        code = at(x, payload=str(number).encode())
        places.see([code], frozenset([code.payload]) if begins else frozenset(), now_s)
        assert not places.returned(code.payload) or code.payload in known
        known.add(code.payload)
    assert len(places._seen) <= MAX_CODES
