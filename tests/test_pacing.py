from random import Random

from hypothesis import given
from hypothesis import strategies as st

from station.pacing import STEADY_PERIOD_S, Backoff, Offering, RateLimit

SECONDS = st.floats(0.01, 1000)
NOW = st.floats(-1e6, 1e6)


class _Latest(Random):
    """Always draws the longest delay there can be."""

    def random(self) -> float:
        return 1.0


def test_the_first_attempt_may_be_at_once() -> None:
    assert Backoff().wait(0.0) == 0.0


def test_the_longest_delay_doubles_with_every_failure_up_to_its_limit() -> None:
    backoff = Backoff(first=1.0, longest=30.0, chance=_Latest())
    waits = []
    for _ in range(8):
        backoff.failed(100.0)
        waits.append(backoff.wait(100.0))
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]


def test_after_a_success_that_lasts_the_next_failure_is_a_first_one() -> None:
    backoff = Backoff(first=1.0, longest=30.0, chance=_Latest())
    for _ in range(5):
        backoff.failed(0.0)
    for now in (10.0, 20.0, 10.0 + STEADY_PERIOD_S):
        backoff.succeeded(now)
    backoff.failed(10.0 + STEADY_PERIOD_S)
    assert backoff.wait(10.0 + STEADY_PERIOD_S) == 1.0


def test_who_is_let_in_and_thrown_out_again_every_time_waits_longer_every_time() -> None:
    backoff, now = Backoff(first=1.0, longest=30.0, chance=_Latest()), 0.0
    waits = []
    for _ in range(6):
        backoff.succeeded(now)
        now += 1.0
        backoff.failed(now)
        waits.append(backoff.wait(now))
        now += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 30]


def test_the_wait_runs_out_with_the_clock() -> None:
    backoff = Backoff(first=4.0, longest=30.0, chance=_Latest())
    backoff.failed(10.0)
    assert [backoff.wait(now) for now in (10.0, 13.0, 14.0, 99.0)] == [4.0, 1.0, 0.0, 0.0]


def test_stations_that_lost_their_broker_together_come_back_apart() -> None:
    backoffs = [Backoff(chance=Random(station)) for station in range(1000)]
    for backoff in backoffs:
        backoff.failed(0.0)
    soon = sum(backoff.wait(0.0) < 0.5 for backoff in backoffs)
    assert 400 < soon < 600


@given(SECONDS, SECONDS, st.randoms(use_true_random=False), st.lists(NOW, min_size=1, max_size=40), NOW)
def test_no_wait_is_below_nothing_nor_beyond_the_longest(
    first: float, longest: float, chance: Random, failures: list[float], last: float
) -> None:
    backoff = Backoff(first, longest, chance)
    for now in (*failures, last):
        backoff.failed(now)
        assert 0 <= backoff.wait(now) <= min(longest, first * 2 ** len(failures)) + 1e-5


def test_one_more_may_be_under_way_after_each_answer_in_good_time_and_one_alone_after_a_late_one() -> None:
    offering, widths = Offering(10.0, 60.0, most=3), []
    for number in range(4):
        offering.say(number, 0.0)
        assert offering.answered(number, 1.0) == 1.0
        widths.append(offering.width)
    offering.say(9, 10.0)
    offering.say(9, 20.0)
    assert (widths, offering.width) == ([2, 3, 3, 3], 1)
    assert offering.answered(9, 25.0) == 15.0
    assert (offering.width, offering.answered(9, 26.0)) == (1, None)


def test_who_took_long_to_answer_is_waited_for_twice_as_long() -> None:
    offering = Offering(10.0, 60.0, most=3)
    for number, took, wait in ((1, 12.0, 24.0), (2, 100.0, 60.0), (3, 1.0, 10.0)):
        offering.say(number, 0.0)
        offering.answered(number, took)
        offering.say(number + 10, 0.0)
        assert [offering.due(number + 10, at) for at in (wait - 0.1, wait)] == [False, True]


def test_what_is_forgotten_is_due() -> None:
    offering = Offering(10.0, 60.0, most=3)
    offering.say(1, 0.0)
    offering.say(2, 0.0)
    offering.forget(since=2)
    assert [offering.due(number, 0.0) for number in (1, 2)] == [False, True]


@given(st.integers(1, 50), st.floats(0.1, 1e4), st.lists(st.floats(0, 1e5), max_size=200))
def test_a_rate_limit_lets_a_burst_through_and_one_more_each_interval(
    burst: int, interval: float, gaps: list[float]
) -> None:
    limit, now, taken = RateLimit(burst, interval), 1e3, list[float]()
    for gap in gaps:
        now += gap
        exhausted = limit.is_exhausted(now)
        assert limit.take(now) is not exhausted
        if not exhausted:
            taken.append(now)
    for first, began in enumerate(taken):
        for last in range(first, len(taken)):
            assert last - first + 1 <= burst + (taken[last] - began) / interval + 1e-5


def test_a_rate_limit_that_rests_lets_a_whole_burst_through_again_and_no_more() -> None:
    limit = RateLimit(3, 10.0)
    assert [limit.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [limit.take(10.0) for _ in range(2)] == [True, False]
    assert [limit.take(1e6) for _ in range(4)] == [True, True, True, False]


@given(st.integers(1, 200), st.floats(0.1, 1e4), st.floats(0, 1e6))
def test_a_rate_limit_lets_the_whole_of_its_burst_through_at_whatever_time(
    burst: int, interval: float, now: float
) -> None:
    limit = RateLimit(burst, interval)
    assert [limit.take(now) for _ in range(burst + 1)] == [True] * burst + [False]
