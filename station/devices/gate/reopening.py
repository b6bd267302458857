"""A gate whose pins are taken or lost is made again, after 0.5 s at first, then twice as long each time up to 10 s."""

import time
from collections.abc import Callable
from contextlib import suppress

from station.devices import BarrierStuck, DeviceError, Gate
from station.devices.driver_errors import translated_errors
from station.devices.fault_log import FaultLog
from station.domain.decision import Outcome

FIRST_RETRY_S = 0.5
LAST_RETRY_S = 10.0
REMEDY = "check its wiring and what else uses its pins"


class ReopeningGate:
    """``keep``, which comes several times a second, tries again. A barrier that is back does what it is told next:
    nothing that was shown while it was away opens it, because whoever it was for may be gone."""

    def __init__(self, name: str, make: Callable[[], Gate], clock: Callable[[], float] = time.monotonic) -> None:
        """:param name: "gate" and its lane. :param make: the driver's gate, with its pins."""
        self._name = name
        self._make = make
        self._clock = clock
        self._gate: Gate | None = None
        self._due = float("-inf")
        self._retry = FIRST_RETRY_S
        self._log = FaultLog(name, clock)
        self.fault = ""

    def open(self) -> None:
        """:raises DeviceError: its pins are taken, or there are none; ``keep`` tries again."""
        self._tell(lambda gate: gate.keep(False))

    def show(self, outcome: Outcome) -> None:
        """:raises DeviceError: the hardware is lost."""
        self._tell(lambda gate: gate.show(outcome))

    def keep(self, occupied: bool) -> None:
        """:raises BarrierStuck: the barrier does not follow. :raises DeviceError: the hardware is lost."""
        self._tell(lambda gate: gate.keep(occupied))

    def hold_open(self) -> None:
        """:raises DeviceError: the hardware is lost."""
        self._tell(lambda gate: gate.hold_open())

    def release(self) -> None:
        """:raises DeviceError: the hardware is lost."""
        self._tell(lambda gate: gate.release())

    def close(self) -> None:
        gate, self._gate = self._gate, None
        if gate is not None:
            with translated_errors(self._name, REMEDY):
                gate.close()

    def _tell(self, what: Callable[[Gate], None]) -> None:
        if self._gate is None and self._clock() < self._due:
            raise DeviceError(self.fault)
        try:
            with translated_errors(self._name, REMEDY):
                if self._gate is None:
                    self._gate = self._make()
                what(self._gate)
        except BarrierStuck:
            raise
        except DeviceError as error:
            self._lose(error)
            raise
        self.fault, self._retry = "", FIRST_RETRY_S
        self._log.well()

    def _lose(self, error: DeviceError) -> None:
        with suppress(DeviceError):  # the loss is told, not what follows of it
            self.close()
        self.fault = str(error)
        self._log.lost(error)
        self._due = self._clock() + self._retry
        self._retry = min(LAST_RETRY_S, self._retry * 2)
