"""A gate that remembers what it was told, for the demo and for tests to assert on."""

from collections import deque

from station.config import SimulatedGateConfig
from station.domain.decision import Outcome

REMEMBERED = 1000


class SimulatedGate:
    """``up`` is whether its arm is: on a grant until it may be lowered, and while it is held open."""

    def __init__(self, config: SimulatedGateConfig) -> None:
        del config
        self.shown: deque[Outcome] = deque(maxlen=REMEMBERED)
        self.up = False
        self.held_open = False
        self.closed = False

    def show(self, outcome: Outcome) -> None:
        self.shown.append(outcome)
        self.up = self.up or outcome is Outcome.GRANTED

    def keep(self, occupied: bool) -> None:
        self.up = self.held_open or (self.up and occupied)

    def hold_open(self) -> None:
        self.up = self.held_open = True

    def release(self) -> None:
        self.held_open = False

    def close(self) -> None:
        self.closed = True
