"""A long list a page at a time. A cursor says after which item the next page begins, so that whatever comes or goes
meanwhile, nothing that stays is told twice or left out."""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from web_ui.district.parameters import BadParameter

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


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST:
        raise BadPage("limit", f"limit={text[:20]!r} is no number from 1 to {MOST}")
    return int(text)


def _sealed(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _opened(cursor: str) -> str:
    try:
        return base64.b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}", altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise BadPage("cursor", "cursor is none of this list; give the next of the page before") from None
