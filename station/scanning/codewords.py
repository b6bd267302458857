"""Which modules of a QR symbol carry which codeword, and how far a sampling may stray from a codeword known to be one.

A Reed-Solomon block with c check words has distance c + 1: a sampling with f codewords erased and e others wrong lies
nearer to its own codeword than to any other as long as 2e + f <= c. A decoder of errors and erasures would find that
codeword; here it is already known, so looking whether it is that near is enough, and just as safe: another code of the
same size differs in c + 1 codewords of some block, whatever the texts share.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from segno import consts

from station.scanning.arrays import Field
from station.scanning.look import Reading, extra_of, modules_of
from station.scanning.modules import Modules, alignment_pairs

_TO_SPARE: Final = 1
"""Codewords of distance kept unused in every block, beyond what theory asks."""
_HIDDEN: Final = -1.0
_FORMAT_WRONG: Final = 3
"""Of the 15 modules that tell level and mask, so many may be wrong."""
_FORMAT_LEVELS: Final = {"L": 1, "M": 0, "Q": 3, "H": 2}
_LEVELS: Final = {
    "L": consts.ERROR_LEVEL_L,
    "M": consts.ERROR_LEVEL_M,
    "Q": consts.ERROR_LEVEL_Q,
    "H": consts.ERROR_LEVEL_H,
}

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """One Reed-Solomon block: its codewords in the order they are placed, and how many of them are check words."""

    codewords: Indices
    checks: int


@dataclass(frozen=True, slots=True)
class Known:
    """A code that was read: its modules, right but for ``wrong`` codewords in the worst block."""

    dark: Modules
    blocks: tuple[Block, ...]
    wrong: int
    worn: Modules
    """Codewords that were wrong on the print when it was read (a logo, dirt): the first to be erased."""

    def is_in(self, ink: Field, visible: Modules) -> bool:
        """True where the sampling ``ink`` (below 0 is dark) of the modules ``visible`` decodes to this code."""
        places = _flat_places(len(self.dark))
        right = ((ink < 0) == self.dark).take(places).all(axis=0)
        sure = np.where(visible, np.abs(ink), _HIDDEN).take(places).min(axis=0)
        sure[self.worn & (sure >= 0)] = 0.0
        return all(self._decodes(block, sure, right) for block in self.blocks)

    def _decodes(self, block: Block, sure: Field, right: Modules) -> bool:
        """As Forney's generalised minimum distance has it: erase the least sure codewords, some or many."""
        most = block.checks - _TO_SPARE - 2 * self.wrong
        sure, wrong = sure[block.codewords], ~right[block.codewords]
        hidden = int(np.count_nonzero(sure < 0))
        if hidden > most:
            return False
        surest_first = np.argsort(sure, kind="stable")[::-1]
        errors = np.cumsum(wrong[surest_first])[::-1]  # what is left of them by how many are erased
        used = 2 * errors + np.arange(len(errors))
        return int(used[hidden:].min()) <= most


def known(code: Reading) -> Known | None:
    """What is known of a code read by zxing-cpp; None where it does not tell enough (Model 1, a mirrored print)."""
    if code.barcode is None or code.barcode.format == zxingcpp.BarcodeFormat.QRCodeModel1 or code.level not in _LEVELS:
        return None
    mask = int(extra_of(code.barcode)["DataMask"])
    sampled, blocks = modules_of(code.barcode), blocks_of(code.version, code.level)
    if len(sampled) != 17 + 4 * code.version or not _upright(sampled, code.level, mask):
        return None
    places = module_places(len(sampled))
    drawn = None if code.spare == 1.0 else _drawn(code, mask)
    if drawn is not None:
        worn = (drawn != sampled)[places].any(axis=1)
        if all(2 * worn[block.codewords].sum() <= block.checks for block in blocks):
            return Known(drawn, blocks, 0, worn)
    wrong = max(round((1 - code.spare) * block.checks / 2 + 0.49) for block in blocks)
    return Known(sampled, blocks, wrong, np.zeros(len(places[0]), bool))


def _drawn(code: Reading, mask: int) -> Modules | None:
    """The code as zxing-cpp's writer draws it; None where it cannot: bytes it would encode in another way."""
    if not code.text.isascii():
        return None
    try:
        drawn = zxingcpp.create_barcode(
            code.text,
            zxingcpp.BarcodeFormat.QRCodeModel2,
            ec_level=code.level,
            version=code.version,
            data_mask=mask,
        )
    except ValueError:
        return None
    return modules_of(drawn)


def _upright(dark: Modules, level: str, mask: int) -> bool:
    """False for a mirrored print, whose codewords lie elsewhere."""
    word = _FORMAT_LEVELS[level] << 3 | mask
    rest = word << 10
    for place in range(14, 9, -1):
        if rest >> place & 1:
            rest ^= 0b10100110111 << (place - 10)
    bits = (word << 10 | rest) ^ 0b101010000010010
    expected = np.array([bits >> place & 1 for place in range(14, -1, -1)], bool)
    around = np.concatenate([dark[8, [0, 1, 2, 3, 4, 5, 7, 8]], dark[[7, 5, 4, 3, 2, 1, 0], 8]])
    return int((expected != around).sum()) <= _FORMAT_WRONG


@cache
def module_places(side: int) -> tuple[Indices, Indices]:
    """Rows and columns of the 8 modules of every codeword, two arrays (codewords, 8)."""
    free = ~_function_modules(side)
    rows, columns = [], []
    upwards = True
    for right in [*range(side - 1, 6, -2), *range(5, 0, -2)]:
        for y in range(side - 1, -1, -1) if upwards else range(side):
            for x in (right, right - 1):
                if free[y, x]:
                    rows.append(y)
                    columns.append(x)
        upwards = not upwards
    count = len(rows) // 8
    return np.array(rows[: count * 8]).reshape(count, 8), np.array(columns[: count * 8]).reshape(count, 8)


@cache
def _flat_places(side: int) -> Indices:
    """The same in the symbol written as one row, (8, codewords): gathering along it takes half the time."""
    rows, columns = module_places(side)
    return np.ascontiguousarray((rows * side + columns).T)


def _function_modules(side: int) -> Modules:
    """True where the symbol carries patterns and its own description instead of data."""
    taken = np.zeros((side, side), bool)
    taken[:9, :9] = taken[:9, -8:] = taken[-8:, :9] = True
    taken[6, :] = taken[:, 6] = True
    for y, x in alignment_pairs(side):
        taken[y - 2 : y + 3, x - 2 : x + 3] = True
    if side >= 45:
        taken[:6, -11:] = taken[-11:, :6] = True
    return taken


@cache
def blocks_of(version: int, level: str) -> tuple[Block, ...]:
    """The symbol's blocks: data codewords are dealt in turns, then check words."""
    table: Any = consts.ECC
    groups = table[version][_LEVELS[level]]
    sizes = [(one.num_data, one.num_total - one.num_data) for one in groups for _ in range(one.num_blocks)]
    members: list[list[int]] = [[] for _ in sizes]
    turns = [(part, turn, block) for part in (0, 1) for block, size in enumerate(sizes) for turn in range(size[part])]
    for place, (_, _, block) in enumerate(sorted(turns)):
        members[block].append(place)
    return tuple(Block(np.array(places), checks) for places, (_, checks) in zip(members, sizes, strict=True))
