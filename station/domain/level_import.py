"""What a file says about the district's tree, held against what is known: what would change, or what is wrong."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from station.domain.levels import (
    ALWAYS,
    Level,
    LevelError,
    Placement,
    Registry,
    checked,
    parent,
)
from station.domain.spreadsheets import parse_date

ALWAYS_WORD = "always"
TODAY = ""
LONGEST_TITLE = 80
_STATION = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Stated:
    """One row: a level with its titles, a station under a level, or both. ``since`` as it stands in the file."""

    row: int
    path: str
    zh: str = ""
    en: str = ""
    station: str = ""
    since: str = ""

    @property
    def states_level(self) -> bool:
        return not self.station or bool(self.zh or self.en)


@dataclass(frozen=True, slots=True)
class Fault:
    row: int
    text: str


class Refused(Exception):
    """Some rows are wrong, so that nothing of the file is taken."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} rows are wrong")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file changes: levels that are new or titled otherwise, stations placed for the first time or moved."""

    added: tuple[Level, ...] = ()
    retitled: tuple[Level, ...] = ()
    placed: tuple[Placement, ...] = ()
    moved: tuple[Placement, ...] = ()

    @property
    def levels(self) -> tuple[Level, ...]:
        return self.added + self.retitled

    @property
    def placements(self) -> tuple[Placement, ...]:
        return self.placed + self.moved


def plan(stated: Iterable[Stated], registry: Registry, district: str, today: str) -> Plan:
    """What the rows change of the registry; the same rows once more change nothing.

    :raises Refused: rows are wrong, with every one of them.
    """
    rows = list(stated)
    named = Counter(row.station for row in rows)
    several = frozenset(station for station, times in named.items() if times > 1)
    draft = _Draft(registry, district, today, several)
    for row in rows:
        draft.note_level(row)
    for row in rows:
        draft.note_placement(row)
    draft.look_above()
    if draft.faults:
        raise Refused(sorted(draft.faults, key=lambda fault: fault.row))
    return draft.plan()


@dataclass(slots=True)
class _Draft:
    registry: Registry
    district: str
    today: str
    several: frozenset[str]
    faults: list[Fault] = field(default_factory=list)
    levels: dict[str, tuple[int, Level]] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def note_level(self, row: Stated) -> None:
        try:
            path = checked(row.path, self.district)
        except LevelError as error:
            self.faults.append(Fault(row.row, str(error)))
            return
        if not row.states_level:
            return
        for title in (row.zh, row.en):
            if len(title) > LONGEST_TITLE or not title.isprintable():
                self.faults.append(Fault(row.row, f"title: at most {LONGEST_TITLE} plain characters, in one line"))
        level = Level(path, row.zh, row.en)
        before, known = self.levels.setdefault(path, (row.row, level))
        if known != level:
            self.faults.append(Fault(row.row, f"level: {path!r} is titled otherwise in row {before}; keep one of them"))

    def note_placement(self, row: Stated) -> None:
        if not row.station:
            if row.since:
                self.faults.append(Fault(row.row, "from: is about a station and there is none; name it or clear from"))
            return
        if not _STATION.fullmatch(row.station):
            text = f"station: {row.station[:70]!r} is no station's id; a-z, 0-9 and -, as station.id in station.toml"
            self.faults.append(Fault(row.row, text))
            return
        since = self._since(row)
        if since is None:
            return
        before, _ = self.places.setdefault((row.station, since), (row.row, row.path))
        if before != row.row:
            text = f"station: {row.station} is placed from the same day in row {before}; keep one of them"
            self.faults.append(Fault(row.row, text))

    def _since(self, row: Stated) -> str | None:
        """Without a day: from today for a station that the registry knows and the file names once, else always."""
        if row.since == ALWAYS_WORD:
            return ALWAYS
        if not row.since:
            known = row.station in self.registry.placements and row.station not in self.several
            return TODAY if known else ALWAYS
        try:
            return parse_date(row.since).isoformat()
        except ValueError:
            pass
        text = f"from: {row.since[:20]!r} is no day; write it like 2026-03-01, or {ALWAYS_WORD}, or leave it empty"
        self.faults.append(Fault(row.row, text))
        return None

    def look_above(self) -> None:
        """Every level hangs under one that is stated, and every station stands at one: a slip makes no new branch."""
        known = {*self.levels, *self.registry.levels}
        for path, (row, _) in self.levels.items():
            if parent(path) and parent(path) not in known:
                text = f"level: above {path!r} there is no {parent(path)!r}; add a row for it, or correct the name"
                self.faults.append(Fault(row, text))
        bad = {fault.row for fault in self.faults}
        for (station, _), (row, path) in self.places.items():
            if path not in known and row not in bad:
                text = f"level: there is no {path!r} to place {station} at; add a row for it, or correct the name"
                self.faults.append(Fault(row, text))

    def plan(self) -> Plan:
        levels = [level for _, level in self.levels.values()]
        known = self.registry.levels
        told = [Placement(station, since, path) for (station, since), (_, path) in sorted(self.places.items())]
        changes = [change for placement in told if (change := self._change(placement)) is not None]
        return Plan(
            added=tuple(level for level in levels if level.path not in known),
            retitled=tuple(level for level in levels if level.path in known and known[level.path] != level),
            placed=tuple(one for one in changes if one.station not in self.registry.placements),
            moved=tuple(one for one in changes if one.station in self.registry.placements),
        )

    def _change(self, told: Placement) -> Placement | None:
        """None where the registry says so already."""
        if told.since == TODAY:
            told = replace(told, since=self.today)
            return None if self.registry.place(told.station, self.today) == told.path else told
        return None if self.registry.placements.get(told.station, {}).get(told.since) == told.path else told
