"""Looks at the lanes' newest pictures for plates, on one thread for all lanes, when no scan waits.

A look takes a tenth of a second of one core or more, so it is taken only where somebody stands, seldom, one lane after
the other, and never while a scan thread has a picture waiting.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from station.domain.origin import OriginClasses
from station.domain.passage import UNKNOWN_ORIGIN
from station.domain.plate_origin import suggested_classes
from station.domain.scan import Frame, Image
from station.domain.suggestion import PlateSuggestion
from station.plates.finder import Found, PlateFinder
from station.plates.still import Stillness
from station.runtime import Slot

OLD_AFTER = 1.0
"""Seconds after which a picture says nothing of who stands there now."""
GONE_AFTER = 10.0
"""Seconds for which a plate is suggested after it was last read."""
PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Looking:
    """``region`` is left, top, width and height as shares of the picture."""

    region: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    every: float = 1.0
    least_confidence: float = 0.3


class PlateWatch:
    """One lane's. ``look`` is called by one thread, ``suggestion`` by any."""

    def __init__(
        self,
        looking: Looking,
        frames: Slot[Frame],
        finder: PlateFinder,
        occupied: Callable[[], bool],
        origins: OriginClasses,
        clock: Callable[[], float],
    ) -> None:
        """:param frames: the lane's; only looked at, never taken from the scan thread.
        :param occupied: whether the presence sensor sees something.
        """
        self._looking, self._frames, self._finder, self._occupied = looking, frames, finder, occupied
        self._classes: Mapping[str, str] = suggested_classes(origins)
        self._clock = clock
        self._still = Stillness()
        self._due = float("-inf")
        self._moved = True
        self._read: tuple[Found, float] | None = None

    def look(self) -> None:
        """Read the plate of what stands in the newest picture, if it is time to."""
        now, frame = self._clock(), self._frames.peek()
        if now < self._due or frame is None or now - frame.captured > OLD_AFTER:
            return
        self._due = now + self._looking.every
        image = _part(frame.image, self._looking.region)
        stands = self._still.see(image)
        if stands or self._occupied():
            self._read_off(image, frame.captured)
        else:
            self._moved = True

    def _read_off(self, image: Image, captured: float) -> None:
        """What is not read again stays for a while, but not when something moved: that may be the next vehicle."""
        found = self._finder.find(image)
        if found is not None and found.confidence >= self._looking.least_confidence:
            self._read = (found, captured)
        elif self._moved:
            self._read = None
        self._moved = False

    def suggestion(self) -> PlateSuggestion | None:
        """What was read last, if that was a moment ago."""
        if (read := self._read) is None:
            return None
        found, captured = read
        age, plate = self._clock() - captured, found.plate
        if age > GONE_AFTER:
            return None
        origin = self._classes.get(plate.text[0], UNKNOWN_ORIGIN)
        return PlateSuggestion(plate.text, plate.kind, origin, round(found.confidence, 2), round(age * 1000))


class PlateRounds:
    """One thread calls ``step``."""

    def __init__(
        self,
        watches: Sequence[PlateWatch],
        scan_waits: Callable[[], bool],
        pause: Callable[[float], object],
    ) -> None:
        """:param scan_waits: whether any scan thread has a picture that it has not come to yet."""
        self._watches, self._scan_waits, self._pause = watches, scan_waits, pause

    def step(self) -> None:
        for watch in self._watches:
            if not self._scan_waits():
                watch.look()
        self._pause(PAUSE)


def _part(image: Image, region: tuple[float, float, float, float]) -> Image:
    left, top, width, height = region
    rows, columns = image.shape[:2]
    return image[
        round(top * rows) : round((top + height) * rows), round(left * columns) : round((left + width) * columns)
    ]
