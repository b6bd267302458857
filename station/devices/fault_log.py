"""One line in the journal when a device is lost, and one when it is well again; a cable that makes and breaks contact
all day does not fill it."""

import logging
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

LOG_INTERVAL_S: Final = 60.0


class FaultLog:
    def __init__(self, device: str, clock: Callable[[], float] = time.monotonic) -> None:
        """:param device: the part and its lane, as "camera 1"."""
        self._device = device
        self._clock = clock
        self._lost = self._said = False
        self._unsaid = 0
        self._next = float("-inf")

    def lost(self, error: Exception) -> None:
        """May be called with each further attempt that fails: the first one is the loss. What a library raised is told
        with its kind and its place, for whoever has to mend it."""
        if self._lost:
            return
        self._lost = True
        if self._clock() < self._next:
            self._unsaid += 1
            return
        more = f" (lost {self._unsaid} times more since the last line)" if self._unsaid else ""
        # Its words, not itself: it holds all that was in hand when it was raised, a pin that is taken among it.
        log.error("%s: %s%s%s", self._device, str(error), _place(error.__cause__), more)
        self._said, self._unsaid, self._next = True, 0, self._clock() + LOG_INTERVAL_S

    def well(self) -> None:
        if self._lost and self._said:
            log.warning("%s: well again", self._device)
        self._lost = self._said = False


def _place(cause: BaseException | None) -> str:
    if cause is None or isinstance(cause, OSError):  # what the kernel says needs no place
        return ""
    last = traceback.extract_tb(cause.__traceback__)[-1:]
    return f" ({type(cause).__name__}{''.join(f', {Path(at.filename).name} line {at.lineno}' for at in last)})"
