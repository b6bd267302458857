"""A level's day to the tables that a district asks for each evening, as XLSX, PDF, CSV and JSON show them."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from station.domain.level_day import LevelDay, Line
from station.domain.origin import CLASSES
from station.domain.passes import TrafficKind
from station.domain.sums import Sums
from station.domain.tables import Cell, Report, Table
from station.reporting.daily import MEASURES, Words, measures, summed

ENGLISH = "en"
NOT_TOLD = "–"


def level_report(
    figures: LevelDay, zone: ZoneInfo, at: datetime, words: Words, language: str, most_stations: int | None = None
) -> Report:
    """:param at: when the report was made. :param most_stations: where there are more, they are left to the levels
    beneath, and a line says so: a sheet of paper is not for thousands of rows."""
    stations = len(figures.stations)
    listed = most_stations is None or stations <= most_stations
    made = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    lines = [
        words["report.day"].format(day=figures.day.isoformat(), zone=zone.key),
        words["report.made"].format(at=made),
        words["report.not_told"],
    ]
    if figures.unknown_time:
        lines.append(words["report.unknown_time"].format(passages=figures.unknown_time))
    if not listed:
        lines.append(words["report.stations_left_out"].format(stations=stations))
    title = f"{_title(figures.level, language)} {words['report.level_title']}"
    return Report(title, tuple(lines), tuple(_tables(figures, words, language, listed)))


def _tables(figures: LevelDay, words: Words, language: str, listed: bool) -> Iterable[Table]:
    total = figures.level.sums
    if figures.levels:
        yield _work("by_level", "level", figures.levels, figures.level, words, language)
    if listed:
        yield _work("by_station", "station", figures.stations, figures.level, words, language)
    known = [(words[f"origin.{origin}"], figures.origins.get(origin, Sums())) for origin in CLASSES]
    yield summed("origins", "origin", known, total, words)
    hours = [(f"{int(hour):02}:00 – {int(hour) + 1:02}:00", sums) for hour, sums in figures.hours.items()]
    yield summed("hours", "hour", hours, total, words)
    kinds = [(words[f"traffic.{kind}"], figures.kinds[kind]) for kind in TrafficKind if kind in figures.kinds]
    yield summed("kinds", "kind", kinds, total, words)


def _work(name: str, first: str, lines: Iterable[Line], total: Line, words: Words, language: str) -> Table:
    columns = tuple(
        words[f"report.{column}"] for column in (first, *MEASURES, "crossings_counted", "crossings_unmatched")
    )
    rows = [_cells(_title(line, language), line) for line in lines]
    return Table(words[f"report.{name}"], columns, (*rows, _cells(words["report.total"], total)), total=True)


def _cells(title: str, line: Line) -> tuple[Cell, ...]:
    counted = (NOT_TOLD if count is None else count for count in (line.crossings, line.unmatched))
    return (title, *measures(line.sums), *counted)


def _title(line: Line, language: str) -> str:
    return (line.en if language == ENGLISH else line.zh) or line.name
