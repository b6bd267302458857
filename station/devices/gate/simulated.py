"""A gate that remembers what it was told, for the demo and for tests to assert on."""

from collections import deque

from station.config import SimulatedGateConfig
from station.domain.decision import Outcome

REMEMBERED = 1000


class SimulatedGate:
    def __init__(self, config: SimulatedGateConfig) -> None:
        del config
        self.shown: deque[Outcome] = deque(maxlen=REMEMBERED)
        self.closed = False

    def show(self, outcome: Outcome) -> None:
        self.shown.append(outcome)

    def close(self) -> None:
        self.closed = True
