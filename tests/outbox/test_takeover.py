"""What a station makes of connections that the broker ends because another client takes its name."""

from random import Random

import pytest

from station.outbox.takeover import (
    FIRST_DELAY_S,
    MAX_DELAY_S,
    MAX_SHORT_CONNECTIONS,
    SHORT_CONNECTION_S,
    SHOWN_PERIOD_S,
    End,
    Takeovers,
)


class _Latest(Random):
    """Always draws the longest delay there can be."""

    def random(self) -> float:
        return 1.0


def test_a_takeover_that_the_broker_names_is_recognised_at_once() -> None:
    takeovers = Takeovers()
    takeovers.note_end(End.TAKEN_OVER, 7200.0, 100.0)
    assert takeovers.recognised(100.0)


def test_delays_after_takeovers_grow_far_beyond_a_second_with_full_jitter() -> None:
    takeovers, waits, now = Takeovers(_Latest()), [], 0.0
    for _ in range(9):
        takeovers.note_end(End.TAKEN_OVER, 1.0, now)
        waits.append(takeovers.wait(now))
    assert waits == [10, 20, 40, 80, 160, 320, 600, 600, 600]
    drawn = []
    for seed in range(200):
        takeovers = Takeovers(Random(seed))
        takeovers.note_end(End.TAKEN_OVER, 1.0, 0.0)
        drawn.append(takeovers.wait(0.0))
    assert min(drawn) < FIRST_DELAY_S / 4 < 3 * FIRST_DELAY_S / 4 < max(drawn) <= FIRST_DELAY_S < MAX_DELAY_S


def test_hang_ups_soon_after_connecting_again_and_again_are_a_takeover() -> None:
    takeovers = Takeovers()
    for count in range(1, MAX_SHORT_CONNECTIONS + 1):
        assert not takeovers.recognised(count)
        takeovers.note_end(End.HUNG_UP, 2.0, count)
    assert takeovers.recognised(MAX_SHORT_CONNECTIONS)
    assert takeovers.wait(MAX_SHORT_CONNECTIONS) > 0


@pytest.mark.parametrize(
    "ends",
    [
        [(End.HUNG_UP, SHORT_CONNECTION_S + 1)] * 9,  # a broker that is restarted now and then
        [(End.OTHER, 2.0)] * 9,  # a line that goes silent: the keep-alive finds it
        [(End.HUNG_UP, None)] * 9,  # a broker that lets nobody in
        [(End.HUNG_UP, 2.0), (End.HUNG_UP, 2.0), (End.OTHER, 2.0)] * 3,
    ],
)
def test_a_bad_line_or_a_restarted_broker_is_no_takeover(ends: list[tuple[End, float | None]]) -> None:
    takeovers = Takeovers()
    for now, (end, up_for) in enumerate(ends):
        takeovers.note_end(end, up_for, now)
    assert not takeovers.recognised(len(ends))
    assert takeovers.wait(len(ends)) == 0


def test_it_is_told_for_a_while_and_not_for_ever() -> None:
    takeovers = Takeovers(_Latest())
    for _ in range(8):
        takeovers.note_end(End.TAKEN_OVER, 1.0, 0.0)
    assert takeovers.recognised(SHOWN_PERIOD_S - 1)
    assert not takeovers.recognised(SHOWN_PERIOD_S)
    takeovers.note_end(End.TAKEN_OVER, 1.0, SHOWN_PERIOD_S)
    assert takeovers.wait(SHOWN_PERIOD_S) == FIRST_DELAY_S


def test_the_hubs_word_is_believed_and_then_a_hang_up_is_a_takeover() -> None:
    takeovers = Takeovers()
    takeovers.note_shared(0.0)
    assert takeovers.recognised(0.0)
    assert takeovers.wait(0.0) == 0
    takeovers.note_end(End.HUNG_UP, 90.0, 90.0)
    assert takeovers.wait(90.0) > 0
