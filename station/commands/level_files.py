"""The district's tree as files: CSV for spreadsheets, YAML for hands. Both say the same; both are read and written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import yaml

from station.commands import CommandError
from station.commands.tables import SURPLUS, decoded, read_table
from station.domain.level_import import ALWAYS_WORD, Stated
from station.domain.levels import ALWAYS, SEPARATOR, Level, Registry, parent
from station.domain.spreadsheets import write_csv_rows

COLUMNS = ("level", "title_zh", "title_en", "station", "from")
CSV, YAML = "csv", "yaml"
_ENDINGS = {".csv": CSV, ".yaml": YAML, ".yml": YAML}
_LEVEL_TAKES = ("name", "title_zh", "title_en", "stations", "levels")


def form_of(path: Path) -> str:
    """:raises CommandError: the ending says neither."""
    try:
        return _ENDINGS[path.suffix.lower()]
    except KeyError:
        raise CommandError(f"{path}: does not end with {', '.join(_ENDINGS)}; name it after what is in it") from None


def read_levels(path: Path) -> list[Stated]:
    """:raises CommandError: it cannot be read as what its ending says."""
    if form_of(path) == CSV:
        return [_of_row(path, number, row) for number, row in read_table(path, COLUMNS)]
    return _Reader(path).read()


def _of_row(path: Path, number: int, row: Mapping[str, str]) -> Stated:
    if SURPLUS in row:
        raise CommandError(f"{path} row {number}: has more cells than columns; put a cell with a comma in quotes")
    level, zh, en, station, since = (row.get(column, "") for column in COLUMNS)
    return Stated(number, level, zh, en, station, since)


@dataclass(slots=True)
class _Reader:
    """YAML read as nodes, not as values: they know their line, and a day stays the text that it is."""

    path: Path

    def read(self) -> list[Stated]:
        try:
            text = decoded(self.path.read_bytes(), str(self.path))
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except OSError as error:
            raise CommandError(f"{self.path}: {error.strerror}") from None
        except yaml.MarkedYAMLError as error:
            row = error.problem_mark.line + 1 if error.problem_mark else 1
            raise CommandError(f"{self.path} row {row}: {error.problem}; correct the YAML there") from None
        except yaml.YAMLError as error:
            raise CommandError(f"{self.path}: {error}; save it as YAML in UTF-8".replace("\n", " ")) from None
        if root is None:
            return []
        return list(self._levels(self._members(root, ("levels",)).get("levels"), ""))

    def _levels(self, node: yaml.Node | None, above: str) -> Iterator[Stated]:
        for item in self._items(node):
            members = self._members(item, _LEVEL_TAKES)
            name = self._word(members.get("name"), item, "name")
            if SEPARATOR in name:
                raise self._wrong(item, f"name: {name!r} has a '/'; one name a level, those beneath go into 'levels'")
            path = f"{above}{SEPARATOR}{name}" if above else name
            titles = [self._word(members[key], item, key) if key in members else "" for key in _LEVEL_TAKES[1:3]]
            yield Stated(_row(item), path, *titles)
            for station in self._items(members.get("stations")):
                yield self._station(station, path)
            yield from self._levels(members.get("levels"), path)

    def _station(self, node: yaml.Node, path: str) -> Stated:
        """An id alone, or an id with the day from which it stands there."""
        if isinstance(node, yaml.ScalarNode):
            return Stated(_row(node), path, station=node.value.strip())
        members = self._members(node, ("id", "from"))
        since = self._word(members["from"], node, "from") if "from" in members else ""
        return Stated(_row(node), path, station=self._word(members.get("id"), node, "id"), since=since)

    def _items(self, node: yaml.Node | None) -> Sequence[yaml.Node]:
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
            return ()
        if not isinstance(node, yaml.SequenceNode):
            raise self._wrong(node, "a list is expected; begin each of its lines with '- '")
        items: Sequence[yaml.Node] = node.value
        return items

    def _members(self, node: yaml.Node, known: Sequence[str]) -> Mapping[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self._wrong(node, f"names with values are expected, of {', '.join(known)}")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in known or name in found:
                why = "stands there twice; leave one out" if name in found else f"is none of {', '.join(known)}"
                raise self._wrong(key, f"{name[:40]!r} {why}")
            found[name] = value
        return found

    def _word(self, node: yaml.Node | None, at: yaml.Node, name: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._wrong(node or at, f"{name}: is missing or no plain text; give one")
        return str(node.value).strip()

    def _wrong(self, node: yaml.Node, why: str) -> CommandError:
        return CommandError(f"{self.path} row {_row(node)}: {why}")


def _row(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def write_levels(registry: Registry, form: str, out: TextIO) -> None:
    """What ``read_levels`` reads back as the same registry."""
    _WRITERS[form](registry, out)


def _write_csv(registry: Registry, out: TextIO) -> None:
    write_csv_rows(out, [COLUMNS])
    write_csv_rows(out, ((one.path, one.zh, one.en, "", "") for one in _ordered(registry)))
    write_csv_rows(out, ((path, "", "", station, _day(since)) for station, since, path in _placed(registry)))


def _write_yaml(registry: Registry, out: TextIO) -> None:
    items: dict[str, dict[str, Any]] = {}
    top: list[dict[str, Any]] = []
    for level in _ordered(registry):
        item: dict[str, Any] = {"name": level.name}
        item |= {key: title for key, title in (("title_zh", level.zh), ("title_en", level.en)) if title}
        items[level.path] = item
        above = items.get(parent(level.path))
        (top if above is None else above.setdefault("levels", [])).append(item)
    for station, since, path in _placed(registry):
        items[path].setdefault("stations", []).append({"id": station, "from": _day(since)})
    yaml.safe_dump({"levels": top}, out, allow_unicode=True, sort_keys=False, width=120)


def _ordered(registry: Registry) -> list[Level]:
    """A level after the one above it."""
    return [registry.levels[path] for path in sorted(registry.levels, key=lambda path: path.split(SEPARATOR))]


def _placed(registry: Registry) -> list[tuple[str, str, str]]:
    return [
        (station, since, path)
        for station, places in sorted(registry.placements.items())
        for since, path in sorted(places.items())
    ]


def _day(since: str) -> str:
    return ALWAYS_WORD if since == ALWAYS else since


_WRITERS: Mapping[str, Callable[[Registry, TextIO], None]] = {CSV: _write_csv, YAML: _write_yaml}
