"""Work on many things at once, of which one may be too much for it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def do_by_halves(
    items: Sequence[T],
    work: Callable[[Sequence[T]], None],
    fail: Callable[[T, Exception], None],
    passing: type[Exception],
) -> None:
    """All at once; where that raises, in halves, so that only those fail that fail alone. In their order.

    :param fail: told of each that fails, and of what it raised.
    :param passing: what ``work`` raises for reasons of its own; it goes through.
    """
    waiting = [items]
    while waiting:
        some = waiting.pop()
        try:
            work(some)
        except passing:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is about the item, and told
            if len(some) == 1:
                fail(some[0], error)
            else:
                middle = len(some) // 2
                waiting += [some[middle:], some[:middle]]
