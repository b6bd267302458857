"""What a request brings, read within bounds: the one place where a text of a request becomes a number or a day.

Each reader answers None for what is no such value, and never raises: whoever asks says which value is wrong.
"""

import re
from datetime import date

_DIGITS = 19
_WHOLE = re.compile(rf"-?[0-9]{{1,{_DIGITS}}}")  # [0-9], not \d: int() takes digits of every script
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

YEARS = range(1971, 3000)
"""Far enough from the ends of the calendar that a time zone, a day or a week before or after can be counted on."""


def read_whole(text: str, least: int, most: int) -> int | None:
    """A whole number from ``least`` to ``most``, in ASCII digits."""
    if not _WHOLE.fullmatch(text):
        return None
    number = int(text)
    return number if least <= number <= most else None


def read_decimal(text: str, most: float) -> float | None:
    """A number above 0 and up to ``most``, in ASCII digits; never infinite and never no number."""
    if not _DECIMAL.fullmatch(text):
        return None
    number = float(text)
    return number if 0 < number <= most else None


def read_day(text: str) -> date | None:
    """A day written YYYY-MM-DD, of a year in ``YEARS``."""
    if not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None
