"""Keyboard layouts that a scanner may be set to: which character each key types.

From xkeyboard-config 2.35, keys of Linux's input layer (linux/input-event-codes.h) in the order of ``KEYS``. Dead keys
stand as their spacing character. ``alt_gr`` has the ASCII characters behind AltGr alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KEYS: Final = (*range(2, 14), *range(16, 28), *range(30, 42), *range(43, 54), 57, 86)
_NOTHING: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class KeyboardLayout:
    """Characters by key: alone, with shift, with AltGr."""

    plain: Mapping[int, str]
    shifted: Mapping[int, str]
    alt_gr: Mapping[int, str]


_NUMBER_PAD: Final = {55: "*", 98: "/", **dict(zip(range(71, 84), "789-456+1230.", strict=True))}
_JAPANESE_KEYS: Final = ({89: "\\", 124: "\\"}, {89: "_", 124: "|"})


def _layout(plain: str, shifted: str, alt_gr: Mapping[int, str]) -> KeyboardLayout:
    levels = [
        _NUMBER_PAD | extra | {key: sign for key, sign in zip(KEYS, signs, strict=True) if sign != _NOTHING}
        for signs, extra in zip((plain, shifted), _JAPANESE_KEYS, strict=True)
    ]
    return KeyboardLayout(levels[0], levels[1], alt_gr)


LAYOUTS: Final[Mapping[str, KeyboardLayout]] = {
    "us": _layout(
        "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./ <",
        '!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"~|ZXCVBNM<>? >',
        {86: "|"},
    ),
    "gb": _layout(
        "1234567890-=qwertyuiop[]asdfghjkl;'`#zxcvbnm,./ \\",
        '!"£$%^&*()_+QWERTYUIOP{}ASDFGHJKL:@¬~ZXCVBNM<>? |',
        {8: "{", 9: "[", 10: "]", 11: "}", 12: "\\", 16: "@", 27: "~", 40: "^", 41: "|", 43: "`", 86: "|"},
    ),
    "de": _layout(
        "1234567890ß´qwertzuiopü+asdfghjklöä^#yxcvbnm,.- <",
        "!\"§$%&/()=?`QWERTZUIOPÜ*ASDFGHJKLÖÄ°'YXCVBNM;:_ >",
        {8: "{", 9: "[", 10: "]", 11: "}", 12: "\\", 16: "@", 27: "~", 40: "^", 86: "|"},
    ),
    "fr": _layout(
        "&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù²*wxcvbn,;:! <",
        "1234567890°+AZERTYUIOP¨£QSDFGHJKLM%~µWXCVBN?./§ >",
        {3: "~", 4: "#", 5: "{", 6: "[", 7: "|", 8: "`", 9: "\\", 10: "^", 11: "@", 12: "]", 13: "}", 30: "@", 43: "`"},
    ),
    "it": _layout(
        "1234567890'ìqwertyuiopè+asdfghjklòà\\ùzxcvbnm,.- <",
        '!"£$%&/()=?^QWERTYUIOPé*ASDFGHJKLç°|§ZXCVBNM;:_ >',
        {8: "{", 9: "[", 10: "]", 11: "}", 12: "`", 13: "~", 16: "@", 26: "[", 27: "]", 39: "@", 40: "#"},
    ),
    "es": _layout(
        "1234567890'¡qwertyuiop`+asdfghjklñ´ºçzxcvbnm,.- <",
        '!"·$%&/()=?¿QWERTYUIOP^*ASDFGHJKLÑ¨ªÇZXCVBNM;:_ >',
        {2: "|", 3: "@", 4: "#", 5: "~", 26: "[", 27: "]", 39: "~", 40: "{", 41: "\\", 43: "}", 86: "|"},
    ),
    "jp": _layout(
        f"1234567890-^qwertyuiop@[asdfghjkl;:{_NOTHING}]zxcvbnm,./ <",
        f"!\"#$%&'(){_NOTHING}=~QWERTYUIOP`{{ASDFGHJKL+*{_NOTHING}}}ZXCVBNM<>? >",
        {86: "|"},
    ),
}
