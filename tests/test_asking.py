import queue
import threading

import pytest

from station.asking import Asked, NotTaken, ask


class No(Exception):
    """What the thread that is asked may say."""


def doubled(number: int) -> int:
    if number < 0:
        raise No(number)
    return 2 * number


def asked_of_a_thread(question: int) -> int:
    """The answer of a thread that takes up one question."""
    inbox: queue.Queue[Asked[int, int]] = queue.Queue(1)
    answering = threading.Thread(target=lambda: inbox.get(timeout=10).answer(doubled, No))
    answering.start()
    try:
        return ask(inbox, Asked(question), 10)
    finally:
        answering.join(10)


def test_whoever_asks_gets_the_answer_of_the_other_thread() -> None:
    assert asked_of_a_thread(21) == 42


def test_a_refusal_reaches_whoever_asked_and_harms_nobody_else() -> None:
    with pytest.raises(No):
        asked_of_a_thread(-1)


def test_what_is_no_refusal_is_the_failure_of_the_thread_that_was_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        Asked(0).answer(lambda number: 1 // number, No)


def test_a_full_inbox_takes_no_question() -> None:
    inbox: queue.Queue[int] = queue.Queue(1)
    inbox.put(1)
    with pytest.raises(NotTaken):
        ask(inbox, Asked(1), 10)
    assert inbox.get() == 1


def test_a_question_that_nobody_took_up_in_time_is_never_answered_later() -> None:
    inbox: queue.Queue[Asked[int, int]] = queue.Queue(1)
    worked: list[int] = []
    with pytest.raises(NotTaken):
        ask(inbox, Asked(1), 0)
    inbox.get().answer(lambda number: worked.append(number) or number, No)
    assert worked == []


def test_what_was_taken_up_in_time_is_waited_for_to_its_end() -> None:
    asked: Asked[int, int] = Asked(21)
    taken, out_of_patience = threading.Event(), threading.Event()

    def slowly(number: int) -> int:
        taken.set()
        assert out_of_patience.wait(10)
        return doubled(number)

    answering = threading.Thread(target=asked.answer, args=(slowly, No))
    answering.start()
    assert taken.wait(10)
    cancel = asked._answer.cancel

    def gives_up() -> bool:
        out_of_patience.set()
        return cancel()

    asked._answer.cancel = gives_up  # type: ignore[method-assign]
    assert asked.wait(0) == 42
    answering.join(10)


def test_whoever_asks_a_thread_that_fails_hears_of_it_and_does_not_wait_for_ever() -> None:
    inbox: queue.Queue[Asked[int, int]] = queue.Queue(1)
    failures: list[BaseException] = []

    def answering() -> None:
        try:
            inbox.get(timeout=10).answer(lambda _: 1 // 0, No)
        except ZeroDivisionError as failure:
            failures.append(failure)

    thread = threading.Thread(target=answering)
    thread.start()
    with pytest.raises(ZeroDivisionError):
        ask(inbox, Asked(1), 10)
    thread.join(10)
    assert len(failures) == 1
