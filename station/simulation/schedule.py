"""One seeded schedule of faults for a whole district: what befalls the hub, its disk and the broker, and when."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from station.simulation.plan import Fault, Plan

SECONDS = 12.0
SETTLE_SECONDS = 240.0
PACE = 60.0
_LATEST = 9.0
_LONGEST_ABSENCE = 2.5


class Blow(StrEnum):
    """What befalls the district's machine. Each ends after a while by itself."""

    KILL_HUB = "kill-hub"
    KILL_BROKER = "kill-broker"
    FULL_DISK = "full-disk"


@dataclass(frozen=True, slots=True)
class Struck:
    """``over``: when the hub or broker is started again, or the disk has room."""

    at: float
    over: float
    blow: Blow


def blows(seed: int) -> list[Struck]:
    """Two to four of them, in order; one may begin while another lasts."""
    chance = random.Random(f"blows {seed}")
    struck = []
    for _ in range(chance.randint(2, 4)):
        at = chance.uniform(1.5, _LATEST)
        struck.append(Struck(at, at + chance.uniform(0, _LONGEST_ABSENCE), chance.choice(list(Blow))))
    return sorted(struck, key=lambda one: one.at)


def plan_of(seed: int, now: datetime) -> Plan:
    """A few stations whose clocks go a minute a second, with every fault, and short timeouts."""
    return Plan(
        district="pingyuan",
        stations=4,
        lanes=2,
        seed=seed,
        every=4.0,
        seconds=SECONDS,
        begin=now - timedelta(seconds=SECONDS * PACE),
        zone=ZoneInfo("Asia/Shanghai"),
        pace=PACE,
        faults=frozenset(Fault),
        ramp=1.0,
        live_seconds=0.25,
        segment_seconds=0.5,
        resend_seconds=1.0,
        longest_backoff=1.0,
    )
