"""The district's tree: levels up to seven deep, and under which of them a station stands since when.

A level is named by its path, the names from the district down joined by "/". The registry is what the district itself
has written down; where it is silent about a station, what the station says of itself holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SEPARATOR = "/"
MOST_DEEP = 7
LONGEST_NAME = 64
ALWAYS = "0001-01-01"  # days compare as text: before every other one
FOREVER = "9999-12-31"


class LevelError(ValueError):
    """What was given names no level; the text says what would."""


@dataclass(frozen=True, slots=True)
class Level:
    """``zh`` and ``en`` are titles; a level without one is shown by its name."""

    path: str
    zh: str = ""
    en: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition(SEPARATOR)[2]


@dataclass(frozen=True, slots=True)
class Placement:
    """``since`` is the first local day on which the station stands there; ``ALWAYS``: on every day before the next."""

    station: str
    since: str
    path: str


@dataclass(frozen=True, slots=True)
class Span:
    """A station stands at ``path`` from the local day ``since`` to before ``until``."""

    path: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Registry:
    """``placements``: of each station, the path by the day since which it holds."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    placements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def place(self, station: str, day: str) -> str | None:
        """Where the registry says the station stands on a day; None where it is silent."""
        placed = self.placements.get(station, {})
        since = max((since for since in placed if since <= day), default=None)
        return None if since is None else placed[since]


def spans(placed: Mapping[str, str], said: str) -> list[Span]:
    """A station's places from the first day to the last: ``said`` until the registry speaks, then what it says."""
    since = {ALWAYS: said} | dict(placed)
    begins = sorted(since)
    return [Span(since[begin], begin, end) for begin, end in zip(begins, [*begins[1:], FOREVER], strict=True)]


def above(path: str) -> Iterator[str]:
    """The levels that hold this one, from the district down, and this one last."""
    end = path.find(SEPARATOR)
    while end >= 0:
        yield path[:end]
        end = path.find(SEPARATOR, end + 1)
    yield path


def parent(path: str) -> str:
    """The level right above; of the district the empty text."""
    return path.rpartition(SEPARATOR)[0]


def checked(text: str, district: str) -> str:
    """The path of a level as the registry may hold it.

    :raises LevelError: no name, too many of them, or not of this district.
    """
    names = text.split(SEPARATOR)
    if not text:
        raise LevelError(f"level: is empty; give names joined by '/', such as {district}/north")
    if len(names) > MOST_DEEP:
        raise LevelError(f"level: {text!r} is {len(names)} deep; {MOST_DEEP} is the most")
    for name in names:
        if not name.strip() or name != name.strip() or name in (".", "..") or not name.isprintable():
            raise LevelError(f"level: {text!r} has a name that is empty or no plain word; write names joined by '/'")
        if len(name) > LONGEST_NAME:
            raise LevelError(f"level: {name[:20]!r}.. is longer than {LONGEST_NAME} characters; shorten it")
    if names[0] != district:
        raise LevelError(f"level: {text!r} does not begin with this hub's district; begin it with {district!r}")
    return text
