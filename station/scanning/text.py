"""The text of a QR payload: bytes first, then the charset.

Order, most certain evidence first:

1. The code names its charset (ECI): that one. zxing-cpp 3.1.1 tells only through
   `TextMode.HexECI`; `Barcode.symbology_identifier` says `]Q1` either way.
2. The bytes are valid UTF-8 (ASCII is): UTF-8.
3. Valid in GB18030 or Shift-JIS only: that one.
4. Valid in both: the one in which a greater share is everyday characters; a draw goes
   to GB18030, unless it has none and every high byte is a lone Latin-1 letter.
5. Valid in neither: Latin-1, which keeps every byte.

Half-width katakana and GB2312 share the bytes A1..DF, so half-width kana count only
with evidence (`_half_width_is_japanese`). Figures: docs/reading.md.
"""

import re
from functools import lru_cache
from typing import Final

_CHARSET_OF_ECI: Final = {
    0: "cp437", 1: "latin-1", 2: "cp437", 3: "latin-1",
    **{number: f"iso8859-{number - 2}" for number in (*range(4, 14), *range(15, 19))},
    20: "cp932", 21: "cp1250", 22: "cp1251", 23: "cp1252", 24: "cp1256", 25: "utf-16-be",
    26: "utf-8", 27: "ascii", 28: "big5", 29: "gb18030", 30: "cp949", 31: "gb18030",
    32: "gb18030", 33: "utf-16-le", 34: "utf-32-be", 35: "utf-32-le", 170: "ascii",
}  # fmt: skip
"""AIM ECI numbers to Python codecs; 29 is GB2312 and 31 GBK, both subsets of GB18030."""

_WITH_ECI: Final = (b"]Q2", b"]Q4", b"]Q6")
_ECI_BLOCK: Final = re.compile(rb"\\(\d{6})((?:[^\\]|\\\\)*)", re.DOTALL)
_VOICING_MARKS: Final = frozenset("\uff9e\uff9f")
_VOICEABLE: Final = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
_LONE_LATIN_LETTERS: Final = re.compile(rb"(?:[\x00-\x7f]|[\xc0-\xd6\xd8-\xf6\xf8-\xff](?![\x80-\xff]))*")


@lru_cache(maxsize=64)
def payload_text(payload: bytes, hex_eci: str = "") -> str:
    """Text of `payload`; `hex_eci` is zxing-cpp's text in mode HexECI, empty from zbar."""
    declared = _declared_text(bytes.fromhex(hex_eci))
    if declared is not None:
        return declared
    utf8 = _decoded(payload, "utf-8")
    if utf8 is not None:
        return utf8
    return _legacy_text(payload)


def _declared_text(stream: bytes) -> str | None:
    """Text of a HexECI stream that names every charset it uses; None where it does not."""
    if not stream.startswith(_WITH_ECI):
        return None
    blocks = [(int(number), body) for number, body in _ECI_BLOCK.findall(stream[3:])]
    texts = []
    for number, body in blocks:
        text = _decoded(body.replace(b"\\\\", b"\\"), _CHARSET_OF_ECI.get(number, ""))
        if text is None:
            return None
        texts.append(text)
    return "".join(texts)


def _decoded(payload: bytes, charset: str) -> str | None:
    """Text of `payload`, or None where it is not valid in `charset` or there is none."""
    if not charset:
        return None
    try:
        return payload.decode(charset)
    except UnicodeDecodeError:
        return None


def _legacy_text(payload: bytes) -> str:
    """Text of a payload that names no charset and is not UTF-8."""
    readings = [
        (_everyday_chinese, _decoded(payload, "gb18030")),
        (_everyday_japanese, _decoded(payload, "cp932")),
    ]
    valid = [(share(text), text) for share, text in readings if text is not None]
    if not valid:
        return payload.decode("latin-1")
    best_share, best = max(valid, key=lambda scored: scored[0])  # first wins a draw
    if best_share == 0.0 and _LONE_LATIN_LETTERS.fullmatch(payload):
        return payload.decode("latin-1")
    return best


def _share(everyday: int, text: str) -> float:
    """`everyday` as a share of the characters beyond ASCII, 0..1."""
    return everyday / max(1, sum(character > "\x7f" for character in text))


def _everyday_chinese(text: str) -> float:
    """Share of GB2312's symbols and its 3755 frequent hanzi (rows 1-9 and 16-55)."""
    return _share(sum(_in_rows(character, "gb2312", 0xD7) for character in text), text)


def _everyday_japanese(text: str) -> float:
    """Share of JIS symbols, full-width kana, level 1 kanji and proven half-width kana.

    2.0 where all of it is everyday and half-width kana are proven: that proof is rarer
    in Chinese than Chinese's own 1.0 is in Japanese.
    """
    proven = _half_width_is_japanese(text)
    half = sum("\uff61" <= character <= "\uff9f" for character in text) if proven else 0
    full = sum(_in_rows(character, "euc_jp", 0xCF) for character in text)
    share = _share(full + half, text)
    return 2.0 if half and share == 1.0 else share


def _in_rows(character: str, charset: str, last: int) -> bool:
    """True where `character` has two bytes in `charset`, the first in A1..`last`."""
    code = character.encode(charset, "ignore")
    return len(code) == 2 and 0xA1 <= code[0] <= last


def _half_width_is_japanese(text: str) -> bool:
    """No voicing mark out of place, and two of them or full-width kana beside."""
    marks = [before for before, mark in zip(" " + text, text, strict=False) if mark in _VOICING_MARKS]
    full_kana = any("\u3041" <= character <= "\u30fa" for character in text)
    return all(before in _VOICEABLE for before in marks) and (len(marks) >= 2 or full_kana)
