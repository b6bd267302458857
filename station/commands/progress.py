"""How far a long command has come."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(items: Sequence[T], doing: str) -> Iterable[T]:
    """The items one by one, with a bar on stderr if that is a terminal; a log or a pipe gets none."""
    bar: Iterable[T] = tqdm(items, desc=doing, unit="", disable=None, dynamic_ncols=True)
    return bar
