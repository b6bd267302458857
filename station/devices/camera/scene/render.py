"""From a moment to a picture. What stays the same through a visit is drawn once and kept."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from station.devices.camera.scene import hand
from station.devices.camera.scene.backdrop import backdrop
from station.devices.camera.scene.carrier import QUIET, Carrier, carrier, modules, shown
from station.devices.camera.scene.paint import lay, lit
from station.devices.camera.scene.printed import Print
from station.devices.camera.scene.traffic import Traffic, Visit
from station.devices.camera.scene.vehicle import vehicle
from station.domain.scan import Image

GROUND = 672.0
MODULE = (3.3, 5.2)
MODULE_IN_BUS = (3.3, 4.2)
"""Picture pixels a module takes when held straight, in a picture 720 high."""

MARGIN = 96
"""Noise is a larger sheet seen at an ever other offset within this many pixels."""

NOISE_SIGMA = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    carrier: Carrier
    habit: hand.Habit
    place: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """Everything drawn for one visit, under its light."""

    visit: Visit
    road: Image
    sheet: Image
    stop: tuple[int, int]
    standing: Image
    held: tuple[_Held, ...]


class Scene:
    """``render(t)`` depends on nothing but the arguments here and ``t``; not thread-safe, it keeps what it drew last.

    :param vehicles: the code texts each vehicle shows.
    :param size: of the picture, width and height in pixels.
    :param seconds: 0, or when the last vehicle must have gone.
    :param prints: what shows a text as it was printed, by the text; any other is drawn on a phone or a card.
    :raises ValueError: a text is too long for a QR code; the message names the vehicle by its line.
    """

    def __init__(
        self,
        vehicles: Sequence[Sequence[str]],
        size: tuple[int, int],
        seed: int,
        seconds: float = 0,
        prints: Mapping[str, Print] = MappingProxyType({}),
    ) -> None:
        self.traffic = Traffic(vehicles, seed, seconds)
        self._prints = prints
        self._seed = seed
        self._size = size
        self._road = backdrop(size, seed)
        self._noise = _noise(size, seed)
        self._stage: _Stage | None = None

    def render(self, t: float) -> Image:
        """The picture at ``t`` seconds, height x width x 3 BGR, a buffer of its own."""
        visit = self.traffic.at(t)
        if visit is None:
            picture = cv2.convertScaleAbs(self._road, alpha=self.traffic.last_light())
        elif t < visit.enters:
            picture = cv2.convertScaleAbs(self._road, alpha=visit.light_at(t))
        else:
            picture = self._visited(visit, t)
        return self._noisy(np.asarray(picture, np.uint8), t)

    def _visited(self, visit: Visit, t: float) -> Image:
        if self._stage is None or self._stage.visit is not visit:
            self._stage = self._staged(visit)
        stage = self._stage
        if visit.stands <= t < visit.leaves:
            picture = stage.standing.copy()
            for held in stage.held:
                hand.draw(picture, held.carrier, held.habit, held.place, visit, t)
            return picture
        picture = stage.road.copy()
        lay(picture, stage.sheet, stage.stop[0] + self._offset(visit, t), stage.stop[1])
        return picture

    def _offset(self, visit: Visit, t: float) -> int:
        """Pixels a rolling vehicle is to the right of where it stops: braking in, pulling away to the left."""
        if t < visit.stands:
            left = (visit.stands - t) / (visit.stands - visit.enters)
            return round(self._size[0] * float(left**2))
        gone = (t - visit.leaves) / (visit.gone - visit.leaves)
        return -round(self._size[0] * 1.35 * float(gone**1.8))

    def _staged(self, visit: Visit) -> _Stage:
        dice = random.Random(f"{self._seed}/{visit.number}/look")
        scale = self._size[1] / 720
        drawn = vehicle(dice, len(visit.texts), scale)
        window = self._window(dice, len(visit.texts))
        left, top = window - drawn.window[0], GROUND + dice.uniform(-8, 14) - drawn.height
        stop = (round(left * scale), round(top * scale))
        road = np.asarray(cv2.convertScaleAbs(self._road, alpha=visit.light), np.uint8)
        sheet = lit(drawn.sheet, visit.light)
        standing = road.copy()
        lay(standing, sheet, *stop)
        held = self._held(visit, dice, window, top + drawn.window[1])
        return _Stage(visit, road, sheet, stop, standing, held)

    def _window(self, dice: random.Random, people: int) -> float:
        middle = self._size[0] / self._size[1] * 720 / 2
        return middle if people > 1 else middle - 80 + dice.uniform(-110, 110)

    def _held(self, visit: Visit, dice: random.Random, x: float, y: float) -> tuple[_Held, ...]:
        """Side by side in as many columns as there are codes, in two rows from five on."""
        count = len(visit.texts)
        rows = 1 if count <= 4 else 2
        columns = math.ceil(count / rows)
        width, height = self._size[0] / columns, self._size[1] / rows
        scale = self._size[1] / 720
        held = []
        for index, text in enumerate(visit.texts):
            module = self._module(text, dice, width, height)
            column, row = index % columns, index // columns
            place = (width * (column + 0.5), height * (row + 0.46))
            if count == 1:
                reach = (modules(text) / 2 + QUIET) * module + 16 * scale
                # Beside the driver's head, not over it.
                place = ((x + 150) * scale, max(reach, min(self._size[1] - reach, (y + dice.uniform(20, 70)) * scale)))
            held.append(_Held(self._carrier(text, module, dice, visit.light), hand.habit(dice), place))
        return tuple(held)

    def _carrier(self, text: str, module: float, dice: random.Random, light: float) -> Carrier:
        if text in self._prints:
            return shown(self._prints[text], module, light)
        return carrier(text, module, dice, light)

    def _module(self, text: str, dice: random.Random, width: float, height: float) -> float:
        """Pixels a module: as the dice say, never below what is readable unless the code would not fit."""
        least, most = MODULE if width == self._size[0] else MODULE_IN_BUS
        wanted = max(least, dice.uniform(least, most) * min(1.0, self._size[1] / 720))
        edge = modules(text)
        return min(wanted, width / (edge * 1.22), height / (edge * 1.18))

    def _noisy(self, picture: Image, t: float) -> Image:
        """Sensor noise: one look at the noise added, another taken away, so that the mean stays."""
        dice = random.Random(f"{self._seed}/{t:.4f}")
        height, width = picture.shape[:2]
        for change in (cv2.add, cv2.subtract):
            top, left = dice.randrange(MARGIN), dice.randrange(MARGIN)
            change(picture, self._noise[top : top + height, left : left + width], dst=picture)
        return picture


def _noise(size: tuple[int, int], seed: int) -> Image:
    shape = (size[1] + MARGIN, size[0] + MARGIN, 3)
    noise = np.random.default_rng(seed).standard_normal(shape, np.float32)
    return np.asarray(np.clip(noise * NOISE_SIGMA, 0, 255), np.uint8)
