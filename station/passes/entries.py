"""What a list holds: sorted entries of eight bytes, found by halving, eight bytes of memory each."""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import lt

ENTRY_BYTES = 8


class Entries:
    """A set of byte strings of ``ENTRY_BYTES`` each. Immutable; a Python set of them takes ten times the memory."""

    __slots__ = ("_numbers",)

    def __init__(self, entries: Iterable[bytes] = ()) -> None:
        self._numbers = array("Q", sorted({_number(entry) for entry in entries}))

    @classmethod
    def unpacked(cls, data: bytes) -> "Entries":
        """Entries as a list carries them. :raises ValueError: cut off, or not in order and each once."""
        numbers = array("Q")
        numbers.frombytes(data)  # raises ValueError for half an entry
        if sys.byteorder == "little":
            numbers.byteswap()
        if not all(map(lt, numbers, islice(numbers, 1, None))):
            raise ValueError("entries are in order, each once")
        entries = cls()
        entries._numbers = numbers
        return entries

    def packed(self) -> bytes:
        numbers = self._numbers[:]
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers.tobytes()

    def __contains__(self, entry: bytes) -> bool:
        wanted = _number(entry)
        place = bisect_left(self._numbers, wanted)
        return place < len(self._numbers) and self._numbers[place] == wanted

    def __iter__(self) -> Iterator[bytes]:
        return (number.to_bytes(ENTRY_BYTES) for number in self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entries) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self.packed())


def _number(entry: bytes) -> int:
    if len(entry) != ENTRY_BYTES:
        raise ValueError(f"an entry has {ENTRY_BYTES} bytes, not {len(entry)}")
    return int.from_bytes(entry)
