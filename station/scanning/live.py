"""Live pictures: one quick look a frame, and the time it saves spent on what it missed.

Where something crosses the picture's edge its surroundings are made up first, so that a code coming in is read early
(`edges`). The quick look leaves out inverted and shrunk copies: on the walk-past film it reads the same codes for 0.62
of the time. A full look runs every `_FULL_EVERY_S`, so an inverted or very large code waits no longer than that. What
this saves goes first to codes read just before and missed now, which are followed; then to a frame that
gave nothing as a whole, a treatment in turn; then to places where a code stands unread. Last comes a strip along an
edge where something comes in that is still unread.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from station.domain.scan import Image
from station.scanning.arrays import Gray, Quad
from station.scanning.budget import Budget
from station.scanning.doubt import Doubts
from station.scanning.edges import Edges, Speed
from station.scanning.gate import Due
from station.scanning.look import Look, Reading, centre, inside, look
from station.scanning.places import Place
from station.scanning.rescues import WHOLE_FRAME, rescued
from station.scanning.treatments import brightened, dim

_FULL_EVERY_S: Final = 0.19
"""While the view changes; where it does not, every look is full, so that no code waits 0.2 s for one."""
_FULL_EMPTY_EVERY_S: Final = 1.0
"""The same for a view where a full look found nothing and nothing has changed since."""
_FULL_AFTER_A_MISS_S: Final = 0.5
"""So long every look is full once a quick one missed a code."""
_FORGET_S: Final = 0.2
"""A place where nothing was seen this long is given up."""
_FOLLOW_S: Final = 0.5
"""A code read is sought where it went for so long after its last reading."""
_LOST_AT_MOST: Final = 1
"""A code not found where it went so often is sought only while time is left."""
_ROUND_EVERY_S: Final = 5.0
"""So often every treatment gets its turn on a view that does not change."""


class LiveLooks:
    """Reads frames of one camera in order; not for use from two threads."""

    def __init__(self, doubts: Doubts, clock: Callable[[], float] = time.thread_time) -> None:
        """`clock` measures the reader's own effort in seconds; tests hand in their own."""
        self._budget = Budget(clock)
        self._doubts = doubts
        self._edges = Edges()
        self._places: list[Place] = []
        self._changed_s = self._round_s = self._full_s = self._full_until_s = float("-inf")
        self._turn = 0
        self._turns_left = 0

    def gray_of(self, image: Image) -> Gray:
        """`image` in gray, as `read` likes it best: it need not be copied to make up its surroundings."""
        return self._edges.gray_of(image)

    @property
    def time_left(self) -> bool:
        """Whether the budget has time for one more look."""
        return self._budget.left

    @property
    def sees_unread(self) -> bool:
        """Whether something like a code is in view, or was a moment ago."""
        return bool(self._places)

    @contextmanager
    def spending(self) -> Iterator[None]:
        """What is done inside is taken off the budget."""
        self._budget.begin()
        yield
        self._budget.spend()

    def read(self, gray: Gray, now_s: float, due: Due = Due.CHANGED) -> list[Reading]:
        """Codes read in this frame; `now_s` is the frame's time in seconds."""
        self._budget.begin()
        if due is Due.CHANGED:
            self._changed_s = now_s
        if due is Due.CHANGED or now_s - self._round_s >= _ROUND_EVERY_S:
            self._round_s = now_s
            self._turns_left = len(WHOLE_FRAME)
        gray = brightened(gray) if dim(gray) else gray
        codes = self._look(gray, now_s, due)
        self._budget.frame_came()
        codes += self._follow(gray, codes, now_s)
        self._compare_looks(now_s)
        codes += self._treat_whole(gray, codes, now_s)
        codes += self._treat_places(gray, codes, now_s)
        codes += self._look_along_edges(gray, codes, now_s)
        self._places = [one for one in self._places if _remembered(one, now_s)]
        return codes

    def _look(self, gray: Gray, now_s: float, due: Due) -> list[Reading]:
        """What the frame's one look reads; places learn what it saw."""
        result = self._looked(gray, now_s, due)
        codes = self._trusted(result.codes, now_s)
        for one in result.candidates:
            self._place_at(one.corners, one.modules).seen(one, now_s)
        return codes

    def _looked(self, gray: Gray, now_s: float, due: Due) -> Look:
        with self._edges.widened(gray, self._drift()) as wide:
            if not self._full_due(now_s, due):
                result = look(wide.gray, "quick", quick=True, origin=wide.origin)
                self._budget.spend()
                return result
            result = look(wide.gray, "plain", origin=wide.origin)
            self._budget.full_look_took(self._budget.spend() * gray.size / wide.gray.size)
            self._full_s = now_s
            return result

    def _drift(self) -> Speed:
        """How the codes known move on the whole: mostly it is the camera that moves, or the hand that holds them."""
        speeds = [one.speed for one in self._places if one.speed is not None]
        across, down = sum(x for x, _ in speeds), sum(y for _, y in speeds)
        return across / max(1, len(speeds)), down / max(1, len(speeds))

    def _full_due(self, now_s: float, due: Due) -> bool:
        quiet = self._full_s >= self._changed_s and not self._places
        every = _FULL_EMPTY_EVERY_S if quiet else 0.0 if due is Due.WAITED else _FULL_EVERY_S
        return not 0 <= now_s - self._full_s < every or now_s <= self._full_until_s

    def _trusted(self, codes: tuple[Reading, ...], now_s: float) -> list[Reading]:
        """Those beyond doubt; they are known at their places from now on."""
        trusted = [code for code in codes if self._doubts.trusted(code, now_s)]
        for code in trusted:
            self._place_at(code.corners, 17 + 4 * code.version).read(code, now_s)
        return trusted

    def _compare_looks(self, now_s: float) -> None:
        """Stay with full looks for a while where the quick one sees nothing of what they read."""
        if any(one.read_s == self._full_s and one.seen_s < now_s for one in self._places):
            self._full_until_s = now_s + _FULL_AFTER_A_MISS_S

    def _place_at(self, corners: Quad, modules: int) -> Place:
        """The known place nearest to `corners`, or a new one."""
        for place in self._places:
            if place.is_at(corners, modules):
                return place
        self._places.append(Place(corners, modules))
        return self._places[-1]

    def _follow(self, gray: Gray, codes: list[Reading], now_s: float) -> list[Reading]:
        """Codes read before and not in this frame's look, read where they went."""
        found: list[Reading] = []
        for place in self._places:
            if place.code is None or not 0 < now_s - place.read_s <= _FOLLOW_S:
                continue
            if any(code.payload == place.code.payload for code in codes) or _taken(place, codes):
                continue
            if place.lost > _LOST_AT_MOST and not self._budget.left:
                continue
            code = place.follow(gray, now_s)
            found += [code] if code else []
            self._budget.spend()
        return found

    def _treat_places(self, gray: Gray, codes: list[Reading], now_s: float) -> list[Reading]:
        """One treatment for every unread place, longest waiting first, while time is left."""
        found: list[Reading] = []
        waiting = [one for one in self._places if one.read_s < now_s and one.seen_s == now_s and not _taken(one, codes)]
        for place in sorted(waiting, key=lambda one: one.treated_s):
            if not self._budget.left:
                break
            found += self._trusted(rescued(gray, place, now_s), now_s)
            self._budget.spend()
        return found

    def _treat_whole(self, gray: Gray, codes: list[Reading], now_s: float) -> list[Reading]:
        """One treatment of a whole frame that gave nothing, the next in turn."""
        if codes or not self._turns_left or not self._budget.left:
            return []
        found = self._trusted(WHOLE_FRAME[self._turn % len(WHOLE_FRAME)](gray), now_s)
        self._turn += 1
        self._turns_left -= 1
        self._budget.spend()
        return found

    def _look_along_edges(self, gray: Gray, codes: list[Reading], now_s: float) -> list[Reading]:
        """Codes that are only just coming in, with the mirror where this frame's look had it not; `gray` is spent."""
        found: list[Reading] = []
        for strip in self._edges.strips(gray, [code.corners for code in codes]):
            codes_here = self._trusted(look(strip.gray, "edge", quick=True, origin=strip.origin).codes, now_s)
            found += [code for code in codes_here if all(code.payload != one.payload for one in found)]
            self._budget.spend()
        return found


def _remembered(place: Place, now_s: float) -> bool:
    if place.code is not None and now_s - place.read_s <= _FOLLOW_S:
        return True
    return 0 <= now_s - place.seen_s <= _FORGET_S


def _taken(place: Place, codes: list[Reading]) -> bool:
    """True where a code of this frame covers the place."""
    return any(inside(centre(place.corners), code.corners) for code in codes)
