"""How many event streams there may be, and whose gives way."""

from hypothesis import given
from hypothesis import strategies as st

from web_ui.streams import Streams, Ticket

MOST, MOST_OF_ONE = 6, 3


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abcde")), max_size=40))
def test_the_new_one_always_gets_in_and_no_bound_is_passed(steps: list[tuple[bool, str]]) -> None:
    streams, known = Streams(MOST, MOST_OF_ONE), list[Ticket]()
    for enters, viewer in steps:
        if enters:
            known.append(streams.enter(viewer))
            assert streams.holds(known[-1])
        elif known:
            streams.leave(known.pop(0))
        known = [one for one in known if streams.holds(one)]
        assert len(known) <= MOST
        assert all(sum(one.viewer == name for one in known) <= MOST_OF_ONE for name in "abcde")


def test_one_viewer_takes_no_stream_from_another() -> None:
    streams = Streams(MOST, MOST_OF_ONE)
    modest = streams.enter("modest")
    for _ in range(24):
        streams.enter("greedy")
    assert streams.holds(modest)


def test_where_all_is_full_the_oldest_of_whoever_has_the_most_gives_way() -> None:
    streams = Streams(MOST, MOST_OF_ONE)
    a, b, c = [streams.enter("a")], [streams.enter("b") for _ in range(2)], [streams.enter("c") for _ in range(3)]
    streams.enter("d")
    assert [streams.holds(one) for one in [*a, *b, *c]] == [True, True, True, False, True, True]


def test_over_a_bound_the_newest_may_be_refused_instead() -> None:
    streams = Streams(MOST, MOST_OF_ONE)
    held = [streams.enter_if_room("a") for _ in range(3)]
    assert None not in held
    assert streams.enter_if_room("a") is None
    assert streams.has_room
    assert streams.enter_if_room("a", most=4)
    assert all(streams.enter_if_room(name) for name in "bc")
    assert streams.enter_if_room("d") is None
    assert not streams.has_room
    assert held[0]
    streams.leave(held[0])
    assert streams.enter_if_room("d")
