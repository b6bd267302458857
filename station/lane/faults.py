"""What is wrong at a lane by now, named as on the screen (LaneView)."""


class Faults:
    def __init__(self) -> None:
        self._standing: dict[str, None] = {}

    @property
    def standing(self) -> tuple[str, ...]:
        """In the order they came."""
        return tuple(self._standing)

    def rise(self, fault: str) -> None:
        self._standing[fault] = None

    def clear(self, fault: str) -> None:
        self._standing.pop(fault, None)
