"""``streams``: codes rendered as a lane's camera meets them at its worst, seeded, beside a plain zxing-cpp loop.

A presentation is 0.3 s at 30 frames a second; it is read when any of its frames is.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import zxingcpp
from bench_scan import live_reader
from plan import Plan
from rendered import FRAMES, Scene, stream
from tables import Table

from station.domain.scan import Frame

RATE = 30
COLUMNS = ("stream", "reader", "presentations read %", "frames read %", "wrong", "cpu ms a frame")
SCENES = {
    "4 px per module, sharp": Scene(),
    "3 px per module": Scene(pixels=3.0, turned=0.2),
    "2 px per module": Scene(pixels=2.0, turned=0.2),
    "1.5 px per module": Scene(pixels=1.5, turned=0.2),
    "defocus of sigma 2": Scene(defocus=2.0),
    "6 px of motion": Scene(motion=6.0),
    "20 % of the light": Scene(light=0.2),
    "4 % of the light": Scene(light=0.04),
    "a telephone in dark mode": Scene(inverted=True),
    "a board behind a windscreen": Scene(windscreen=True),
    "glare": Scene(glare=True),
    "tilt of 45 degrees": Scene(pixels=5.0, tilt=45.0),
    "tilt of 65 degrees": Scene(pixels=5.0, tilt=65.0),
}

Read = Callable[[np.ndarray, int], set[str]]


@dataclass(slots=True)
class Score:
    presentations: int = 0
    frames: int = 0
    wrong: int = 0
    spent: float = 0.0

    def row(self, name: str, reader: str, presentations: int) -> tuple[str | int | float, ...]:
        frames = presentations * FRAMES
        return (
            name,
            reader,
            100 * self.presentations / presentations,
            100 * self.frames / frames,
            self.wrong,
            1000 * self.spent / frames,
        )


def measure(plan: Plan) -> list[Table]:
    rows = [row for name, scene in SCENES.items() for row in _stream(name, scene, plan.presentations)]
    note = (
        f"{plan.presentations} presentations of {FRAMES} frames each, 640x480, versions 1 to 4 at level M, seeds from 0"
    )
    return [Table("streams: rendered presentations", COLUMNS, tuple(rows), (note,))]


def _stream(name: str, scene: Scene, presentations: int) -> list[tuple[str | int | float, ...]]:
    scores = {"station": Score(), "zxing-cpp": Score()}
    for seed in range(presentations):
        text, frames = stream(scene, seed)
        pictures = list(frames)
        # A fresh reader each time: nothing learnt from the presentation before. Who goes first takes turns.
        readers: list[tuple[str, Read]] = [("station", _station()), ("zxing-cpp", _plain)]
        for reader, read in readers if seed % 2 else reversed(readers):
            _present(scores[reader], read, text, pictures)
    return [score.row(name, reader, presentations) for reader, score in scores.items()]


def _present(score: Score, read: Read, text: str, pictures: list[np.ndarray]) -> None:
    seen = 0
    for number, picture in enumerate(pictures):
        began = time.thread_time()
        texts = read(picture, number)
        score.spent += time.thread_time() - began
        seen += text in texts
        score.wrong += len(texts - {text})
    score.frames += seen
    score.presentations += seen > 0


def _station() -> Read:
    live = live_reader()
    return lambda picture, number: {
        code.text for code in live.read(Frame(picture, number, number / RATE, number / RATE))
    }


def _plain(picture: np.ndarray, number: int) -> set[str]:
    del number
    model_2 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])
    return {found.text for found in zxingcpp.read_barcodes(picture, formats=model_2)}
