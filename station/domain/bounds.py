"""Numbers and texts that every store of the system can hold, and the check of both where a command is made."""

MAX_ROW = 2**63 - 1
"""The largest number of a ledger row: SQLite's integers have 64 bits. Rows kept in memory have negative numbers."""
MAX_ID_LENGTH = 40
MAX_OPERATOR_LENGTH = 64
_LINE_CONTROLS = frozenset("\t\n\r")


def is_row_number(number: int) -> bool:
    return -MAX_ROW <= number <= MAX_ROW


def is_storable(text: str) -> bool:
    """No lone surrogate, which UTF-8 has no bytes for, and no control character but tab and line ends: PostgreSQL
    refuses NUL, and no screen, file or printer shows the others."""
    return not any(_is_unstorable(character) for character in text)


def _is_unstorable(character: str) -> bool:
    if "\ud800" <= character <= "\udfff" or character == "\x7f":
        return True
    return character < " " and character not in _LINE_CONTROLS


def require_row_numbers(**numbers: int | None) -> None:
    """:raises ValueError: a number is none of a ledger row."""
    for name, number in numbers.items():
        if number is not None and not is_row_number(number):
            raise ValueError(f"{name} is beyond {MAX_ROW}, the largest number of a ledger row")


def require_texts(max_length: int, **texts: str) -> None:
    """:raises ValueError: a text is too long, or no store can hold it."""
    for name, text in texts.items():
        if len(text) > max_length or not is_storable(text):
            raise ValueError(f"{name} must be a text of at most {max_length} characters without control characters")
