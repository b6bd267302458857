"""Is a code one of several symbols that hold a message together (structured append, ISO/IEC 18004 section 8)?

zxing-cpp reads such symbols and does not tell. Their bit stream begins with a header before the first segment: mode
0011, four bits for the place in the sequence, four for the number of symbols less one, eight for the parity. It is read
here off the modules. These are as they were on the print, so that some may be wrong; the header counts only where the
segment behind it is the one that the decoder found.
"""

from typing import Final

import numpy as np
import zxingcpp

from station.domain.scan import MessagePart
from station.scanning.codewords import Indices, blocks_of, module_places
from station.scanning.look import Reading, extra_of, modules_of
from station.scanning.modules import Modules

_STRUCTURED_APPEND: Final = 0b0011
_ECI: Final = 0b0111
_NUMERIC, _ALPHANUMERIC, _BYTES = 0b0001, 0b0010, 0b0100
_COUNT_BITS: Final = {_NUMERIC: (10, 12, 14), _ALPHANUMERIC: (9, 11, 13), _BYTES: (8, 16, 16)}
"""Of the character count, for versions up to 9, 26 and 40."""
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_HEADER_BYTES: Final = 12
"""Enough for the header, an ECI, a count and the first characters."""


def message_part(code: Reading) -> MessagePart | None:
    """The place of a code in its message; None for a message in one symbol, or where the reader does not tell."""
    if code.barcode is None or code.barcode.format == zxingcpp.BarcodeFormat.QRCodeModel1 or not code.payload:
        return None
    modules = modules_of(code.barcode)
    if len(modules) != 17 + 4 * code.version:
        return None
    bits = _Bits(_first_codewords(modules, int(extra_of(code.barcode)["DataMask"]), code))
    if bits.take(4) != _STRUCTURED_APPEND:
        return None
    number, total, parity = bits.take(4) + 1, bits.take(4) + 1, bits.take(8)
    if not (total >= 2 and number <= total and _is_segment(bits, code)):
        return None
    return MessagePart(number, total, parity)


def _is_segment(bits: "_Bits", code: Reading) -> bool:
    """Whether what comes next is the beginning of the text that was decoded."""
    mode = bits.take(4)
    if mode == _ECI:
        bits.take(8)
        mode = bits.take(4)
    if mode not in _COUNT_BITS:
        return False
    count = bits.take(_COUNT_BITS[mode][(code.version > 9) + (code.version > 26)])
    if not 0 < count <= len(code.payload):
        return False
    if mode == _BYTES:
        return bits.take(8) == code.payload[0]
    if mode == _NUMERIC:
        digits = code.payload[: min(count, 3)]
        return digits.isdigit() and bits.take((0, 4, 7, 10)[len(digits)]) == int(digits)
    values = [_ALPHABET.find(chr(byte)) for byte in code.payload[: min(count, 2)]]
    expected = values[0] if len(values) == 1 else 45 * values[0] + values[1]
    return min(values) >= 0 and bits.take(6 if len(values) == 1 else 11) == expected


def _first_codewords(modules: Modules, mask: int, code: Reading) -> bytes:
    """The first data codewords in the order of the message: those of the first block, which lie ``blocks`` apart."""
    rows, columns = module_places(len(modules))
    step = len(blocks_of(code.version, code.level))
    chosen = slice(0, _HEADER_BYTES * step, step)
    y, x = rows[chosen], columns[chosen]
    dark = modules[y, x] ^ _masked(mask, y, x)
    return np.packbits(dark, axis=1).tobytes()


def _masked(mask: int, y: Indices, x: Indices) -> Modules:
    """Data masks (ISO/IEC 18004, table 10)."""
    conditions = (
        (y + x) % 2,
        y % 2,
        x % 3,
        (y + x) % 3,
        (y // 2 + x // 3) % 2,
        y * x % 2 + y * x % 3,
        (y * x % 2 + y * x % 3) % 2,
        ((y + x) % 2 + y * x % 3) % 2,
    )
    return np.asarray(conditions[mask] == 0)


class _Bits:
    def __init__(self, data: bytes) -> None:
        self._value, self._left = int.from_bytes(data), 8 * len(data)

    def take(self, count: int) -> int:
        """The next bits as a number; zeros behind the end."""
        self._left -= count
        return (self._value >> self._left if self._left >= 0 else 0) & ((1 << count) - 1)
