"""``empty``: a 720p view without a code, as most frames of a lane are, beside zxing-cpp's full look at every frame."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import cv2
import numpy as np
import zxingcpp
from bench_scan import live_reader
from pairing import interleaved, ratio, sliced
from plan import Plan
from tables import Table

from station.domain.scan import Frame

RATE = 30
SETTLE_S = 2.0
"""Left out at the beginning: a fresh reader spends the looks it may save up."""
SLICE = 30
"""One second: the station's full look at an unchanging view comes once in each."""
POOL = 30
"""Frames of different noise, gone through again and again."""
MOVED_BY = 101
"""Rows by which the noise of one frame lies below that of the one before."""
SIZE = (720, 1280)
NOISE = (1.0, 2.0, 4.0, 6.0)
COLUMNS = ("view", "noise", "reader", "cpu ms a frame", "mean / zxing", "median / zxing")

View = Callable[[], np.ndarray]


def flat() -> np.ndarray:
    return np.full((*SIZE, 3), 150.0)


def textured() -> np.ndarray:
    chance = np.random.default_rng(0)
    stones = chance.uniform(60, 200, (SIZE[0] // 20, SIZE[1] // 20, 1))
    return np.repeat(np.kron(stones, np.ones((20, 20, 1))), 3, axis=2)


def road() -> np.ndarray:
    """Asphalt, two lines that run together, a verge, a sky: long edges and little else."""
    view = np.full((*SIZE, 3), 95.0)
    view[:260] = (215.0, 195.0, 170.0)
    cv2.fillPoly(view, [np.array([[0, 260], [560, 260], [0, 560]], np.int32)], (70.0, 120.0, 90.0))
    for foot in (180, 1100):
        cv2.line(view, (640, 260), (foot, 720), (235.0, 235.0, 235.0), 14)
    return view


VIEWS: dict[str, View] = {"flat": flat, "textured": textured, "road": road}


def measure(plan: Plan) -> list[Table]:
    rows = [row for name, view in VIEWS.items() for noise in NOISE for row in _of(name, view(), noise, plan)]
    note = (
        f"{plan.empty_seconds:g} s at {RATE} frames a second, the first {SETTLE_S:g} s not counted; gray in all times"
    )
    return [Table("empty: 720p without a code", COLUMNS, tuple(rows), (note,))]


def _of(name: str, view: np.ndarray, noise: float, plan: Plan) -> list[tuple[str | int | float, ...]]:
    live = live_reader()
    model_2 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])

    def station(work: Sequence[Frame]) -> None:
        for frame in work:
            live.read(frame)

    def zxing(work: Sequence[Frame]) -> None:
        for frame in work:
            zxingcpp.read_barcodes(cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY), formats=model_2)

    frames = _frames(view, noise, plan.empty_seconds)
    station([next(frames) for _ in range(int(SETTLE_S * RATE))])
    laps = interleaved({"station": station, "zxing-cpp": zxing}, sliced(frames, SLICE))
    peer = laps["zxing-cpp"]
    return [
        (name, noise, reader, own.cpu_mean_ms, own.cpu_sum / peer.cpu_sum, ratio(own.cpu, peer.cpu))
        for reader, own in laps.items()
    ]


def _frames(view: np.ndarray, noise: float, seconds: float) -> Iterator[Frame]:
    pool = [_noisy(view.astype(np.float32), noise, number) for number in range(POOL)]
    for number in range(int((SETTLE_S + seconds) * RATE)):
        yield Frame(pool[number % POOL], number, number / RATE, number / RATE)


def _noisy(view: np.ndarray, noise: float, number: int) -> np.ndarray:
    """The noise is drawn once and lies elsewhere in every frame: drawing it anew takes longer than measuring."""
    moved = np.roll(_unit_noise(), number * MOVED_BY, axis=0)
    return np.clip(cv2.addWeighted(view, 1.0, moved, noise, 0.0), 0, 255).astype(np.uint8)


@cache
def _unit_noise() -> np.ndarray:
    return np.random.default_rng(1).standard_normal((*SIZE, 3), np.float32)
