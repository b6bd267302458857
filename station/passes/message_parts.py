"""A message in several symbols (structured append, ISO/IEC 18004 section 8): gathered until all have been seen."""

from dataclasses import dataclass, field
from functools import reduce
from operator import xor

from station.domain.scan import MessagePart

FORGET_AFTER_S = 180.0

Message = tuple[int, int]
"""What tells one message from another: how many symbols it has, and its parity."""


@dataclass(slots=True)
class MessageAssembler:
    """A lane's memory for one message; time is handed in, in seconds that only go forward.

    A part of another message, or one that differs from what is held under its number, begins anew; so does one that
    comes ``FORGET_AFTER_S`` after the last.
    """

    _message: Message = (0, 0)
    _held: dict[int, bytes] = field(default_factory=dict)
    _last_s: float = 0.0

    def add(self, part: MessagePart, payload: bytes, now_s: float) -> bytes | None:
        """:return: the whole message once its last part is here and its parity is right; else None."""
        message = part.total, part.parity
        late = now_s - self._last_s > FORGET_AFTER_S
        if late or message != self._message or self._held.get(part.number, payload) != payload:
            self._held.clear()
        self._held[part.number] = payload
        self._message, self._last_s = message, now_s
        if len(self._held) < part.total:
            return None
        whole = b"".join(self._held[number] for number in range(1, part.total + 1))
        self._held.clear()
        return whole if reduce(xor, whole, 0) == part.parity else None

    def forget(self) -> None:
        """What has been gathered belongs to a passage that is over."""
        self._held.clear()
