"""Exposure bracketing for a camera that can be told: a pure controller, and what joins it to frames and a camera.

The controller waits until light has been wrong for more than a second without a break, then tries one stop after
another the way that should help. It goes on while that helps, or while nothing can be told yet (all burnt, all
black), at most three stops blindly, and ends at the exposure that measured best. A change that helped bars the way
back for 10 s, one that did not bars its own way; both twice as long at each turn, up to five minutes. Light that
merely flickers is never wrong long enough.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log2
from typing import Final

from station.devices import ExposureControl
from station.domain.optics import Exposure, code_exposure, frame_exposure
from station.domain.scan import Corners, Image

BURNT_SHARE: Final = 0.6  # of the points at 250 or more; an overcast sky over half the picture is no fault
BURNT_MEAN: Final = 225.0
DARK_SHARE: Final = 0.6  # of the points at 5 or less
DARK_MEAN: Final = 30.0
WRONG_FOR: Final = 1.0  # seconds before anything is tried
SETTLED_AFTER: Final = 0.9  # seconds from a change until pictures show it
REST, LONGEST_REST = 10.0, 300.0  # seconds; twice the longest without a change, and the shortest holds again
BETTER_BY: Final = 0.05  # of a stop or of a share; less is noise
BLIND: Final = 3  # stops tried where nothing gets better or worse
MEASURE_EVERY: Final = 0.5


@dataclass(frozen=True, slots=True)
class ExposureChange:
    """Expose so many stops above (or below) the exposure that the camera had when it was opened."""

    stop: float


class ExposureController:
    """``step`` once for each measurement, in order. Stops are counted from the exposure found at the beginning."""

    def __init__(self, lowest: float, highest: float) -> None:
        """:param lowest: the least and :param highest: the greatest stop the camera can do; 0 lies between them."""
        self._lowest, self._highest = lowest, highest
        self._stop = 0.0
        self._changed = float("-inf")
        self._wrong_since: float | None = None
        self._direction = 0  # of the trial under way; 0: none is
        self._began = 0.0  # stop at which the trial under way began
        self._best = (0.0, 0.0)  # stop and fault of the trial under way
        self._blind = 0
        self._barred = {-1: float("-inf"), 1: float("-inf")}
        self._rest = REST
        self._helped = 0  # direction of the last trial that helped

    def step(self, burnt_share: float, dark_share: float, mean: float, now: float) -> ExposureChange | None:
        """:param mean: gray level 0 to 255. :param now: monotonic seconds. :return: what to set, None: nothing."""
        fault = fault_of(burnt_share, dark_share, mean)
        if now - self._changed < SETTLED_AFTER:
            return None
        if self._direction:
            return self._judge(fault, now)
        if fault == 0:
            self._wrong_since = None
            return None
        if self._wrong_since is None:
            self._wrong_since = now
        if now - self._wrong_since <= WRONG_FOR:
            return None
        return self._try(fault, now)

    def _try(self, fault: float, now: float) -> ExposureChange | None:
        direction = -1 if fault > 0 else 1
        wanted = self._next(direction)
        if wanted is None or now < self._barred[direction]:
            return None
        if now - self._changed > 2 * LONGEST_REST:
            self._rest = REST
        self._direction, self._began = direction, self._stop
        self._best, self._blind = (self._stop, fault), 0
        return self._set(wanted, now)

    def _judge(self, fault: float, now: float) -> ExposureChange | None:
        gain = abs(self._best[1]) - abs(fault)
        self._blind += 1
        if gain > BETTER_BY:
            self._best, self._blind = (self._stop, fault), 0
        same = fault != 0 and (fault > 0) == (self._direction < 0)
        wanted = self._next(self._direction) if same and gain > -BETTER_BY and self._blind < BLIND else None
        return self._end(now) if wanted is None else self._set(wanted, now)

    def _end(self, now: float) -> ExposureChange | None:
        """The trial is over: stay at the best exposure and bar one way."""
        direction, (stop, _) = self._direction, self._best
        helped = stop != self._began
        self._direction, self._wrong_since = 0, None
        self._rest = min(LONGEST_REST, self._rest * 2) if not helped or self._helped == -direction else REST
        self._barred[-direction if helped else direction] = now + self._rest
        if helped:
            self._helped = direction
        return None if stop == self._stop else self._set(stop, now)

    def _next(self, direction: int) -> float | None:
        """One stop further, or as far as the camera goes; None at its limit."""
        wanted = min(max(self._stop + direction, self._lowest), self._highest)
        return wanted if abs(wanted - self._stop) > 0.2 else None

    def _set(self, stop: float, now: float) -> ExposureChange:
        self._stop, self._changed = stop, now
        return ExposureChange(stop)


def fault_of(burnt: float, dark: float, mean: float) -> float:
    """0 where light is right, above 0 where it is burnt, below 0 where it is dark; the further, the worse."""
    if burnt > BURNT_SHARE or mean > BURNT_MEAN:
        return max(burnt, mean / 255)
    if mean < DARK_MEAN:
        return -1 - log2(DARK_MEAN / max(mean, 1.0))
    return -dark if dark > DARK_SHARE else 0.0


class Bracketing:
    """Looks at one camera's frames twice a second, in its thread, and exposes it as the controller says. Where a code
    was just read its own light counts, else the whole frame's."""

    def __init__(self, control: ExposureControl, code_in_view: Callable[[], Corners | None]) -> None:
        self._control = control
        self._code_in_view = code_in_view
        self._controller: ExposureController | None = None
        self._base = 1.0
        self._taken = False
        self._due = float("-inf")

    def restart(self) -> None:
        """The camera was opened: it exposes by itself until light is wrong."""
        self._controller, self._taken = None, False

    def see(self, image: Image, now: float) -> None:
        """:param now: monotonic seconds. :raises DeviceError: the camera is lost."""
        if now < self._due:
            return
        self._due = now + MEASURE_EVERY
        light = self._light(image)
        right = fault_of(light.burnt, light.black, light.mean) == 0
        if right and not self._taken:
            self._controller = None
            return
        self._controller = self._controller or self._begin()
        change = self._controller.step(light.burnt, light.black, light.mean, now)
        if change is not None:
            self._taken = True
            self._control.set_exposure(self._base * 2**change.stop)

    def _light(self, image: Image) -> Exposure:
        corners = self._code_in_view()
        return frame_exposure(image) if corners is None else code_exposure(image, corners)

    def _begin(self) -> ExposureController:
        shortest, longest = self._control.exposure_limits()
        self._base = min(max(self._control.exposure(), shortest), longest)
        return ExposureController(log2(shortest / self._base), log2(longest / self._base))
