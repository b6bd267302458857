"""A local day's passages folded into the figures of the daily tables. Nothing here names anybody."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from station.domain.decision import Outcome
from station.domain.moment import minute_of
from station.domain.passes import Must
from station.ledger.audit import open_ledger
from station.ledger.schema import PASSAGES_NOW


@dataclass(frozen=True, slots=True)
class Sums:
    """Granted, held and denied count passages; vehicles and persons sum over all outcomes."""

    passages: int = 0
    vehicles: int = 0
    persons: int = 0
    granted: int = 0
    held: int = 0
    denied: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.passages + other.passages,
            self.vehicles + other.vehicles,
            self.persons + other.persons,
            self.granted + other.granted,
            self.held + other.held,
            self.denied + other.denied,
        )


@dataclass(frozen=True, slots=True)
class DayFigures:
    """``unknown_time`` are passages of any day whose minute was never known; they are in no other figure.

    ``musts`` counts passages by must and where its evidence came from; ``reasons`` by what stood against granting.
    """

    day: date
    total: Sums
    lanes: Mapping[str, Sums]
    hours: Mapping[str, Sums]
    kinds: Mapping[str, Sums]
    origins: Mapping[str, Sums]
    musts: Mapping[tuple[str, str], int]
    reasons: Mapping[str, int]
    unknown_time: Sums


def day_figures(folder: Path, day: date, zone: ZoneInfo) -> DayFigures:
    """:raises LedgerMissing: no ledger in ``folder``."""
    lanes: dict[str, Sums] = {}
    hours: dict[str, Sums] = {}
    kinds: dict[str, Sums] = {}
    origins: dict[str, Sums] = {}
    musts: Counter[tuple[str, str]] = Counter()
    reasons: Counter[str] = Counter()
    total = unknown = Sums()
    connection = open_ledger(folder)
    for record in _standing(connection, day, zone):
        sums = _sums(record)
        if record["minute"].startswith("boot:"):
            unknown += sums
            continue
        total += sums
        hour = f"{datetime.fromisoformat(record['minute']).astimezone(zone):%H}"
        for group, key in (
            (lanes, record["lane"]),
            (hours, hour),
            (kinds, record["kind"]),
            (origins, record["origin"]),
        ):
            group[key] = group.get(key, Sums()) + sums
        evidence = json.loads(record["evidence"])
        musts.update((must.value, evidence[must.value]) for must in Must if must.value in evidence)
        reasons.update(json.loads(record["reasons"]))
    connection.close()
    return DayFigures(day, total, lanes, hours, kinds, origins, musts, reasons, unknown)


def _standing(connection: sqlite3.Connection, day: date, zone: ZoneInfo) -> Iterator[sqlite3.Row]:
    """Every passage first decided within the local day, or at no known minute, as it stands now."""
    begins, ends = (
        minute_of(datetime.combine(day + timedelta(days=more), time.min, zone).astimezone(UTC)) for more in (0, 1)
    )
    yield from connection.execute(
        f"SELECT * FROM ({PASSAGES_NOW}) WHERE passages > 0 "  # noqa: S608
        "AND ((minute >= ? AND minute < ?) OR minute GLOB 'boot:*') ORDER BY seq",
        (begins, ends),
    )


def _sums(record: sqlite3.Row) -> Sums:
    outcome = Outcome(record["outcome"])
    passages = record["passages"]
    return Sums(
        passages=passages,
        vehicles=record["vehicles"],
        persons=record["persons"],
        granted=passages if outcome is Outcome.GRANTED else 0,
        held=passages if outcome is Outcome.HELD else 0,
        denied=passages if outcome is Outcome.DENIED else 0,
    )
