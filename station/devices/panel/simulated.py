"""A panel that a test presses."""

import queue

from station.config import SimulatedPanelConfig
from station.devices import DeviceError
from station.domain.panel import PanelChange

UNTOLD = 100


class SimulatedPanel:
    def __init__(self, config: SimulatedPanelConfig) -> None:
        del config
        self._told: queue.Queue[PanelChange] = queue.Queue(UNTOLD)
        self._open = False

    def tell(self, change: PanelChange) -> None:
        self._told.put_nowait(change)

    def open(self) -> None:
        self._open = True

    def wait(self, timeout: float) -> PanelChange | None:
        """:raises DeviceError: not open."""
        if not self._open:
            raise DeviceError("simulated panel: is not open")
        try:
            return self._told.get(timeout=timeout)
        except queue.Empty:
            return None

    def close(self) -> None:
        self._open = False
