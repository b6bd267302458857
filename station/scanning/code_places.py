"""Where codes were seen in a lane's picture: which were seen together, and which stand in the scene.

A sticker beside a pass on the windscreen is seen with it. A poster behind the lane is hidden by what passes and seen
again exactly where it was; what a driver holds is not.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import dist

from station.domain.scan import Code, Neighbour

MAX_CODES = 256
"""Codes remembered of a lane; the one not seen for longest goes first."""
NEIGHBOUR_S = 5.0
"""How long after it was last seen a code is still told of as a neighbour; whoever asks looks at the age."""
NEAR_SIDES = 8.0
"""Two codes are at the same place when no further apart than so many sides of the larger one."""

_SAME_PLACE = 0.25
"""A code has not moved while its centre, and the length of its side, stay within this share of its side."""
_GAP_S = 600.0
"""A code that comes back to where it was within this time has been hidden, not shown again."""
_KNOWN_GAP_S = 86_400.0
"""The same for one that is known to stand there."""
_STOOD_S = 120.0
_RETURNS = 3
"""One is known to stand in the scene after so long in one place, or so many returns to it."""

Point = tuple[float, float]


@dataclass(slots=True)
class _Seen:
    centre: Point
    side: float
    since_s: float
    """Since when it has been here without moving; time hidden counts."""
    last_s: float
    returns: int = 0

    def is_at(self, centre: Point, side: float) -> bool:
        near = _SAME_PLACE * max(self.side, side)
        return dist(self.centre, centre) <= near and abs(self.side - side) <= near


class CodePlaces:
    """Of one lane; one thread. Times are seconds on the clock of the frames."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()
        self._returned: frozenset[bytes] = frozenset()

    def see(self, codes: Iterable[Code], begun: frozenset[bytes], now_s: float) -> None:
        """Note a frame's codes; ``begun`` are those whose presentation begins with it."""
        returned = set()
        for code in codes:
            centre, side = _centre(code), _side(code)
            if side == 0:
                continue
            if self._note(code.payload, centre, side, now_s, code.payload in begun):
                returned.add(code.payload)
            self._seen.move_to_end(code.payload)
        self._returned = frozenset(returned)
        while len(self._seen) > MAX_CODES:
            self._seen.popitem(last=False)

    def returned(self, payload: bytes) -> bool:
        """Whether the presentation that begins with the last frame is of a code that was hidden and has not moved."""
        return payload in self._returned

    def neighbours(self, code: Code, now_s: float) -> tuple[Neighbour, ...]:
        """Other codes of the last ``NEIGHBOUR_S`` seconds, the one seen last first."""
        here, side = _centre(code), _side(code)
        found = [
            Neighbour(payload, now_s - seen.last_s, side == 0 or _near(here, side, seen))
            for payload, seen in reversed(self._seen.items())
            if payload != code.payload and now_s - seen.last_s <= NEIGHBOUR_S
        ]
        return tuple(sorted(found, key=lambda one: one.ago_s))

    def _note(self, payload: bytes, centre: Point, side: float, now_s: float, begins: bool) -> bool:
        """:return: whether it was hidden and is back where it was."""
        seen = self._seen.get(payload)
        if seen is None or not seen.is_at(centre, side):
            self._seen[payload] = _Seen(centre, side, now_s, now_s)
            return False
        gap_s, seen.last_s = now_s - seen.last_s, now_s
        if not begins:
            return False
        known = seen.returns >= _RETURNS or now_s - gap_s - seen.since_s >= _STOOD_S
        if gap_s > (_KNOWN_GAP_S if known else _GAP_S):
            seen.since_s, seen.returns = now_s, 0
            return False
        seen.returns += 1
        return True


def _near(here: Point, side: float, seen: _Seen) -> bool:
    return dist(here, seen.centre) <= NEAR_SIDES * max(side, seen.side)


def _centre(code: Code) -> Point:
    return sum(x for x, _ in code.corners) / 4, sum(y for _, y in code.corners) / 4


def _side(code: Code) -> float:
    """Mean length of the code's four sides in pixels; 0 where it has no place (a hand-held scanner's)."""
    points = [*code.corners, code.corners[0]]
    return sum(dist(first, second) for first, second in pairwise(points)) / 4
