"""Plans for tests: few stations whose clocks go fast, and short timeouts."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from station.simulation.plan import Plan

BEGIN = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


def a_plan(**given: Any) -> Plan:
    known: dict[str, Any] = {
        "district": "pingyuan",
        "stations": 3,
        "lanes": 2,
        "seed": 1,
        "every": 5.0,
        "seconds": 600.0,
        "begin": BEGIN,
        "zone": ZoneInfo("Asia/Shanghai"),
    }
    return Plan(**(known | given))
