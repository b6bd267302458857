"""A day's figures to the tables a district asks for each evening."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from station.domain.crossings import Absence, Account
from station.domain.decision import Source
from station.domain.origin import CLASSES
from station.domain.passes import Must, TrafficKind
from station.domain.reasons import Reason
from station.domain.sums import Sums
from station.domain.tables import Cell, Report, Table
from station.ledger.report import DayFigures

Words = Mapping[str, str]
"""Texts by key: ``report.``, ``origin.``, ``traffic.``, ``must.``, ``source.``, ``reason.`` and ``crossing.``."""

MEASURES = ("passages", "vehicles", "persons", "granted", "held", "denied")
_ACCOUNTS = (*Account, *Absence)


def daily_report(figures: DayFigures, name: str, zone: ZoneInfo, at: datetime, words: Words) -> Report:
    """:param name: of the checkpoint; empty leaves it out. :param at: when the report was made."""
    made = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    lines = [
        words["report.day"].format(day=figures.day.isoformat(), zone=zone.key),
        words["report.made"].format(at=made),
    ]
    if figures.unknown_time.passages:
        lines.append(words["report.unknown_time"].format(passages=figures.unknown_time.passages))
    title = words["report.title"]
    return Report(f"{name} {title}" if name else title, tuple(lines), tuple(_tables(figures, zone, words)))


def _tables(figures: DayFigures, zone: ZoneInfo, words: Words) -> Iterable[Table]:
    lanes = sorted(figures.lanes.items())
    hours = [(f"{int(hour):02}:00 – {int(hour) + 1:02}:00", sums) for hour, sums in sorted(figures.hours.items())]
    kinds = [(words[f"traffic.{kind}"], figures.kinds[kind]) for kind in TrafficKind if kind in figures.kinds]
    origins = [(words[f"origin.{origin}"], figures.origins.get(origin, Sums())) for origin in CLASSES]
    for name, first, rows in (
        ("work", "lane", lanes),
        ("hours", "hour", hours),
        ("kinds", "kind", kinds),
        ("origins", "origin", origins),
    ):
        yield summed(name, first, rows, figures.total, words)
    yield _musts(figures, words)
    yield _reasons(figures, words)
    yield _crossings(figures, words)
    yield _switched(figures, zone, words)


def summed(name: str, first: str, rows: Iterable[tuple[str, Sums]], total: Sums, words: Words) -> Table:
    columns = tuple(words[f"report.{column}"] for column in (first, *MEASURES))
    lines = [*rows, (words["report.total"], total)]
    return Table(words[f"report.{name}"], columns, tuple((key, *measures(sums)) for key, sums in lines), total=True)


def measures(sums: Sums) -> tuple[int, ...]:
    return tuple(getattr(sums, measure) for measure in MEASURES)


def _musts(figures: DayFigures, words: Words) -> Table:
    """What a must lacks is what it was never met for; the lines sum to all passages."""
    rows: list[tuple[Cell, ...]] = []
    for must in Must:
        met = [figures.musts.get((must.value, source.value), 0) for source in Source]
        rows.append((words[f"must.{must}"], *met, figures.total.passages - sum(met)))
    columns = (words["report.must"], *(words[f"source.{source}"] for source in Source), words["source.missing"])
    return Table(words["report.musts"], columns, tuple(rows))


def _reasons(figures: DayFigures, words: Words) -> Table:
    rows = tuple((words[f"reason.{reason}"], figures.reasons[reason]) for reason in Reason if reason in figures.reasons)
    return Table(words["report.reasons"], (words["report.reason"], words["report.passages"]), rows)


def _crossings(figures: DayFigures, words: Words) -> Table:
    """Empty where no lane has a presence sensor."""
    title, columns = words["report.crossings"], tuple(words[f"crossing.{account}"] for account in _ACCOUNTS)
    lanes = sorted({lane for lane, _ in figures.crossings})
    counts = [[figures.crossings.get((lane, account), 0) for account in _ACCOUNTS] for lane in lanes]
    rows: list[tuple[Cell, ...]] = [(lane, *row) for lane, row in zip(lanes, counts, strict=True)]
    if rows:
        rows.append((words["report.total"], *map(sum, zip(*counts, strict=True))))
    return Table(title, (words["report.lane"], *columns), tuple(rows), total=bool(rows))


def _switched(figures: DayFigures, zone: ZoneInfo, words: Words) -> Table:
    """From when to when a barrier stood open to everybody."""
    rows = tuple(
        (f"{one.at.astimezone(zone):%H:%M:%S}", one.lane, words[f"report.{'thrown' if one.thrown else 'put_back'}"])
        for one in figures.switched
    )
    return Table(
        words["report.switched"], tuple(words[f"report.{column}"] for column in ("time", "lane", "switch")), rows
    )
