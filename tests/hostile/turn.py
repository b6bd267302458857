"""A kind of hostile input."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Turn(Protocol):
    name: str

    def missing(self) -> str:
        """Why it cannot be played on this machine; empty where it can."""

    def play(self, seed: int, seconds: float) -> Counter[str]:
        """For so long, and what it began is over at the end. :return: how many of what was sent."""


def paced(values: Iterable[T], a_second: float, seconds: float) -> Iterator[T]:
    """So many a second at the most, and for so long."""
    began = time.monotonic()
    for number, value in enumerate(values):
        ahead = began + number / a_second - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        if time.monotonic() - began >= seconds:
            return
        yield value
