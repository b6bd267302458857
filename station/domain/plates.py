"""The grammar of number plates (GA 36): what a keypad offers, and whether what was typed can be a plate."""

import re
import unicodedata
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


_PLACE, _AUTHORITY, _SERIAL = f"[{PROVINCES}]", f"[{LETTERS}]", f"[{LETTERS}{DIGITS}]"
_FORMS = {
    PlateKind.ORDINARY: f"{_PLACE}{_AUTHORITY}{_SERIAL}{{5}}",
    # Small ones carry the letter of the drive in front, large ones at the end.
    PlateKind.NEW_ENERGY: rf"{_PLACE}{_AUTHORITY}(?:[A-HJK]{_SERIAL}[0-9]{{4}}|[0-9]{{5}}[A-HJK])",
    PlateKind.TRAILER: f"{_PLACE}{_AUTHORITY}{_SERIAL}{{4}}挂",
    PlateKind.LEARNER: f"{_PLACE}{_AUTHORITY}{_SERIAL}{{4}}学",
    PlateKind.POLICE: f"{_PLACE}{_AUTHORITY}{_SERIAL}{{4}}警",
    PlateKind.HONG_KONG: f"粤Z{_SERIAL}{{4}}港",
    PlateKind.MACAO: f"粤Z{_SERIAL}{{4}}澳",
    PlateKind.CONSULATE: f"{_PLACE}{_AUTHORITY}{_SERIAL}{{4}}领",
    # The earlier form begins with the character, the one of 2018 ends with it.
    PlateKind.EMBASSY: "使[0-9]{6}|[0-9]{6}使",
}
_COMPILED = {kind: re.compile(form) for kind, form in _FORMS.items()}


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
    for kind, form in _COMPILED.items():
        if form.fullmatch(text):
            return Plate(text, kind)
    raise NoPlate(text)


def _tidied(typed: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_TYPED_FOR)
