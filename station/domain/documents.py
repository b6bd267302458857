"""Numbers that name a person: whether one can be right, and how it is shown once it is written.

A citizen's identity number is that of GB 11643-1999: six digits of a region, the date of birth, three of a sequence and
a check digit by ISO 7064 MOD 11-2, of which the last may be an X.
"""

import re
import unicodedata
from datetime import date

_FORM = re.compile(r"[1-9]\d{16}[\dX]")
_SEPARATORS = re.compile(r"[\s\-()]+")
_PHONE = re.compile(r"\+?\d{7,15}")
_BASE = 11
_CHECK = "10X98765432"
"""The check digit by the remainder of the weighted sum."""
_HIDDEN = "*"
_SHOWN_BEFORE, _SHOWN_BEHIND = 3, 2


class NoIdNumber(ValueError):
    """What was typed cannot be an identity number."""


class NoPhone(ValueError):
    """What was typed cannot be a phone number."""


def read_id_number(typed: str) -> str:
    """An identity number in capitals, without spaces.

    :raises NoIdNumber: it has not 18 places, its date is none, or its check digit is wrong.
    """
    text = _tidied(typed).upper()
    if not _FORM.fullmatch(text) or not _is_date(text[6:14]) or _CHECK[_weighted(text[:17])] != text[17]:
        raise NoIdNumber
    return text


def read_phone(typed: str) -> str:
    """A phone number without spaces. :raises NoPhone: it is no number of 7 to 15 digits."""
    text = _tidied(typed)
    if not _PHONE.fullmatch(text):
        raise NoPhone
    return text


def masked(number: str, before: int = _SHOWN_BEFORE) -> str:
    """Enough to tell whether it is the one just typed, too little to be of use to whoever looks over a shoulder.

    :param before: how many characters at the front are shown.
    """
    hidden = len(number) - before - _SHOWN_BEHIND
    return number[:before] + _HIDDEN * hidden + number[-_SHOWN_BEHIND:] if hidden > 0 else _HIDDEN * len(number)


def _tidied(typed: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))


def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def _weighted(digits: str) -> int:
    return sum(int(digit) * pow(2, 17 - place, _BASE) for place, digit in enumerate(digits)) % _BASE
