"""A lane without barrier or lamp: the screen alone tells."""

from station.config import NoGateConfig
from station.domain.decision import Outcome


class NoGate:
    def __init__(self, config: NoGateConfig) -> None:
        del config

    def show(self, outcome: Outcome) -> None:
        """Nothing to move."""

    def keep(self, occupied: bool) -> None:
        """Nothing to close."""

    def hold_open(self) -> None:
        """It always is."""

    def release(self) -> None:
        """Nothing to close."""

    def close(self) -> None:
        pass
