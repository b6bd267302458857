"""The machine's time of day, for what runs beside a station's clock: the hub, the commands and the drivers' page.

Only ``station.devices.clock`` and the outermost parts import this (pyproject.toml, [tool.importlinter]); all other code
is handed ``now``.
"""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
