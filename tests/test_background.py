"""A call that cannot be interrupted, and whoever polls for what it returns."""

import threading

import pytest
from waiting import until

from station.background import BackgroundCall, CallOverdue


def test_a_call_that_returns_in_time_gives_its_result() -> None:
    assert BackgroundCall[int]("call").run(lambda: 7, 10) == 7


def test_a_call_that_fails_fails_for_whoever_takes_its_result() -> None:
    def fail() -> int:
        raise OSError("Temporary failure in name resolution")

    call = BackgroundCall[int]("call")
    with pytest.raises(OSError, match="Temporary failure"):
        call.run(fail, 10)
    assert call.run(lambda: 7, 10) == 7


def test_while_one_has_not_returned_no_other_begins_and_its_late_result_is_freed() -> None:
    freed: list[int] = []
    release = threading.Event()
    call = BackgroundCall[int]("call", freed.append)
    before = threading.active_count()
    with pytest.raises(CallOverdue):
        call.run(lambda: release.wait(60) and 7, 0.01)
    for _ in range(20):
        with pytest.raises(CallOverdue):
            call.run(lambda: 8, 0.01)
    assert threading.active_count() == before + 1
    release.set()
    until(lambda: freed == [7])
    assert call.run(lambda: 9, 10) == 9


def test_a_result_that_is_polled_for_comes_once_it_is_there() -> None:
    release = threading.Event()
    call = BackgroundCall[int]("call")
    call.start(lambda: release.wait(60) and 7)
    assert (call.done(), call.pending, call.running) == (False, True, True)
    release.set()
    assert call.done(10)
    assert (call.result(), call.pending, call.running) == (7, False, False)


@pytest.mark.parametrize("returned", [True, False])
def test_closing_frees_the_result_whether_it_is_there_or_still_to_come(returned: bool) -> None:
    freed: list[int] = []
    release = threading.Event()
    call = BackgroundCall[int]("call", freed.append)
    call.start(lambda: release.wait(60) and 7)
    if returned:
        release.set()
        assert call.done(10)
    call.close()
    release.set()
    until(lambda: freed == [7])
