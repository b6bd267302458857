"""A local day's passages folded into the figures of the daily tables. Nothing here names anybody."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from station.domain.crossings import Absence
from station.domain.decision import Outcome
from station.domain.event_rows import names
from station.domain.events.emergency import EmergencyPutBack, EmergencyThrown
from station.domain.moment import minute_of
from station.domain.passes import Must
from station.domain.sums import Sums
from station.ledger.audit import LedgerBroken, open_ledger
from station.ledger.schema import PASSAGES_NOW


@dataclass(frozen=True, slots=True)
class Switched:
    """A lane's emergency-open switch was thrown, or put back."""

    at: datetime
    lane: str
    thrown: bool


@dataclass(frozen=True, slots=True)
class DayFigures:
    """``unknown_time`` are passages of any day whose minute was never known; they are in no other figure.

    ``musts`` counts passages by must and where its evidence came from; ``reasons`` by what stood against granting.
    ``crossings`` counts by lane and account (crossings.py) what the presence sensor saw, and under an ``Absence`` the
    crossings it missed; the lane's sensor makes them, so a lane without one is not in it. ``switched`` is what was
    done to the emergency-open switches, in the order of time.
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
    switched: Sequence[Switched]
    unknown_time: Sums


def day_figures(folder: Path, day: date, zone: ZoneInfo) -> DayFigures:
    """:raises LedgerMissing: no ledger in ``folder``. :raises LedgerBroken: it is damaged."""
    try:
        with closing(open_ledger(folder)) as connection:
            return _day_figures(connection, day, zone)
    except sqlite3.DatabaseError as error:
        raise LedgerBroken(
            f"{folder / 'ledger.db'} is damaged ({error}); what can be read of it: station ledger export"
        ) from error


def _day_figures(connection: sqlite3.Connection, day: date, zone: ZoneInfo) -> DayFigures:
    lanes: dict[str, Sums] = {}
    hours: dict[str, Sums] = {}
    kinds: dict[str, Sums] = {}
    origins: dict[str, Sums] = {}
    musts: Counter[tuple[str, str]] = Counter()
    reasons: Counter[str] = Counter()
    total = unknown = Sums()
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
    switched = sorted(_switched(connection, day, zone), key=lambda one: one.at)
    return DayFigures(day, total, lanes, hours, kinds, origins, musts, reasons, crossings, switched, unknown)


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
    counts: Counter[tuple[str, str]] = Counter()
    for record, _ in _beside_passages(connection, day, zone, "crossing"):
        told = json.loads(record["evidence"])
        account = told["account"]
        counts[record["lane"], account] += int(told["missing"]) if account in tuple(Absence) else 1
    return counts


def _switched(connection: sqlite3.Connection, day: date, zone: ZoneInfo) -> Iterator[Switched]:
    thrown, put_back = names((EmergencyThrown, EmergencyPutBack))
    for record, at in _beside_passages(connection, day, zone, "event"):
        event = json.loads(record["evidence"])["event"]
        if event in (thrown, put_back):
            yield Switched(at, record["lane"], event == thrown)


def _beside_passages(
    connection: sqlite3.Connection, day: date, zone: ZoneInfo, kind: str
) -> Iterator[tuple[sqlite3.Row, datetime]]:
    """Rows of a type within the local day, and when they were written. Nothing amends them, so one that was written
    before the clock could be trusted is told its time here: any row of the same boot with a trusted time says how far
    the two clocks lie apart."""
    begin, end = _bounds(day, zone)
    found = connection.execute(
        "SELECT beside.*, CASE WHEN beside.trusted = 0 THEN (SELECT known.at || ' ' || known.monotonic "
        "FROM ledger AS known WHERE known.boot = beside.boot AND known.trusted = 1 ORDER BY known.seq LIMIT 1) "
        "END AS known "
        "FROM ledger AS beside WHERE beside.type = ? "
        "AND ((beside.minute >= ? AND beside.minute < ?) OR beside.minute GLOB 'boot:*')",
        (kind, minute_of(begin), minute_of(end)),
    )
    for record in found:
        at = _true_time(record)
        if at is not None and begin <= at < end:
            yield record, at


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
