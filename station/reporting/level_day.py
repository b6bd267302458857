"""A level's day to the tables that a district asks for each evening, as XLSX, PDF, CSV and JSON show them."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from station.domain.level_day import LevelDay
from station.domain.origin import CLASSES
from station.domain.passes import TrafficKind
from station.domain.sums import Sums
from station.domain.tables import Report, Table
from station.reporting.daily import Words, summed
from station.reporting.level_places import tables_by_place, title_of


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
    title = f"{title_of(figures.level, language)} {words['report.level_title']}"
    return Report(title, tuple(lines), tuple(_tables(figures, words, language, listed)))


def _tables(figures: LevelDay, words: Words, language: str, listed: bool) -> Iterable[Table]:
    total = figures.level.sums
    yield from tables_by_place(figures, words, language, listed)
    known = [(words[f"origin.{origin}"], figures.origins.get(origin, Sums())) for origin in CLASSES]
    yield summed("origins", "origin", known, total, words)
    hours = [(f"{int(hour):02}:00 – {int(hour) + 1:02}:00", sums) for hour, sums in figures.hours.items()]
    yield summed("hours", "hour", hours, total, words)
    kinds = [(words[f"traffic.{kind}"], figures.kinds[kind]) for kind in TrafficKind if kind in figures.kinds]
    yield summed("kinds", "kind", kinds, total, words)
