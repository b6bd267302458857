"""One scan per presentation: a code that stays in view is read in many frames and counted once."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# A code both cameras have in view at once flickers; only a real gap here while it began there is a change of lane.
SHORTEST_GAP = 0.5


@dataclass(slots=True)
class _Presentation:
    began: float
    seen: float


class RepeatGuard:
    """Shared by the lanes of a station. Times are seconds on one clock for all lanes.

    A presentation ends when its code has been out of view for ``absence`` seconds, or earlier if another lane
    has begun to see it meanwhile: the driver changed lanes, and coming back is a new presentation.
    """

    def __init__(self, absence: float) -> None:
        self._absence = absence
        self._lock = threading.Lock()
        self._presentations: defaultdict[bytes, dict[str, _Presentation]] = defaultdict(dict)
        self._swept = float("-inf")

    def begins(self, lane: str, payloads: Iterable[bytes], now: float) -> list[bytes]:
        """Note what ``lane`` has in view at ``now`` and say which payloads begin a presentation there."""
        with self._lock:
            self._sweep(now)
            return [payload for payload in dict.fromkeys(payloads) if self._begins(lane, payload, now)]

    def _begins(self, lane: str, payload: bytes, now: float) -> bool:
        lanes = self._presentations[payload]
        here = lanes.get(lane)
        if here is not None and not self._ended(here, lane, lanes, now):
            here.seen = now
            return False
        lanes[lane] = _Presentation(now, now)
        return True

    def _ended(self, here: _Presentation, lane: str, lanes: dict[str, _Presentation], now: float) -> bool:
        gap = now - here.seen
        if gap > self._absence:
            return True
        elsewhere = any(other.began > here.seen for name, other in lanes.items() if name != lane)
        return gap > SHORTEST_GAP and elsewhere

    def _sweep(self, now: float) -> None:
        """Forget what has long left, so that a week's codes do not pile up."""
        if now - self._swept < self._absence:
            return
        self._swept = now
        for payload, lanes in list(self._presentations.items()):
            if all(now - presentation.seen > self._absence for presentation in lanes.values()):
                del self._presentations[payload]
