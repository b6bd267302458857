"""``station bench reading FOLDER``: how many of one's own photos are read, and in what time, beside plain readers."""

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from station.commands import DONE, FOUND_WRONG, CommandError, Screens
from station.commands.bench_reading import (
    MANIFEST,
    READERS,
    STATION,
    Expected,
    Score,
    disagreement,
    looked,
    manifest_of,
    scores_of,
)
from station.commands.decode import pictures
from station.commands.output import print_json
from station.devices.camera.images import read_image
from station.scanning.reader import to_gray

EXAMPLE = "station bench reading photos/ --json"
SAY_EVERY = 5.0
ALL = "all sets"


def configure(parser: ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    reading = kinds.add_parser(
        "reading",
        help="photos of codes, a set per sub folder",
        description=f"""Reads every photo below FOLDER with the station's reader and with zxing-cpp, pyzbar and OpenCV
            alone. With a {MANIFEST} in FOLDER (columns file, expected; complete 0 where a photo shows codes not
            listed) rates and misreads are counted, else photos with a code and texts on which readers disagree.
            Times are CPU milliseconds of one thread.""",
    )
    reading.add_argument("folder", type=Path, metavar="FOLDER", help="a folder of photos, or of folders of photos")
    reading.add_argument("--json", action="store_true", help="one JSON object a set, and a last one for all")


@dataclass(slots=True)
class _Set:
    name: str
    known: bool
    pictures: int = 0
    scores: dict[str, Score] = field(default_factory=scores_of)

    def plain(self) -> dict[str, Any]:
        readers = {name: score.plain(known=self.known) for name, score in self.scores.items()}
        return {"set": self.name, "pictures": self.pictures, "readers": readers}


@dataclass(slots=True)
class _Report:
    """Everything found: sets in order, files that are no pictures, photos on which readers disagree."""

    whole: _Set
    sets: dict[str, _Set] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    disagreements: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, texts: dict[str, set[str]], times: dict[str, float], expected: Expected | None) -> None:
        for one in (self.sets.setdefault(name, _Set(name, self.whole.known)), self.whole):
            one.pictures += 1
            for reader, score in one.scores.items():
                score.add(texts[reader], expected, times[reader])

    @property
    def wrong(self) -> bool:
        return bool(self.errors) or self.whole.scores[STATION].misreads > 0


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    if not args.folder.is_dir():
        raise CommandError(f"{args.folder} is no folder; name one that holds photos")
    manifest = manifest_of(args.folder)
    files = list(pictures([args.folder])) if manifest is None else list(manifest)
    if not files:
        raise CommandError(f"{args.folder} holds no photos; put some in, a sub folder for every set")
    report = _Report(_Set(ALL, manifest is not None))
    for turn, path in enumerate(_told(files)):
        _measure(path, args.folder, (manifest or {}).get(path), turn, report)
    if not report.whole.pictures:
        raise CommandError(f"{args.folder}: none of {len(files)} photos can be opened, first {report.errors[0]}")
    _print_json(report) if args.json else _print_table(report)
    return FOUND_WRONG if report.wrong else DONE


def _measure(path: Path, folder: Path, expected: Expected | None, turn: int, report: _Report) -> None:
    name = path.relative_to(folder).as_posix()
    try:
        gray = to_gray(read_image(path))
    except (OSError, ValueError) as error:
        report.errors.append({"file": name, "error": str(error)})
        return
    texts, times = {}, {}
    for reader, read, milliseconds in looked(gray, turn):
        texts[reader], times[reader] = read, milliseconds
    report.add(name.rpartition("/")[0] or ".", texts, times, expected)
    if expected is None and disagreement(texts):
        report.disagreements.append({"file": name, "texts": {reader: sorted(read) for reader, read in texts.items()}})


def _told(files: list[Path]) -> Iterator[Path]:
    """The files, telling on stderr now and then how far it is."""
    said = time.monotonic()
    for number, path in enumerate(files):
        yield path
        if time.monotonic() - said >= SAY_EVERY:
            said = time.monotonic()
            print(f"{number + 1} of {len(files)} photos", file=sys.stderr, flush=True)


def _print_json(report: _Report) -> None:
    for line in (*report.errors, *report.disagreements):
        print_json(line)
    for one in report.sets.values():
        print_json(one.plain())
    print_json({"summary": report.whole.plain()})


def _print_table(report: _Report) -> None:
    known = report.whole.known
    counts = ("read", "read all", "misreads") if known else ("with code",)
    print("".join((f"{'set':24}{'photos':>7}  {'reader':10}", *(f"{name:>10}" for name in (*counts, *_TIMES)))))
    for one in (*report.sets.values(), report.whole):
        for reader, _ in READERS:
            print(_row(one, reader))
    for line in report.disagreements:
        print(f"{line['file']}: readers disagree: {line['texts']}")
    for line in report.errors:
        print(f"{line['file']}: {line['error']}", file=sys.stderr)


_TIMES = ("ms mean", "ms p50", "ms p95")


def _row(one: _Set, reader: str) -> str:
    figures = one.scores[reader].plain(known=one.known)
    times = figures.pop("ms")
    misreads = figures.pop("misreads", None)
    cells = [f"{100 * count / one.pictures:8.1f} %" for count in figures.values()]
    cells += [] if misreads is None else [f"{misreads:10}"]
    cells += [f"{time_:10.2f}" for time_ in times.values()]
    return f"{one.name:24.24}{one.pictures:7}  {reader:10}" + "".join(cells)
