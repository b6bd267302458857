"""The district's tree as it is now: every level's live sums and what needs attention under it, kept in memory.

A station that changes is taken out of the levels above it as it was and put in as it is, so that a change costs seven
additions however large the district.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter, neg, sub
from typing import Any

from station.domain.levels import SEPARATOR, Level, above, parent
from station.messages import StationState

SUMMED = ("passages", "granted", "held", "denied", "vehicles", "persons", "crossings", "unmatched")
STALE = "stale"
STATES = (*StationState, STALE, "unknown")
# What is wrong with a station, worst first. Unknown is one that the registry places and nobody ever heard.
REASONS = (
    "lost",
    STALE,
    "unknown",
    "shared",
    "regressed",
    "place",
    "faults",
    "clock",
    "unmatched",
    "backlog",
    "lists",
    "implausible",
    "set_aside",
    "bad",
)
MUCH_BACKLOG = 100  # rows: a few are always on their way
_FIELDS = (
    "stations",
    "backlog",
    *SUMMED,
    *(f"state {name}" for name in STATES),
    *(f"reason {name}" for name in REASONS),
)
_NO_COUNTS = [0] * len(SUMMED)
_NOTHING = [0] * len(_FIELDS)
_counts_of = itemgetter(*SUMMED)
_REASONS_FROM = len(_FIELDS) - len(REASONS)

View = dict[str, Any]


class UnknownLevel(LookupError):
    """There is no such level."""


@dataclass(slots=True)
class _Node:
    sums: list[int]
    revision: int
    levels: set[str] = field(default_factory=set)
    stations: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Share:
    """What a station is to the levels above it."""

    place: str
    sums: list[int]
    view: View
    revision: int


class LiveTree:
    """One thread puts stations in; any may ask. Answers are JSON-ready. Views are made when somebody asks: a district
    has thousands of levels, and of most nobody looks at any."""

    def __init__(
        self, district: str, now: Callable[[], datetime], lists: Callable[[], Mapping[str, int]] = dict
    ) -> None:
        """:param now: in the hub's time zone. :param lists: the newest version of each signed list."""
        self._district = district
        self._now = now
        self._lists = lists
        self._lock = threading.Lock()
        self._titles: Mapping[str, Level] = {}
        self._revision = 1
        self._nodes = {district: _Node(list(_NOTHING), self._revision)}
        self._shares: dict[str, _Share] = {}

    def title(self, levels: Iterable[Level]) -> None:
        """The registry as it is now: levels without a station are there too."""
        with self._lock:
            before, self._titles = self._titles, {level.path: level for level in levels}
            self._revision += 1
            for path, level in self._titles.items():
                if before.get(path) != level:
                    self._node(path).revision = self._revision

    def put(self, station: View) -> None:
        """A station as it is now; its view has ``reasons`` besides, worst first."""
        reasons = list(_reasons(station, self._lists()))
        view = {**station, "reasons": reasons}
        place, sums = SEPARATOR.join(station["levels"]), _sums(view, reasons)
        with self._lock:
            before = self._shares.get(station["id"])
            if before is not None and before.view == view:
                return
            self._revision += 1
            self._shares[station["id"]] = share = _Share(place, sums, view, self._revision)
            if before is not None and before.place == place:
                self._add(place, map(sub, sums, before.sums))
            else:
                self._move(station["id"], before, share)

    def remove(self, station: str) -> None:
        """Forget a station. The levels it stood under stay until the hub starts anew."""
        with self._lock:
            share = self._shares.pop(station, None)
            if share is not None:
                self._revision += 1
                self._nodes[share.place].stations.discard(station)
                self._add(share.place, map(neg, share.sums))

    def changes(self, topics: Iterable[str], after: int) -> tuple[int, dict[str, View]]:
        """Of what the topics name ("station/<id>", "level/<path>") that which changed after a revision.

        :return: the revision to ask after next, and the views.
        """
        fresh: dict[str, View] = {}
        with self._lock:
            for topic in topics:
                kind, _, name = topic.partition("/")
                share = self._shares.get(name) if kind == "station" else None
                node = self._nodes.get(name) if kind == "level" else None
                if share is not None and share.revision > after:
                    fresh[topic] = share.view
                elif node is not None and node.revision > after:
                    fresh[topic] = self._view(name)
            return self._revision, fresh

    def node(self, path: str) -> View:
        """:raises UnknownLevel: there is none."""
        with self._lock:
            self._found(path)
            return self._view(path)

    def paths(self) -> list[str]:
        """Every level there is, in the order of the text."""
        with self._lock:
            return sorted(self._nodes)

    def named(self, begins: str, within: str, most: int) -> list[View]:
        """Levels at or beneath ``within`` whose name or title begins so, or whose path where a path is given; the
        highest first. Each is told with its path and titles."""
        wanted, inside = begins.casefold(), "" if within == self._district else f"{within}{SEPARATOR}"
        with self._lock:
            paths = [path for path in self._nodes if f"{path}{SEPARATOR}".startswith(inside)]
            levels = [self._titles.get(path) or Level(path) for path in paths]
        found = (level for level in levels if any(word.casefold().startswith(wanted) for word in _words(level, wanted)))
        highest_first = sorted(found, key=lambda level: (level.path.count(SEPARATOR), level.path))
        return [{"path": level.path, "zh": level.zh, "en": level.en} for level in highest_first[:most]]

    def children(self, path: str) -> dict[str, list[View]]:
        """Levels and stations right beneath, worst first. :raises UnknownLevel: there is none."""
        with self._lock:
            node = self._found(path)
            levels = sorted(node.levels, key=self._badness)
            stations = [self._shares[station].view for station in node.stations]
            return {"levels": [self._view(level) for level in levels], "stations": sorted(stations, key=_badness)}

    def attention(self, path: str, most: int) -> dict[str, Any]:
        """Stations anywhere beneath that need attention, worst first. :raises UnknownLevel: there is none."""
        with self._lock:
            self._found(path)
            whole, inside = path == self._district, f"{path}{SEPARATOR}"
            found = [
                share.view
                for share in self._shares.values()
                if share.view["reasons"] and (whole or f"{share.place}{SEPARATOR}".startswith(inside))
            ]
        return {"total": len(found), "stations": sorted(found, key=_badness)[:most]}

    def station(self, name: str) -> View | None:
        with self._lock:
            share = self._shares.get(name)
        return None if share is None else share.view

    def placed(self, name: str) -> tuple[str, ...]:
        """The names of the levels where a station stands; none for one that nobody knows."""
        view = self.station(name)
        return () if view is None else tuple(view["levels"])

    def _move(self, station: str, before: _Share | None, share: _Share) -> None:
        if before is not None:
            self._add(before.place, map(neg, before.sums))
            self._nodes[before.place].stations.discard(station)
        self._node(share.place).stations.add(station)
        self._add(share.place, share.sums)

    def _add(self, place: str, counts: Iterable[int]) -> None:
        """Of the many sums a change changes a few."""
        changes = [(at, count) for at, count in enumerate(counts) if count]
        for path in self._chain(place) if changes else ():
            node = self._node(path)
            node.revision = self._revision
            for at, count in changes:
                node.sums[at] += count

    def _chain(self, path: str) -> Iterator[str]:
        """The district holds everything, even what says it belongs elsewhere."""
        chain = list(above(path))
        return iter(chain if chain[0] == self._district else [self._district, *chain])

    def _node(self, path: str) -> _Node:
        """Made with those above it when it is first heard of."""
        missing = []
        at = path
        while at not in self._nodes:
            missing.append(at)
            at = parent(at) or self._district
        for beneath in reversed(missing):
            over = self._nodes[parent(beneath) or self._district]
            self._nodes[beneath] = _Node(list(_NOTHING), self._revision)
            over.levels.add(beneath)
            over.revision = self._revision
        return self._nodes[path]

    def _found(self, path: str) -> _Node:
        try:
            return self._nodes[path]
        except KeyError:
            raise UnknownLevel(f"there is no level {path[:200]!r}; /api/v1/levels lists them") from None

    def _view(self, path: str) -> View:
        node, title = self._nodes[path], self._titles.get(path)
        counts = dict(zip(_FIELDS, node.sums, strict=True))
        return {
            "path": path,
            "zh": title.zh if title else "",
            "en": title.en if title else "",
            "levels": len(node.levels),
            "stations": counts["stations"],
            "states": {name: counts[f"state {name}"] for name in STATES if counts[f"state {name}"]},
            **{name: counts[name] for name in SUMMED},
            "backlog": counts["backlog"],
            "at": self._now().isoformat(timespec="seconds"),
            "attention": {name: counts[f"reason {name}"] for name in REASONS if counts[f"reason {name}"]},
        }

    def _badness(self, path: str) -> tuple[list[int], str]:
        return [-count for count in self._nodes[path].sums[_REASONS_FROM:]], path


def _words(level: Level, wanted: str) -> tuple[str, ...]:
    """What the beginning of a level's name is looked for in; of a path, the level that its last name is of."""
    deep = wanted.count(SEPARATOR)
    if deep:
        return (level.path,) if level.path.count(SEPARATOR) == deep else ()
    return level.name, level.zh, level.en


def _reasons(station: View, newest_lists: Mapping[str, int]) -> Iterator[str]:
    state, held = station["state"], station["lists"]
    wrong = {
        "lost": state == StationState.LOST,
        STALE: state == STALE,
        "unknown": state == "unknown",
        "shared": station["shared"],
        "regressed": station["regressed"],
        "place": station.get("misplaced", False),
        "faults": bool(station["faults"]),
        "clock": station["clock"] == "untrusted",
        "unmatched": any(lane["unmatched"] for lane in station["lanes"]),
        "backlog": station["backlog"] >= MUCH_BACKLOG,
        "lists": any(
            held.get(name, 0) < version
            for name, version in newest_lists.items()
            if SEPARATOR not in name or name.startswith(f"{station['id']}{SEPARATOR}")
        ),
        "implausible": station.get("implausible", False),
        "set_aside": bool(station.get("set_aside")),
        "bad": station["bad_messages"] > 0,
    }
    return (reason for reason in REASONS if wrong[reason])


def _sums(station: View, reasons: list[str]) -> list[int]:
    lanes, state = station["lanes"], station["state"]
    return [
        1,
        station["backlog"],
        *(map(sum, zip(*map(_counts_of, lanes), strict=True)) if lanes else _NO_COUNTS),
        *[int(state == name) for name in STATES],
        *[int(name in reasons) for name in REASONS],
    ]


def _badness(station: View) -> tuple[list[bool], str]:
    return [reason not in station["reasons"] for reason in REASONS], station["id"]
