"""No wrong clock makes deletion run ahead of the true time, and a right clock lets it go on."""

from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st
from wrong_clocks import HOUR, Machine, stretches

from station.domain.retention import CONFIRM_S, MAX_STEP_S


@given(stretches, st.floats(0, 3 * CONFIRM_S))
@example([(0.9 * CONFIRM_S, timedelta(days=26_000), True, timedelta(0))] * 4, 0.0)  # again and again the year 2097
@example([(HOUR, timedelta(days=1), True, timedelta(0))] * 8, 0.0)  # a little ahead, each time anew
def test_no_sequence_of_wrong_clocks_deletes_what_a_right_clock_would_keep(
    wrong: list[tuple[float, timedelta, bool, timedelta]], first_s: float
) -> None:
    machine = Machine()
    machine.run(first_s)
    for seconds, error, trusted, off in wrong:
        if off:
            machine.off(off)
        began = machine.true
        for at, until in enumerate(machine.run(seconds, error, trusted=trusted), 1):
            assert until is None or until <= began + timedelta(seconds=min(at * MAX_STEP_S, seconds))
        until = machine.look()
        assert until is None or until <= machine.true


@given(stretches)
def test_after_whatever_wrong_clocks_a_right_one_deletes_again_within_two_days_of_running(
    wrong: list[tuple[float, timedelta, bool, timedelta]],
) -> None:
    machine = Machine()
    for seconds, error, trusted, off in wrong:
        machine.off(off)
        machine.run(seconds, error, trusted=trusted)
    until = machine.run(2 * CONFIRM_S + HOUR)[-1]
    assert until is not None
    assert machine.true - until < timedelta(seconds=1)


def test_on_the_first_day_of_running_nothing_is_deleted() -> None:
    assert not any(Machine().run(CONFIRM_S - HOUR))


def test_a_machine_that_runs_by_day_alone_deletes_with_a_day_or_two_of_delay() -> None:
    machine = Machine()
    for _ in range(10):
        until = machine.run(10 * HOUR)[-1]
        machine.off(timedelta(hours=14))
    assert until is not None
    assert machine.true - until < timedelta(days=4)


def test_a_clock_that_nobody_synchronises_deletes_nothing() -> None:
    machine = Machine()
    assert not any(machine.run(10 * CONFIRM_S, trusted=False))


def test_a_day_of_running_with_a_wrong_clock_that_was_put_right_does_no_lasting_harm() -> None:
    """Who is asked for ten years ahead for days by every source believes it; from the first right reading on, deletion
    goes by that."""
    machine = Machine()
    machine.run(2 * CONFIRM_S, timedelta(days=3650))
    assert machine.look() == machine.true
