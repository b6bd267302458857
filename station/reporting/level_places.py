"""A level's day place by place: its work, the five musts done, publicity. Each is a table with a line for every level
right beneath, and one with a line for every station."""

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, replace

from station.domain.level_day import LevelDay, Line
from station.domain.passes import Must
from station.domain.tables import Cell, Table
from station.reporting.daily import MEASURES, Words, measures

ENGLISH = "en"
NOT_TOLD = "–"


@dataclass(frozen=True, slots=True)
class _Kind:
    """``by_level`` and ``by_station`` are the keys of its titles, ``columns`` those of its columns."""

    by_level: str
    by_station: str
    columns: tuple[str, ...]
    cells: Callable[[Line], tuple[Cell, ...]]


def tables_by_place(figures: LevelDay, words: Words, language: str, listed: bool) -> Iterable[Table]:
    """:param listed: whether stations have tables."""
    yield from _both(_WORK, figures, words, language, listed)
    yield from _both(_MUSTS, figures, words, language, listed)
    told = _with_buses(figures, words)
    if told.level.publicity.boards:
        yield from _both(_PUBLICITY, told, words, language, listed)


def title_of(line: Line, language: str) -> str:
    return (line.en if language == ENGLISH else line.zh) or line.name


def _both(kind: _Kind, figures: LevelDay, words: Words, language: str, listed: bool) -> Iterable[Table]:
    if figures.levels:
        yield _table(kind, kind.by_level, "report.level", figures.levels, figures.level, words, language)
    if listed:
        yield _table(kind, kind.by_station, "report.station", figures.stations, figures.level, words, language)


def _table(
    kind: _Kind, title: str, first: str, lines: Iterable[Line], total: Line, words: Words, language: str
) -> Table:
    columns = tuple(words[column] for column in (first, *kind.columns))
    rows = [(title_of(line, language), *kind.cells(line)) for line in lines]
    return Table(words[title], columns, (*rows, (words["report.total"], *kind.cells(total))), total=True)


def _with_buses(figures: LevelDay, words: Words) -> LevelDay:
    """With a line for the boards in buses, where the level has them."""
    if not figures.buses.boards:
        return figures
    level, name = figures.level, words["report.in_buses"]
    buses = replace(level, name=name, zh=name, en=name, publicity=figures.buses)
    return replace(
        figures,
        level=replace(level, publicity=level.publicity + figures.buses),
        levels=(*figures.levels, buses) if figures.levels else (),
        stations=(*figures.stations, buses),
    )


def _work(line: Line) -> tuple[Cell, ...]:
    counted = (NOT_TOLD if count is None else count for count in (line.crossings, line.unmatched))
    return (*measures(line.sums), *counted)


def _musts(line: Line) -> tuple[Cell, ...]:
    return (NOT_TOLD,) * (1 + len(Must)) if line.musts is None else astuple(line.musts)


def _publicity(line: Line) -> tuple[Cell, ...]:
    return astuple(line.publicity)


_COUNTED = tuple(f"report.{measure}" for measure in (*MEASURES, "crossings_counted", "crossings_unmatched"))
_DONE = ("report.passages", *(f"must.{must}" for must in Must))
_TOLD = ("report.boards", "report.scans", "report.declarations")
_WORK = _Kind("report.by_level", "report.by_station", _COUNTED, _work)
_MUSTS = _Kind("report.musts_by_level", "report.musts_by_station", _DONE, _musts)
_PUBLICITY = _Kind("report.publicity_by_level", "report.publicity_by_station", _TOLD, _publicity)
