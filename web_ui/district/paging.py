"""A long list a page at a time. A cursor says after which item the next page begins, so that whatever comes or goes
meanwhile, nothing that stays is told twice or left out."""

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from web_ui.district.parameters import BadParameter
from web_ui.request_values import read_whole

T = TypeVar("T")
Place = tuple[str, ...]

MOST = 1000
TAKES = ("cursor", "limit")


class BadPage(BadParameter):
    """``limit`` or ``cursor`` says nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """``next`` is the cursor of the following page; None on the last."""

    keys: Sequence[str]
    next: str | None


def page(given: Mapping[str, str], keys: Sequence[str], limit: int | None) -> Page:
    """The page that a request asks for, of keys in their order. :param limit: where none is given; None is all of them.

    :raises BadPage: a parameter is wrong.
    """
    most = _limit(given["limit"]) if "limit" in given else limit
    begin = 0
    if "cursor" in given:
        begin, most = bisect_right(keys, _opened(given["cursor"])), most or MOST
    shown = keys[begin : None if most is None else begin + most]
    more = begin + len(shown) < len(keys)
    return Page(shown, _sealed(shown[-1]) if shown and more else None)


def stretch(given: Mapping[str, str], limit: int, parts: int) -> tuple[Place, int]:
    """Of a list that the hub itself reads a stretch at a time: after which place, empty at the beginning, and how many.

    :param parts: how many texts make a place. :raises BadPage: a parameter is wrong.
    """
    most = _limit(given["limit"]) if "limit" in given else limit
    if "cursor" not in given:
        return (), most
    try:
        place = json.loads(_opened(given["cursor"]))
    except (ValueError, RecursionError) as error:
        raise _no_cursor() from error
    if not isinstance(place, list) or len(place) != parts or not all(map(_is_word, place)):
        raise _no_cursor()
    return tuple(place), most


def told(rows: Sequence[T], most: int, place_of: Callable[[T], Place]) -> tuple[Sequence[T], str | None]:
    """What is shown of rows that were asked for with one more than is shown, and the following page's cursor."""
    shown = rows[:most]
    return shown, _sealed(json.dumps(place_of(shown[-1]))) if len(rows) > most else None


def _is_word(part: object) -> bool:
    """Nothing that a database's text cannot hold."""
    return isinstance(part, str) and part.isprintable()


def _limit(text: str) -> int:
    limit = read_whole(text, 1, MOST)
    if limit is None:
        raise BadPage("limit", f"limit={text[:20]!r} is no number from 1 to {MOST}")
    return limit


def _sealed(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _opened(cursor: str) -> str:
    try:
        return base64.b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}", altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise _no_cursor() from None


def _no_cursor() -> BadPage:
    return BadPage("cursor", "cursor is none of this list; give the next of the page before")
