"""Boards (扫码牌): what drivers and passengers scan with a phone to declare."""

import re
from dataclasses import dataclass
from enum import StrEnum

FIRST_SERIAL = 1000
LAST_SERIAL = 9_999_999
_NUMBER = re.compile(r"[1-9][0-9]{4,7}")
# H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004: his table for ten digits.
_DAMM = (
    *("0317598642", "7092154863", "4206871359", "1750983426", "6123045978"),
    *("3674209581", "5869720134", "8945362017", "9438617205", "2581436790"),
)


class BoardKind(StrEnum):
    """Where a board hangs: beside the road before a checkpoint, or inside a bus."""

    ROAD = "road"
    BUS = "bus"


_FOLDERS = {BoardKind.ROAD: "b", BoardKind.BUS: "v"}


@dataclass(frozen=True, slots=True)
class Board:
    """``number`` is unique in the district, over both kinds. A road's board has a station and may have a lane and a
    position; a bus's has a plate and its seats."""

    number: str
    kind: BoardKind
    station: str = ""
    lane: str = ""
    position: str = ""
    plate: str = ""
    seats: int = 0

    @property
    def path(self) -> str:
        """What follows the drivers' page's address in the board's code."""
        return f"{_FOLDERS[self.kind]}/{self.number}"


def board_number(serial: int) -> str:
    """The serial's digits and a check digit, which no single wrong digit and no swap of neighbours gets past: a driver
    whose camera fails types it. Digits alone, because O and 0, or I and 1, look alike.

    :raises ValueError: a serial that is not within ``FIRST_SERIAL`` and ``LAST_SERIAL``.
    """
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        raise ValueError(f"{serial} is not within {FIRST_SERIAL} and {LAST_SERIAL}")
    return f"{serial}{_checked(str(serial))}"


def is_board_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and _checked(text) == "0"


def _checked(digits: str) -> str:
    """The check digit of the digits; 0 if they end with their own."""
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim
