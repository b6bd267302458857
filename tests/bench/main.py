"""``scripts/bench [SECTION...]``: the product measured beside its peers. docs/bench.md says what the figures mean."""

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import bench_decide
import bench_empty
import bench_ingest
import bench_lanes
import bench_ledger
import bench_lists
import bench_memory
import bench_pages
import bench_plates
import bench_presence
import bench_rollup
import bench_scan
import bench_screen
import bench_store
import bench_store_postgres
import bench_streams
import bench_verify
import proc
from plan import PROJECT, VIDEO, Plan
from tables import Table

from station.clock import utc_now

SECTIONS: dict[str, Callable[[Plan], list[Table]]] = {
    "scan": bench_scan.measure,
    "streams": bench_streams.measure,
    "empty": bench_empty.measure,
    "presence": bench_presence.measure,
    "plates": bench_plates.measure,
    "ledger": bench_ledger.measure,
    "memory": bench_memory.measure,
    "lanes": bench_lanes.measure,
    "verify": bench_verify.measure,
    "decide": bench_decide.measure,
    "ingest": bench_ingest.measure,
    "store": bench_store.measure,
    "rollup": bench_rollup.measure,
    "store-postgresql": bench_store_postgres.measure,
    "lists": bench_lists.measure,
    "pages": bench_pages.measure,
    "screen": bench_screen.measure,
}
SCRATCH = PROJECT / ".venv"
"""On the project's own disk, and never in git's way."""


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    machine = describe_machine()
    print(", ".join(f"{name}: {value}" for name, value in machine.items()), flush=True)
    report: dict[str, list[dict[str, object]]] = {}
    with tempfile.TemporaryDirectory(dir=args.dir, prefix="bench-") as folder:
        plan = Plan(
            folder=Path(folder),
            video=args.video,
            memory_frames=args.frames,
            memory_size=args.size,
            seconds=args.seconds,
        )
        for name in args.sections or SECTIONS:
            began = time.monotonic()
            tables = SECTIONS[name](plan)
            for table in tables:
                print(f"\n{table.text()}", flush=True)
            print(f"  ({name} took {time.monotonic() - began:.0f} s)", flush=True)
            report[name] = [table.plain() for table in tables]
    if args.json:
        print(json.dumps({"machine": machine, "sections": report}, ensure_ascii=False))


def describe_machine() -> dict[str, str | int | float]:
    return {
        "at": utc_now().isoformat(timespec="seconds"),
        "kernel": platform.release(),
        "cpu": proc.cpu_model(),
        "cores": len(proc.usable_cores()),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure the product beside its peers, in turns.",
        epilog="example: scripts/bench scan verify --json",
    )
    parser.add_argument("sections", nargs="*", type=_section, metavar="SECTION", help=f"{', '.join(SECTIONS)}; or all")
    parser.add_argument("--json", action="store_true", help="end with everything as one JSON object on one line")
    parser.add_argument("--video", type=Path, default=VIDEO, metavar="DIR", help=f"real videos (default {VIDEO})")
    parser.add_argument(
        "--dir", type=_folder, default=SCRATCH, help="where ledgers are written: a folder on a real disk"
    )
    parser.add_argument("--frames", type=_positive, default=10_000, help="memory: frames to read (default 10000)")
    parser.add_argument("--size", type=_size, default=(1280, 720), help="memory: size of a frame (default 1280x720)")
    parser.add_argument(
        "--seconds", type=_seconds, default=20.0, help="lanes: seconds for each rate and way (default 20)"
    )
    return parser


def _section(text: str) -> str:
    if text not in SECTIONS:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(SECTIONS)}")
    return text


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder; make it, on a real disk")
    return Path(text)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not seconds > 0:
        raise argparse.ArgumentTypeError("give a number above 0")
    return seconds


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number above 0")
    return number


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return _positive(width), _positive(height)


if __name__ == "__main__":
    main()
