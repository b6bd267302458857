"""Which single readings may be chance, so that another must agree before they count.

A Reed-Solomon decoder that may repair e of n codewords with c check words accepts noise
with probability C(n, e) * 255^e / 256^c. With all repair used up that is
V1-L 7e-7, V1-M 6e-8, V2-L 1e-6 a try; every other size stays below 7e-11, and the three
themselves do with one repair left (3e-10, 6e-11, 4e-10). zxing-cpp tries dozens of places a frame,
so only these three, fully used, are doubted.
"""

from typing import Final

from station.scanning.look import Reading

_FEW_CHECK_WORDS: Final = frozenset({(1, "L"), (1, "M"), (2, "L")})
_CONFIRM_S: Final = 1.0
"""A doubtful reading is confirmed by the same bytes within this time."""
_USED_UP: Final = 0.15
"""zxing-cpp's UEC is 1 - 2e/c: 0.14 for V1-L with 3 of 3 repairs used, 0 for the others."""
_ZBAR_LONG: Final = 32
"""Payload bytes beyond which a code is larger than V2-L; zbar tells no version."""


def doubtful(code: Reading) -> bool:
    """True where a second, independent reading of the same bytes must confirm `code`."""
    if not code.payload:
        return True
    if code.version == 0:
        return len(code.payload) <= _ZBAR_LONG
    return (code.version, code.level) in _FEW_CHECK_WORDS and code.spare < _USED_UP


class Doubts:
    """Remembers single readings over the frames of one camera, so that another can confirm them."""

    def __init__(self) -> None:
        self._read_s: dict[bytes, float] = {}

    def trusted(self, code: Reading, now_s: float) -> bool:
        """True for a sure reading, or a doubtful one whose bytes were read just before, `now_s` in seconds."""
        again = now_s - self._read_s.get(code.payload, float("-inf")) <= _CONFIRM_S
        if not again:
            self._read_s = {payload: at for payload, at in self._read_s.items() if now_s - at <= _CONFIRM_S}
        self._read_s[code.payload] = now_s
        return again or not doubtful(code)
