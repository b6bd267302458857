"""``lanes``: four lanes of one real station process beside four bare threads that decode and read the same video."""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import proc
from filming import at_rate
from plan import PROJECT, Plan
from tables import Table

from station.commands.processes import free_port, start_station_program

LANES = ("1", "2", "3", "4")
ANSWER_WITHIN = 15.0
BARE = Path(__file__).with_name("bare_lanes.py")
STATION, PLAIN = "station", "bare zxing-cpp"
COLUMNS = ("fps", "way", "age p50 ms", "age p95 ms", "worst lane p95", "frames/s a lane", "cores", "RSS MB")

Report = dict[str, Any]
"""By lane: ``frames`` and ``frame_age_ms`` with ``p50`` and ``p95``, as /healthz has it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one process showed while it was watched."""

    p50: tuple[float, ...]
    p95: tuple[float, ...]
    rates: tuple[float, ...]
    cores: float
    resident: float
    lost: int = 0


def measure(plan: Plan) -> list[Table]:
    rows: list[tuple[str | int | float, ...]] = []
    notes = [f"{plan.seconds:g} s for each rate and way, in {plan.turns} turns; p50 and p95 are the median lane's"]
    with tempfile.TemporaryDirectory(dir=plan.folder, prefix="lanes-") as folder:
        for rate in plan.rates:
            place = Path(folder) / str(rate)
            place.mkdir()
            camera, played = at_rate(plan.video, rate, place)
            notes.append(f"at {rate}: {played}")
            turns: dict[str, list[Turn]] = {STATION: [], PLAIN: []}
            for number in range(plan.turns):
                turns[STATION].append(_station(place / f"station-{number}", camera, plan))
                turns[PLAIN].append(_bare(camera, plan))
            if lost := sum(turn.lost for turn in turns[STATION]):
                notes.append(
                    f"at {rate}: {lost} cameras were lost when the time was up; this machine has too much to do"
                )
            rows.extend((rate, way, *_figures(taken)) for way, taken in turns.items())
    return [Table("lanes: four lanes of 720p in one process", COLUMNS, tuple(rows), tuple(notes))]


def _figures(turns: Iterable[Turn]) -> tuple[float, ...]:
    taken = tuple(turns)
    return (
        statistics.median(age for turn in taken for age in turn.p50),
        statistics.median(age for turn in taken for age in turn.p95),
        max(age for turn in taken for age in turn.p95),
        statistics.fmean(rate for turn in taken for rate in turn.rates),
        statistics.fmean(turn.cores for turn in taken),
        max(turn.resident for turn in taken),
    )


def _station(folder: Path, camera: str, plan: Plan) -> Turn:
    folder.mkdir()
    port = free_port()
    config = folder / "station.toml"
    config.write_text(station_toml(folder, camera, port), encoding="utf-8")
    with ExitStack() as running:
        child = start_station_program("station", folder, running, "run", "--config", str(config))
        return _watched(child.process.pid, plan, lambda: _health(f"http://127.0.0.1:{port}/healthz"))


def _bare(camera: str, plan: Plan) -> Turn:
    command = [sys.executable, str(BARE), camera, *LANES]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as child:
        asking, telling = child.stdin, child.stdout
        if asking is None or telling is None:
            raise AssertionError("the pipes were asked for")

        def ask() -> Report:
            asking.write("\n")
            asking.flush()
            report: Report = json.loads(telling.readline())
            return report

        telling.readline()
        try:
            return _watched(child.pid, plan, ask)
        finally:
            asking.close()


def _watched(pid: int, plan: Plan, ask: Callable[[], Report]) -> Turn:
    """Let it settle, then watch for some seconds. Frame ages are of its last thousand frames, settling included."""
    pause = threading.Event()
    pause.wait(plan.settle)
    before, cpu, began = ask(), proc.cpu_seconds(pid), time.monotonic()
    pause.wait(plan.seconds / plan.turns)
    after, spent, took = ask(), proc.cpu_seconds(pid) - cpu, time.monotonic() - began
    return Turn(
        p50=tuple(after[lane]["frame_age_ms"]["p50"] for lane in LANES),
        p95=tuple(after[lane]["frame_age_ms"]["p95"] for lane in LANES),
        rates=tuple((after[lane]["frames"] - before[lane]["frames"]) / took for lane in LANES),
        cores=spent / took,
        resident=proc.resident_mb(pid),
        lost=sum(after[lane].get("camera", "ok") != "ok" for lane in LANES),
    )


def _health(url: str) -> Report:
    """An unwell station answers 503, with the same report."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_WITHIN) as answer:
            body = answer.read()
    except urllib.error.HTTPError as unwell:
        with unwell:
            body = unwell.read()
    health: dict[str, Any] = json.loads(body)
    lanes: Report = health["lanes"]
    return {lane: {**lanes[lane], "camera": health["cameras"][lane]} for lane in lanes}


def station_toml(folder: Path, camera: str, port: int) -> str:
    lanes = "".join(f'\n[[lanes]]\nid = "{lane}"\ncamera = {camera}\ngate = {{ driver = "none" }}\n' for lane in LANES)
    return f"""[station]
id = "bench"
name = "bench"
district = "bench"
levels = ["bench"]
data_dir = {json.dumps(str(folder / "data"))}
clock = "always"
{lanes}
[kiosk]
listen = "127.0.0.1:{port}"
"""
