"""A question from any thread to the one thread that may answer it, by way of that thread's inbox."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class NotTaken(Exception):
    """The question was not taken up in time, or there was no room for it. Nothing was done, and nothing will be."""


class Asked(Generic[Q, A]):
    """A question as it lies in the inbox."""

    def __init__(self, question: Q) -> None:
        self._question = question
        self._answer: Future[A] = Future()

    def answer(self, work: Callable[[Q], A], refusing: type[Exception]) -> None:
        """Do the work, on the thread that was asked; not where whoever asked has given up.

        :param refusing: what the work raises to say no; whoever asked gets it. Anything else is the thread's failure:
            it goes on to the thread, and whoever asked hears of it, because nobody would answer them any more.
        """
        if not self._answer.set_running_or_notify_cancel():
            return
        try:
            answer = work(self._question)
        except refusing as refused:
            self._answer.set_exception(refused)
        except BaseException as failure:
            self._answer.set_exception(failure)
            raise
        else:
            self._answer.set_result(answer)

    def wait(self, within: float) -> A:
        """The answer; what was taken up in time is waited for to its end.

        :raises NotTaken: it was not taken up within so many seconds.
        """
        try:
            return self._answer.result(within)
        except TimeoutError:
            if self._answer.cancel():
                raise NotTaken from None
            return self._answer.result()


def ask(inbox: "queue.Queue[Any]", asked: Asked[Q, A], within: float) -> A:
    """Put a question into an inbox and wait for its answer. :raises NotTaken: nobody took it up."""
    try:
        inbox.put_nowait(asked)
    except queue.Full:
        raise NotTaken from None
    return asked.wait(within)
