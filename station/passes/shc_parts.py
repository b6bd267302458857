"""The codes of a SMART Health Card that is too long for one: gathered until all have been seen."""

import re
from dataclasses import dataclass, field

PREFIX = b"shc:/"
LONGEST = 20_000  # of a whole card; a code alone holds at most 7,089 digits
MOST_PARTS = 9
FORGET_AFTER = 180.0
_PART = re.compile(rb"shc:/([1-9])/([2-9])/(\d{1,7089})")


@dataclass(frozen=True, slots=True)
class Part:
    number: int
    total: int
    digits: bytes


def part_of(payload: bytes) -> Part | None:
    """One code of several; None for any other, a card in one code among them."""
    found = _PART.fullmatch(payload)
    if not found:
        return None
    part = Part(int(found[1]), int(found[2]), found[3])
    return part if part.number <= part.total else None


@dataclass(slots=True)
class Joiner:
    """A lane's memory for parts; time is handed in, in seconds that only go forward.

    A part does not say which card it is of. A part that differs from one already held under its number, or is of
    another total, therefore begins a new card; so does one that comes ``FORGET_AFTER`` seconds after the last.
    """

    _total: int = 0
    _held: dict[int, bytes] = field(default_factory=dict)
    _last: float = 0.0

    def join(self, payload: bytes, now: float) -> bytes:
        """The whole card's payload once its last part is here; any other payload, a lone part too, as it came."""
        part = part_of(payload)
        if part is None:
            return payload
        late = now - self._last > FORGET_AFTER
        if late or part.total != self._total or self._held.get(part.number, part.digits) != part.digits:
            self._held.clear()
        self._held[part.number] = part.digits
        self._total, self._last = part.total, now
        if len(self._held) < part.total:
            return payload
        whole = PREFIX + b"".join(self._held[number] for number in range(1, part.total + 1))
        self.forget()
        return whole

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the codes still to be shown."""
        return tuple(number for number in range(1, self._total + 1) if number not in self._held)

    def forget(self) -> None:
        """What has been gathered belongs to a passage that is over."""
        self._held.clear()
        self._total = 0
