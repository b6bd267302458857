"""What a scanner types, as text.

A scanner is a USB keyboard: it sends key codes of Linux's input layer (linux/input-event-codes.h) in the layout that it
is set to, and Enter or Tab behind each code. Other settings found in shops are read as well: ALT mode (each character
as Alt and its number on the number pad, as Windows takes it), control characters as Ctrl and a letter, and the code
identifier of AIM before the text (ISO/IEC 15424: ``]Q1`` for a QR code).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from station.devices.reader.keyboard_layouts import LAYOUTS, KeyboardLayout

AUTO: Final = "auto"
DETECTABLE: Final = ("us", "de", "fr", "jp")
"""Layouts that the beginning of a pass tells apart. It is typed alike in ``us`` and ``gb``, and in ``de``, ``it`` and
``es``, where Y and Z then differ: those are told by the configuration."""

SHIFTS: Final = frozenset({42, 54})
CONTROLS: Final = frozenset({29, 97})
ALT: Final = 56
ALT_GR: Final = 100
CAPS_LOCK: Final = 58
ENDS: Final = frozenset({15, 28, 96})  # Tab, Enter, the number pad's Enter
CONTROL_ENDS: Final = frozenset({36, 50})  # Ctrl+J and Ctrl+M: line feed and carriage return
LONGEST: Final = 4296
"""Characters of the largest QR code (version 40-L, alphanumeric); what types on without an end is no code."""

MAX_ALT_DIGITS: Final = 7
_ALT_PLUS: Final = 78
_PAD_DIGITS: Final = {71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0"}
_HEX_LETTERS: Final = {30: "a", 48: "b", 46: "c", 32: "d", 18: "e", 33: "f"}
_KNOWN_BEGINNINGS: Final = ("CP1:", "HC1:", "SHC:/", "HTTP://", "HTTPS://")
"""By these the layout that a scanner is set to is known."""

_AIM: Final = re.compile(r"\][A-Za-z]([0-9A-Za-z])")
_AIM_WITH_ECI: Final = "246"  # QR modifiers under which character sets are told in the text and backslashes doubled
_ECI: Final = re.compile(r"\\(?:\d{6}|(\\))")


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A key that went down, and what was held."""

    key: int
    shift: bool
    alt_gr: bool
    control: bool
    caps: bool


@dataclass(frozen=True, slots=True)
class _AltCode:
    """A number typed with Alt held. ``ansi``: it began with 0, so Windows takes it from the ANSI code page."""

    number: int
    ansi: bool


class Typing:
    """``press`` once for each key that goes down or up, in order."""

    def __init__(self, layout: str = AUTO, prefix: str = "", suffix: str = "") -> None:
        """:param layout: one of ``LAYOUTS``, or ``auto``: that of ``DETECTABLE`` in which a code is one of ours or a
        well-known one, ``us`` until such a code came.
        :param prefix: text that the scanner is set to put before each code, ``suffix`` behind it; taken off."""
        self._layouts = [*DETECTABLE] if layout == AUTO else [layout]
        self._prefix, self._suffix = prefix, suffix
        self._held: set[int] = set()
        self._caps = False
        self._alt_digits: str | None = None
        self._typed: list[_Stroke | _AltCode] = []

    def press(self, key: int, down: bool) -> str | None:
        """:return: the text, once the key that ends it came; None before, and for an end with nothing before it."""
        if key == ALT:
            self._press_alt(down)
        elif key in SHIFTS or key in CONTROLS or key == ALT_GR:
            self._held = self._held | {key} if down else self._held - {key}
        elif not down:
            pass
        elif self._alt_digits is not None:
            self._press_alt_digit(key)
        elif key == CAPS_LOCK:
            self._caps = not self._caps
        elif key in ENDS or (key in CONTROL_ENDS and self._held & CONTROLS):
            return self._end()
        else:
            held = self._held
            self._keep(_Stroke(key, bool(held & SHIFTS), ALT_GR in held, bool(held & CONTROLS), self._caps))
        return None

    def forget(self) -> None:
        """Drop what was typed without an end, keys never let go and Caps Lock; the recognised layout stays."""
        self._held, self._alt_digits, self._caps = set(), None, False
        self._typed.clear()

    def _press_alt(self, down: bool) -> None:
        if down:
            self._alt_digits = ""
            return
        digits, self._alt_digits = self._alt_digits or "", None
        if len(digits) > (1 if digits.startswith("+") else 0):
            number = int(digits[1:], 16) if digits.startswith("+") else int(digits)
            self._keep(_AltCode(number, digits.startswith("0")))

    def _press_alt_digit(self, key: int) -> None:
        digits = self._alt_digits or ""
        sign = "+" if key == _ALT_PLUS and not digits else _PAD_DIGITS.get(key, "")
        if digits.startswith("+"):
            sign = sign or _HEX_LETTERS.get(key, "")
        if len(digits) <= MAX_ALT_DIGITS:
            self._alt_digits = digits + sign

    def _keep(self, typed: _Stroke | _AltCode) -> None:
        if len(self._typed) <= LONGEST:
            self._typed.append(typed)

    def _end(self) -> str | None:
        typed, self._typed = self._typed, []
        if not 0 < len(typed) <= LONGEST:
            return None
        return self._recognise(typed) or None

    def _recognise(self, typed: Sequence[_Stroke | _AltCode]) -> str:
        """The layout that makes sense of a code is the first one tried from then on."""
        for layout in self._layouts:
            text = self._strip(_text(typed, LAYOUTS[layout]))
            if text.upper().startswith(_KNOWN_BEGINNINGS):
                self._layouts = [layout, *(other for other in self._layouts if other != layout)]
                return text
        return self._strip(_text(typed, LAYOUTS[self._layouts[0]]))

    def _strip(self, text: str) -> str:
        text = text.removeprefix(self._prefix).removesuffix(self._suffix)
        found = _AIM.match(text)
        if found is None:
            return text
        text = text[found.end() :]
        return _ECI.sub(r"\1", text) if found[1] in _AIM_WITH_ECI else text


def _text(typed: Sequence[_Stroke | _AltCode], layout: KeyboardLayout) -> str:
    parts: list[str] = []
    for kind, run in groupby(typed, type):
        if kind is _Stroke:
            parts += [_character(stroke, layout) for stroke in run if isinstance(stroke, _Stroke)]
        else:
            parts += _alt_text([code for code in run if isinstance(code, _AltCode)])
    return "".join(parts)


def _character(stroke: _Stroke, layout: KeyboardLayout) -> str:
    if stroke.control:
        sign = layout.plain.get(stroke.key, "").upper() or layout.alt_gr.get(stroke.key, "")
        return chr(ord(sign) & 0x1F) if len(sign) == 1 and "@" <= sign <= "_" else ""
    if stroke.alt_gr:
        return layout.alt_gr.get(stroke.key, "")
    letter = (layout.shifted if stroke.shift else layout.plain).get(stroke.key, "")
    return letter.swapcase() if stroke.caps and letter.isalpha() else letter


def _alt_text(codes: Sequence[_AltCode]) -> Iterator[str]:
    """Numbers up to 255 are bytes of the code's own text; larger ones are characters of GBK, or of Unicode."""
    for single, run in groupby(codes, lambda code: code.number < 256):
        if single:
            yield _byte_text([*run])
        else:
            yield from map(_wide_character, run)


def _byte_text(codes: Sequence[_AltCode]) -> str:
    data = bytes(code.number for code in codes)
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    pages = ("cp1252" if code.ansi or code.number < 128 else "cp437" for code in codes)
    return "".join(bytes([byte]).decode(page, errors="replace") for byte, page in zip(data, pages, strict=True))


def _wide_character(code: _AltCode) -> str:
    """GB 2312's characters lie where Unicode has no Chinese ones, so the two do not meet for those in daily use."""
    if 0xA1A1 <= code.number <= 0xF7FE:
        try:
            return code.number.to_bytes(2, "big").decode("gb2312")
        except UnicodeDecodeError:
            pass
    surrogate = 0xD800 <= code.number <= 0xDFFF
    return chr(code.number) if code.number <= 0x10FFFF and not surrogate else "\ufffd"
