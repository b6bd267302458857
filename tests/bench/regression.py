"""Whether this version of the hub takes more processor time for a message than another one, whose checkout with its own
``.venv`` is given: ``PYTHONPATH=tests .venv/bin/python tests/bench/regression.py /path/to/other``.

The very same messages, of the simulation's 7,102 stations, go to a new store in a process of its own, one version after
the other, the other one first the next time.
"""

import argparse
import json
import os
import pickle
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import bench_ingest
from plan import PROJECT
from postgres import DURABLE, Cluster
from tables import Table

STEPS = Path(__file__).with_name("ingest_steps.py")
COLUMNS = ("message", "step", "other us", "this us", "this / other", "best other us", "best this us", "best / best")
Figures = dict[str, list[list[float]]]
"""Of each step, what every process measured in its rounds."""


def compare(other: Path, turns: int, rounds: int, cluster: Cluster | None, folder: Path) -> Table:
    """:param cluster: where the store is a PostgreSQL database; without one it is SQLite in ``folder``."""
    rows: list[tuple[str | float, ...]] = []
    for name in ("live", "segment"):
        messages = folder / f"{name}.pickle"
        messages.write_bytes(pickle.dumps(_rounds(name, rounds)))
        figures: dict[Path, Figures] = {other: {}, PROJECT: {}}
        for turn in range(turns):
            for checkout in (other, PROJECT) if turn % 2 == 0 else (PROJECT, other):
                for step, values in _measured(checkout, messages, cluster, folder).items():
                    figures[checkout].setdefault(step, []).append(values)
        rows += [_row(name, step, figures[other][step], figures[PROJECT][step]) for step in figures[PROJECT]]
    note = f"{bench_ingest.STATIONS} stations, {rounds} messages of each, {turns} processes of each version"
    return Table("regression: processor time of a message", COLUMNS, tuple(rows), (note,))


def _rounds(name: str, rounds: int) -> list[list[tuple[str, str, bytes]]]:
    size = bench_ingest.STATIONS
    said = [(station, name, one.payload) for station, one in bench_ingest.said(name, size * rounds)]
    return [said[first : first + size] for first in range(0, len(said), size)]


def _measured(checkout: Path, messages: Path, cluster: Cluster | None, folder: Path) -> dict[str, list[float]]:
    with _store(cluster, folder) as store:
        command = [checkout / ".venv/bin/python", STEPS, messages, store]
        environment = {**os.environ, "PYTHONPATH": str(checkout)}
        ran = subprocess.run(command, env=environment, cwd=checkout, stdout=subprocess.PIPE, check=True)
    measured: dict[str, list[float]] = json.loads(ran.stdout)
    return measured


@contextmanager
def _store(cluster: Cluster | None, folder: Path) -> Iterator[str]:
    """A new one for every process, whose tables that version makes."""
    if cluster is None:
        with tempfile.TemporaryDirectory(dir=folder) as store:
            yield store
    else:
        yield cluster.create_empty()


def _row(name: str, step: str, other: list[list[float]], this: list[list[float]]) -> tuple[str | float, ...]:
    """Medians of the processes' medians; best is the quickest round of all."""
    before, now = median(map(median, other)), median(map(median, this))
    best_before, best_now = min(map(min, other)), min(map(min, this))
    return name, step, before, now, now / before, best_before, best_now, best_now / best_before


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="regression.py", description="Processor time of a message at the hub, beside another version."
    )
    parser.add_argument("other", type=Path, help="the other version's checkout")
    parser.add_argument("--turns", type=int, default=9, help="processes of each version (default 9)")
    parser.add_argument("--rounds", type=int, default=6, help="messages of each station (default 6)")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    args = parser.parse_args()
    cluster = Cluster(DURABLE) if args.postgresql else None
    try:
        with tempfile.TemporaryDirectory(dir=PROJECT / ".venv", prefix="regression-") as folder:
            print(compare(args.other.resolve(), args.turns, args.rounds, cluster, Path(folder)).text())
    finally:
        if cluster is not None:
            cluster.remove()


if __name__ == "__main__":
    main()
