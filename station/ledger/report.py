"""A local day's passages folded into the figures of the daily tables. Nothing here names anybody."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from station.domain.crossings import Absence
from station.domain.decision import Outcome
from station.domain.moment import minute_of
from station.domain.passes import Must
from station.domain.sums import Sums
from station.ledger.audit import open_ledger
from station.ledger.schema import PASSAGES_NOW


@dataclass(frozen=True, slots=True)
class DayFigures:
    """``unknown_time`` are passages of any day whose minute was never known; they are in no other figure.

    ``musts`` counts passages by must and where its evidence came from; ``reasons`` by what stood against granting.
    ``crossings`` counts by lane and account (crossings.py) what the presence sensor saw, and under an ``Absence`` the
    crossings it missed; the lane's sensor makes them, so a lane without one is not in it.
    """

    day: date
    total: Sums
    lanes: Mapping[str, Sums]
    hours: Mapping[str, Sums]
    kinds: Mapping[str, Sums]
    origins: Mapping[str, Sums]
    musts: Mapping[tuple[str, str], int]
    reasons: Mapping[str, int]
    crossings: Mapping[tuple[str, str], int]
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
    crossings = _crossings(connection, day, zone)
    connection.close()
    return DayFigures(day, total, lanes, hours, kinds, origins, musts, reasons, crossings, unknown)


def _standing(connection: sqlite3.Connection, day: date, zone: ZoneInfo) -> Iterator[sqlite3.Row]:
    """Every passage first decided within the local day, or at no known minute, as it stands now."""
    begins, ends = (minute_of(end) for end in _bounds(day, zone))
    yield from connection.execute(
        f"SELECT * FROM ({PASSAGES_NOW}) WHERE passages > 0 "  # noqa: S608
        "AND ((minute >= ? AND minute < ?) OR minute GLOB 'boot:*') ORDER BY seq",
        (begins, ends),
    )


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(day + timedelta(days=more), time.min, zone).astimezone(UTC) for more in (0, 1))
    return begin, end


def _crossings(connection: sqlite3.Connection, day: date, zone: ZoneInfo) -> Counter[tuple[str, str]]:
    """Nothing amends a crossing, so one that was written before the clock could be trusted is told its time here:
    any row of the same boot with a trusted time says how far the two clocks lie apart."""
    begin, end = _bounds(day, zone)
    found = connection.execute(
        "SELECT crossing.*, (SELECT known.at || ' ' || known.monotonic FROM ledger AS known "
        "WHERE known.boot = crossing.boot AND known.trusted = 1 ORDER BY known.seq LIMIT 1) AS known "
        "FROM ledger AS crossing WHERE crossing.type = 'crossing' "
        "AND ((crossing.minute >= ? AND crossing.minute < ?) OR crossing.minute GLOB 'boot:*')",
        (minute_of(begin), minute_of(end)),
    )
    counts: Counter[tuple[str, str]] = Counter()
    for record in found:
        at = _true_time(record)
        if at is not None and begin <= at < end:
            told = json.loads(record["evidence"])
            account = told["account"]
            counts[record["lane"], account] += int(told["missing"]) if account in tuple(Absence) else 1
    return counts


def _true_time(record: sqlite3.Row) -> datetime | None:
    """None as long as no row of its boot has a trusted time."""
    if record["trusted"]:
        return datetime.fromisoformat(record["at"])
    if record["known"] is None:
        return None
    at, monotonic = record["known"].split(" ")
    return datetime.fromisoformat(at) - timedelta(seconds=float(monotonic) - record["monotonic"])


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
