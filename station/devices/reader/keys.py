"""What a scanner types, as text. A scanner set to "USB keyboard, US layout" sends key codes of Linux's input layer
(linux/input-event-codes.h), shift for capitals, and Enter or Tab behind each code."""

from typing import Final

SHIFTS: Final = frozenset({42, 54})
CAPS_LOCK: Final = 58
ENDS: Final = frozenset({15, 28, 96})  # Tab, Enter, the number pad's Enter
LONGEST: Final = 4296
"""Characters of the largest QR code (version 40-L, alphanumeric); what types on without an end is no code."""

_ROWS: Final = {
    2: ("1234567890-=", "!@#$%^&*()_+"),
    16: ("qwertyuiop[]", "QWERTYUIOP{}"),
    30: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
    43: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
    57: (" ", " "),
}
_NUMBER_PAD: Final = {55: "*", 98: "/", **dict(zip(range(71, 84), "789-456+1230.", strict=True))}

_PLAIN: Final = _NUMBER_PAD | {
    first + place: letter for first, (plain, _) in _ROWS.items() for place, letter in enumerate(plain)
}
_SHIFTED: Final = _NUMBER_PAD | {
    first + place: letter for first, (_, shifted) in _ROWS.items() for place, letter in enumerate(shifted)
}


class Typing:
    """``press`` once for each key that goes down or up, in order."""

    def __init__(self) -> None:
        self._held: set[int] = set()
        self._caps = False
        self._text: list[str] = []

    def press(self, key: int, down: bool) -> str | None:
        """:return: the text, once the key that ends it came; None before, and for an end with nothing before it."""
        if key in SHIFTS:
            self._held = self._held | {key} if down else self._held - {key}
        elif not down:
            pass
        elif key == CAPS_LOCK:
            self._caps = not self._caps
        elif key in ENDS:
            return self._ended()
        else:
            self._type(key)
        return None

    def _type(self, key: int) -> None:
        letter = (_SHIFTED if self._held else _PLAIN).get(key, "")
        if self._caps and letter.isalpha():
            letter = letter.swapcase()
        if len(self._text) <= LONGEST:
            self._text.append(letter)

    def _ended(self) -> str | None:
        text, self._text = "".join(self._text), []
        return text if 0 < len(text) <= LONGEST else None
