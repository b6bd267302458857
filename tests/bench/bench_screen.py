"""``screen``: from the picture with the code in view to the decision on the glass, and from the tap to the gate: a real
station with two lanes, the real kiosk in a real browser, and somebody who taps."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import screen_film
from chromium import CHROMIUM, OPTIONS
from made import KEY, a_pass
from plan import Plan
from playwright.sync_api import Browser, sync_playwright
from screen_rig import BARRIERS, Mark, clocks, marks_of, opened, running_station, tap_all
from screen_way import COLUMNS, DECIDING, SEEING, TAPPING, Marks, gathered
from tables import Table

from station.clock import utc_now
from station.domain.passes import Pass
from station.passes import cp1

AFTER = 10.0
"""Seconds after the last code has come into view until whatever is not granted is given up."""
COUNTED = ("scanned", "painted", "tapped", "risen")


@dataclass(frozen=True, slots=True)
class Film:
    """What one lane shows: the file, where in it each code can first be read, and whose plate a code carries."""

    file: Path
    readable: Mapping[str, float]
    plates: Mapping[str, str]


def measure(plan: Plan) -> list[Table]:
    chromium = shutil.which(CHROMIUM)
    if chromium is None:
        return [Table("screen: left out", (), (), (f"no Chromium: apt-get install {CHROMIUM}",))]
    with tempfile.TemporaryDirectory(dir=plan.folder, prefix="screen-") as name, sync_playwright() as playwright:
        films = _films(Path(name), plan)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))
        tables = [
            table for rate in plan.rates for table in _at_rate(Path(name) / f"{rate}", films[rate], rate, browser)
        ]
        browser.close()
    return tables


def _films(folder: Path, plan: Plan) -> dict[int, dict[str, Film]]:
    """By rate and lane. Drawn beforehand: what is measured is not the drawing."""
    each = -(-plan.screen_presentations // len(BARRIERS))

    def drawn(lane: str) -> dict[int, Film]:
        plates = {cp1.issue(shown, KEY): shown.plate for shown in (pass_of(lane, number) for number in range(each))}
        files = {rate: folder / f"{lane}-{rate}.mp4" for rate in plan.rates}
        readable = screen_film.draw(list(plates), files, int(lane))
        return {rate: Film(files[rate], readable[rate], plates) for rate in plan.rates}

    with ThreadPoolExecutor(len(BARRIERS)) as drawing:
        of_lanes = dict(zip(BARRIERS, drawing.map(drawn, BARRIERS), strict=True))
    return {rate: {lane: films[rate] for lane, films in of_lanes.items()} for rate in plan.rates}


def pass_of(lane: str, number: int) -> Pass:
    """In order and with all musts: one tap grants it."""
    now = utc_now()
    times = {"issued_at": now, "not_before": now - timedelta(hours=1), "expires": now + timedelta(hours=8)}
    return a_pass(plate=f"豫A{lane}{number:04}", **times)


def _at_rate(folder: Path, films: Mapping[str, Film], rate: int, browser: Browser) -> list[Table]:
    load, lasts = os.getloadavg()[0], max(max(film.readable.values()) for film in films.values())
    with running_station(folder, {lane: film.file for lane, film in films.items()}) as station:
        page = opened(browser, station.address)
        before = clocks(page)
        station.begin()
        tap_all(page, sum(len(film.readable) for film in films.values()), lasts + AFTER)
        after = clocks(page)
        seen = marks_of(page, min(before, after, key=lambda known: known.error))
        page.close()
        noted = station.end()
    marks = [*seen, *((what, lane, films[lane].plates.get(of, of), at) for what, lane, of, at in noted["marks"])]
    presentations = _presentations(films, marks, noted["began"])
    off, error = abs(after.offset - before.offset), min(before.error, after.error)
    notes = (
        f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after; Chromium {browser.version}, no GPU, 800x480",
        f"the page's clock is known to {error * 1000:.1f} ms, and ran {off * 1000:.1f} ms off meanwhile",
        _told(presentations, seen),
    )
    return _tables(f"screen: two lanes of 720p at {rate} pictures a second", presentations, notes)


def _presentations(films: Mapping[str, Film], marks: Iterable[Mark], began: Mapping[str, float]) -> list[Marks]:
    """Everything noted of each code shown, with when it came into view."""
    found = gathered(marks)
    presentations = []
    for lane, film in films.items():
        for text, place in film.readable.items():
            of_one = found.get((lane, film.plates[text]), {})
            in_view = began[lane] + place
            # Where the station was the better reader, its first picture is the one with the code in view.
            presentations.append({**of_one, "in view": min(in_view, of_one.get("due", in_view))})
    return presentations


def _told(presentations: list[Marks], seen: Iterable[Mark]) -> str:
    counts = {what: sum(what in marks for marks in presentations) for what in COUNTED}
    decisions = Counter(what.removeprefix("decision ") for what, *_ in seen if what.startswith("decision "))
    said = ", ".join(f"{number} {what}" for what, number in (counts | decisions).items())
    return f"{len(presentations)} codes shown: {said}"


def _tables(title: str, presentations: list[Marks], notes: tuple[str, ...]) -> list[Table]:
    verdicts = DECIDING.verdict(presentations), TAPPING.verdict(presentations)
    tapping = (*TAPPING.rows(presentations), *SEEING.rows(presentations)[:1])
    return [
        Table(f"{title}, code to decision", COLUMNS, DECIDING.rows(presentations), (verdicts[0], *notes)),
        Table(f"{title}, tap to gate", COLUMNS, tapping, (verdicts[1],)),
    ]
