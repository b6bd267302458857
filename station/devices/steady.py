"""A level that counts once it has lasted: what makes a flickering sensor quiet."""


class Steady:
    """A level that counts once it has lasted."""

    def __init__(self, rises: float, falls: float) -> None:
        self._lasting = {True: rises, False: falls}
        self._level: bool | None = None
        self._since = 0.0
        self.on: bool | None = None

    def see(self, level: bool, now: float) -> float | None:
        """:return: since when the level stands, once it counts and is not what it was; else None."""
        if level is not self._level:
            self._level, self._since = level, now
        if level is self.on or now - self._since < self._lasting[level]:
            return None
        self.on = level
        return self._since

    def due(self) -> float | None:
        """When the level will count, if it lasts."""
        if self._level is None or self._level is self.on:
            return None
        return self._since + self._lasting[self._level]
