"""``plates``: drawn plates of every kind in every view, read as a lane reads them; and what that costs its scans."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from drawn_plates import LOOKS, VIEWS, Look, View, bare_front, before_camera, some_text
from plan import Plan
from shared import plates_extra
from tables import Table

from station.bootstrap.plates import plate_finders
from station.clock import utc_now
from station.config import LaneConfig, RapidOcrPlatesConfig, SimulatedCameraConfig
from station.domain.moment import Moment
from station.domain.origin import OriginClasses
from station.domain.scan import Frame, Image
from station.plates.finder import Found, PlateFinder
from station.plates.watch import Looking, PlateRounds, PlateWatch
from station.runtime import Slot, Workers
from station.scanning.guard import RepeatGuard
from station.scanning.reader import LiveReader
from station.scanning.scanner import Scanner

RATES = ("pictures", "exact %", "province wrong %", "else wrong %", "nothing %")
SEED = 1
FPS = 15.0
LANE = LaneConfig(id="1", camera=SimulatedCameraConfig(passes="none"), plates=RapidOcrPlatesConfig())
LEAST = RapidOcrPlatesConfig().least_confidence


@dataclass(frozen=True, slots=True)
class Reading:
    """``outcome`` is a column of ``RATES`` without its sign."""

    kind: str
    view: str
    outcome: str
    seconds: float


def measure(plan: Plan) -> list[Table]:
    if not plates_extra():
        return [Table("plates", RATES, (), ("skipped: the package's plates extra is not installed",))]
    finder = plate_finders([LANE])[0]["rapidocr"]
    readings = [
        _read(finder, look, view, np.random.default_rng((SEED, number)))
        for look in LOOKS.values()
        for view in VIEWS.values()
        for number in range(plan.plates_drawn)
    ]
    cost = 1000 * float(np.median([reading.seconds for reading in readings]))
    return [
        _rates("plates: by kind, all views", "kind", readings),
        _rates("plates: by view, all kinds", "view", readings),
        _without_a_plate(plan, finder, f"{cost:.0f} ms of one core a look (median); seed {SEED}"),
        _beside_scans(plan, finder),
    ]


def _read(finder: PlateFinder, look: Look, view: View, chance: np.random.Generator) -> Reading:
    text = some_text(look, chance)
    picture = before_camera(text, look, view, chance)
    began = time.process_time()
    found = finder.find(picture)
    return Reading(look.name, view.name, _outcome(found, text), time.process_time() - began)


def _outcome(found: Found | None, text: str) -> str:
    """What a lane would suggest."""
    if found is None or found.confidence < LEAST:
        return "nothing"
    if found.plate.text == text:
        return "exact"
    return "else wrong" if found.plate.text[0] == text[0] else "province wrong"


def _rates(title: str, by: str, readings: list[Reading]) -> Table:
    rows = [_row(name, group) for name, group in _groups(by, readings)]
    notes = ("drawn plates: no photograph of one was used", f"suggested from a confidence of {LEAST} on")
    return Table(title, (by, *RATES), (*rows, _row("all", readings)), notes)


def _groups(by: str, readings: list[Reading]) -> Iterator[tuple[str, list[Reading]]]:
    for name in dict.fromkeys(getattr(reading, by) for reading in readings):
        yield name, [reading for reading in readings if getattr(reading, by) == name]


def _row(name: str, readings: list[Reading]) -> tuple[str | int | float, ...]:
    counts, total = Counter(reading.outcome for reading in readings), len(readings)
    return name, total, *(100 * counts[column.removesuffix(" %")] / total for column in RATES[1:])


def _without_a_plate(plan: Plan, finder: PlateFinder, note: str) -> Table:
    fronts = 10 * plan.plates_drawn
    found = [finder.find(bare_front(np.random.default_rng((SEED, number)))) for number in range(fronts)]
    suggested = sum(_outcome(one, "") != "nothing" for one in found)
    return Table("plates: vehicles without one", ("pictures", "suggested"), ((fronts, suggested),), (note,))


def _beside_scans(plan: Plan, finder: PlateFinder) -> Table:
    """One lane at 15 pictures a second, its plates looked for or not, in turns."""
    picture = before_camera("豫A12345", LOOKS["blue"], VIEWS["easy"], np.random.default_rng(SEED))
    ways = {"scans alone": None, "beside plates": finder}
    ages: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(plan.turns):
        for way, used in ways.items():
            ages[way].append(_ages(picture, used, plan.seconds / 2))
    rows = tuple((way, *(1000 * float(np.median(kind)) for kind in zip(*of, strict=True))) for way, of in ages.items())
    columns = ("way", "frame age p50 ms", "frame age p95 ms")
    return Table("plates: what they cost a lane's scans", columns, rows, ("a look every second, 15 pictures a second",))


def _ages(picture: Image, finder: PlateFinder | None, seconds: float) -> tuple[float, float]:
    frames, workers = Slot[Frame](), Workers()
    scanner = Scanner("1", frames, LiveReader(), RepeatGuard(3.0), lambda scan: None, _now, time.monotonic)
    workers.start("scanner", scanner.step)
    if finder is not None:
        watch = PlateWatch(Looking(), frames, finder, lambda: True, OriginClasses(), time.monotonic)
        workers.start("plates", PlateRounds([watch], lambda: frames.waiting, workers.wait).step)
    end, number = time.monotonic() + seconds, 0
    while (now := time.monotonic()) < end:
        frames.put(Frame(picture, number, now, now))
        number += 1
        workers.wait(1 / FPS)
    workers.stop()
    return scanner.ages.percentile(50), scanner.ages.percentile(95)


def _now() -> Moment:
    return Moment(utc_now(), True, "bench", time.monotonic())
