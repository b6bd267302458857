"""The grammar of number plates (GA 36): what a keypad offers, and whether what was typed can be a plate."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
EMBASSY = "使"
ENDINGS = "挂学警港澳领使"
# I and O are left out on plates, because they look like 1 and 0.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "0123456789"
LONGEST = 8

_SEPARATORS = re.compile(r"[\s·•‧・.\-]+")
_TYPED_FOR = str.maketrans("IO", "10")


class PlateKind(StrEnum):
    ORDINARY = "ordinary"
    NEW_ENERGY = "new_energy"
    TRAILER = "trailer"
    LEARNER = "learner"
    POLICE = "police"
    HONG_KONG = "hong_kong"
    MACAO = "macao"
    CONSULATE = "consulate"
    EMBASSY = "embassy"


_SERIAL = LETTERS + DIGITS
_DRIVES = "ABCDEFGHJK"
"""What a new-energy plate's letter of the drive can be."""
_PLACE = (PROVINCES, LETTERS)

Form = tuple[str, ...]
"""The characters that may stand at each place."""

FORMS: Mapping[PlateKind, tuple[Form, ...]] = {
    PlateKind.ORDINARY: ((*_PLACE, *[_SERIAL] * 5),),
    # Small ones carry the letter of the drive in front, large ones at the end.
    PlateKind.NEW_ENERGY: ((*_PLACE, _DRIVES, _SERIAL, *[DIGITS] * 4), (*_PLACE, *[DIGITS] * 5, _DRIVES)),
    PlateKind.TRAILER: ((*_PLACE, *[_SERIAL] * 4, "挂"),),
    PlateKind.LEARNER: ((*_PLACE, *[_SERIAL] * 4, "学"),),
    PlateKind.POLICE: ((*_PLACE, *[_SERIAL] * 4, "警"),),
    PlateKind.HONG_KONG: (("粤", "Z", *[_SERIAL] * 4, "港"),),
    PlateKind.MACAO: (("粤", "Z", *[_SERIAL] * 4, "澳"),),
    PlateKind.CONSULATE: ((*_PLACE, *[_SERIAL] * 4, "领"),),
    # The earlier form begins with the character, the one of 2018 ends with it.
    PlateKind.EMBASSY: ((EMBASSY, *[DIGITS] * 6), (*[DIGITS] * 6, EMBASSY)),
}
ALPHABET = PROVINCES + ENDINGS + LETTERS + DIGITS
"""Every character that can stand on a plate."""


class NoPlate(ValueError):
    """What was typed cannot be a plate."""


@dataclass(frozen=True, slots=True)
class Plate:
    """``text`` is in capitals, without dot or spaces."""

    text: str
    kind: PlateKind


def read_plate(typed: str) -> Plate:
    """A plate as people type it: in small letters, full width, with a dot, with O for 0.

    :raises NoPlate: no plate has this form.
    """
    text = _tidied(typed)
    for kind, forms in FORMS.items():
        if any(_has_form(text, form) for form in forms):
            return Plate(text, kind)
    raise NoPlate(text)


def _has_form(text: str, form: Form) -> bool:
    return len(text) == len(form) and all(character in place for character, place in zip(text, form, strict=True))


def _tidied(typed: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_TYPED_FOR)
