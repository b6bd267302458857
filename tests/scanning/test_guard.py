from hypothesis import given
from hypothesis import strategies as st

from station.scanning.guard import RepeatGuard

CODE = b"a"


def test_a_code_that_stays_in_view_begins_once() -> None:
    guard = RepeatGuard(absence=3.0)
    begun = [guard.begins("1", [CODE], now / 15) for now in range(15 * 60)]
    assert begun[0] == [CODE]
    assert not any(begun[1:])


def test_it_begins_again_only_after_it_has_left_for_longer_than_the_absence() -> None:
    guard = RepeatGuard(absence=3.0)
    guard.begins("1", [CODE], 0.0)
    assert guard.begins("1", [CODE], 3.0) == []
    assert guard.begins("1", [CODE], 6.1) == [CODE]


def test_it_begins_again_at_once_when_another_lane_saw_it_meanwhile() -> None:
    guard = RepeatGuard(absence=60.0)
    assert guard.begins("1", [CODE], 0.0) == [CODE]
    assert guard.begins("2", [CODE], 5.0) == [CODE]
    assert guard.begins("1", [CODE], 10.0) == [CODE]
    assert guard.begins("1", [CODE], 11.0) == []


def test_a_code_in_view_of_two_cameras_at_once_begins_once_at_each() -> None:
    guard = RepeatGuard(absence=3.0)
    begun = [guard.begins(lane, [CODE], now / 10) for now in range(600) for lane in ("1", "2")]
    assert sum(map(len, begun)) == 2


def test_several_codes_in_one_frame_each_begin_once() -> None:
    guard = RepeatGuard(absence=3.0)
    assert guard.begins("1", [b"a", b"b", b"a", b"c"], 0.0) == [b"a", b"b", b"c"]
    assert guard.begins("1", [b"b", b"d"], 0.1) == [b"d"]


def test_codes_that_left_are_forgotten() -> None:
    guard = RepeatGuard(absence=1.0)
    for number in range(5000):
        guard.begins("1", [str(number).encode()], number * 0.1)
    assert len(guard._presentations) < 50


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_presentations_are_exactly_the_runs_separated_by_more_than_the_absence(seen: list[bool]) -> None:
    absence, step = 1.0, 0.3
    guard = RepeatGuard(absence)
    begun = sum(len(guard.begins("1", [CODE] if visible else [], place * step)) for place, visible in enumerate(seen))
    times = [place * step for place, visible in enumerate(seen) if visible]
    expected = sum(1 for place, at in enumerate(times) if place == 0 or at - times[place - 1] > absence)
    assert begun == expected
