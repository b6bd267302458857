"""A lane that is shown drawn pictures: reader, scanner and lane are the product's own."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import segno
from lanes import LaneRig
from numpy.typing import NDArray

from station.domain.scan import Frame
from station.domain.situation import LaneKind, Mode
from station.runtime import Slot
from station.scanning.guard import RepeatGuard
from station.scanning.reader import LiveReader
from station.scanning.scanner import Scanner

WIDTH, HEIGHT = 1280, 720
FRAMES_PER_S = 10
ABSENCE_S = 3.0
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Shown:
    """A code's picture with its top left corner at x, y."""

    picture: bytes
    x: int = 100
    y: int = 200


def a_code(text: str, x: int = 100, y: int = 200, scale: int = 4) -> Shown:
    return Shown(png_of(segno.make(text, error="m", micro=False), scale), x, y)


def message_codes(text: str, symbols: int) -> list[Shown]:
    """A message in several symbols, each to be shown at the same place."""
    return [Shown(png_of(code, 4)) for code in segno.make_sequence(text, symbol_count=symbols, error="m")]


def png_of(code: segno.QRCode, scale: int) -> bytes:
    out = io.BytesIO()
    code.save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


@cache
def _drawn(picture: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


class FilmedLane:
    """``film`` shows codes for some seconds; whatever the scanner makes of them goes to the lane."""

    def __init__(
        self,
        folder: Path,
        mode: Mode = Mode.AUTOMATIC,
        kind: LaneKind = LaneKind.VEHICLE,
        ignored: tuple[str, ...] = (),
    ) -> None:
        self.rig = LaneRig(folder, mode=mode, kind=kind, ignored=ignored)
        self._frames: Slot[Frame] = Slot()
        self.scanner = Scanner(
            "1",
            self._frames,
            LiveReader(second_reader=False),
            RepeatGuard(ABSENCE_S),
            self.rig.lane.way.pass_through,
            self.rig.clock.now,
            lambda: self.rig.clock.seconds,
        )
        self._number = 0
        self.rig.in_view = lambda: self.scanner.in_view

    def film(self, codes: Sequence[Shown], seconds: float = 1.0) -> None:
        for _ in range(max(1, round(seconds * FRAMES_PER_S))):
            image = np.full((HEIGHT, WIDTH), 140, np.uint8)
            image[0, self._number % WIDTH] = 0  # no two frames are the same
            for code in codes:
                drawn = _drawn(code.picture)
                image[code.y : code.y + len(drawn), code.x : code.x + len(drawn)] = drawn
            at = self.rig.clock.seconds
            self._frames.put(Frame(image, self._number, at, at))
            self.scanner.step()
            self._number += 1
            self.rig.clock.seconds += 1 / FRAMES_PER_S

    def counts(self) -> tuple[int, int, int]:
        """Passages granted, held and denied today."""
        counts = self.rig.view()["counts"]
        return counts["granted"], counts["held"], counts["denied"]
