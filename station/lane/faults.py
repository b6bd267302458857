"""What is wrong at a lane by now."""

from station.domain.lane_faults import LaneFault


class Faults:
    def __init__(self) -> None:
        self._standing: dict[LaneFault, None] = {}

    @property
    def standing(self) -> tuple[LaneFault, ...]:
        """In the order they came."""
        return tuple(self._standing)

    def rise(self, fault: LaneFault) -> None:
        self._standing[fault] = None

    def clear(self, fault: LaneFault) -> None:
        self._standing.pop(fault, None)
