"""Drawing on transparent sheets, and laying sheets over a picture."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from station.domain.scan import Image

Colour = tuple[int, int, int]
Place = tuple[float, float]

SMOOTH = 2
"""Sheets are drawn this many times larger and averaged down: smooth edges in colour and transparency alike."""

ONE = 16
"""OpenCV draws to sixteenths of a pixel (shift 4)."""


class Sheet:
    """A transparent sheet to draw on in picture units. Colours are BGR; ``solid`` is 0 transparent to 255."""

    def __init__(self, width: float, height: float, scale: float) -> None:
        self._factor = scale * SMOOTH
        self._size = (max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale)))
        self._pixels: Image = np.zeros((self._size[1] * SMOOTH, self._size[0] * SMOOTH, 4), np.uint8)

    def polygon(self, points: Sequence[Place], colour: Colour, *, rounds: int = 0, solid: int = 255) -> None:
        """:param rounds: how often the corners are cut off; 2 makes a body panel, 0 keeps them sharp."""
        for _ in range(rounds):
            points = _corners_cut(points)
        where = np.array(points, np.float64) * self._factor * ONE
        cv2.fillPoly(self._pixels, [where.astype(np.int32)], _ink(colour, solid), shift=4)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, *, radius: float = 0) -> None:
        right, bottom = x + width, y + height
        if not radius:
            self.polygon([(x, y), (right, y), (right, bottom), (x, bottom)], colour)
            return
        turns = [(right - radius, y + radius, -90), (right - radius, bottom - radius, 0)]
        turns += [(x + radius, bottom - radius, 90), (x + radius, y + radius, 180)]
        points = [
            (cx + radius * math.cos(math.radians(start + step)), cy + radius * math.sin(math.radians(start + step)))
            for cx, cy, start in turns
            for step in range(0, 91, 15)
        ]
        self.polygon(points, colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.ellipse(x, y, radius, radius, colour)

    def ellipse(self, x: float, y: float, across: float, down: float, colour: Colour, *, solid: int = 255) -> None:
        centre = (round(x * self._factor), round(y * self._factor))
        axes = (max(1, round(across * self._factor)), max(1, round(down * self._factor)))
        cv2.ellipse(self._pixels, centre, axes, 0, 0, 360, _ink(colour, solid), cv2.FILLED)

    def line(self, start: Place, end: Place, colour: Colour, width: float) -> None:
        ends = [(round(x * self._factor), round(y * self._factor)) for x, y in (start, end)]
        cv2.line(self._pixels, ends[0], ends[1], _ink(colour, 255), max(1, round(width * self._factor)), cv2.LINE_AA)

    def label(self, text: str, x: float, y: float, height: float, colour: Colour) -> None:
        """Write a text with its baseline's left end at (x, y). Chinese needs OpenCV 5, whose own font has it."""
        size = round(height * self._factor)
        if size < 4 or not hasattr(cv2, "FontFace"):
            return
        left, top = round(x * self._factor), round(y * self._factor) - size - size // 2
        # OpenCV writes on a picture without transparency: on a copy as wide as the text can be.
        right = left + (len(text) + 1) * size
        part = self._pixels[max(0, top) : top + 2 * size + size // 2, max(0, left) : right, :3]
        ink = np.ascontiguousarray(part)
        cv2.putText(ink, text, (0, size + size // 2 + min(0, top)), colour, cv2.FontFace("uni"), size)
        part[:] = ink

    def picture(self, picture: Image, x: float, y: float) -> None:
        """Put a BGR picture in, one of its pixels to one of the finished sheet's."""
        large = cv2.resize(picture, None, fx=SMOOTH, fy=SMOOTH, interpolation=cv2.INTER_NEAREST)
        left, top = round(x * self._factor), round(y * self._factor)
        part = self._pixels[top : top + large.shape[0], left : left + large.shape[1]]
        part[:, :, :3] = large[: part.shape[0], : part.shape[1]]
        part[:, :, 3] = 255

    def finished(self) -> Image:
        """Height x width x 4, colours already multiplied by how solid they are."""
        return np.asarray(cv2.resize(self._pixels, self._size, interpolation=cv2.INTER_AREA), np.uint8)


def lay(picture: Image, sheet: Image, x: int, y: int) -> None:
    """Lay a finished sheet over a BGR picture with its top left at (x, y); what is outside is cut off."""
    top, left = max(0, y), max(0, x)
    bottom, right = min(picture.shape[0], y + sheet.shape[0]), min(picture.shape[1], x + sheet.shape[1])
    if top >= bottom or left >= right:
        return
    ground = picture[top:bottom, left:right]
    over = sheet[top - y : bottom - y, left - x : right - x]
    clear = cv2.bitwise_not(cv2.extractChannel(over, 3))
    cv2.multiply(ground, cv2.merge((clear, clear, clear)), dst=ground, scale=1 / 255)
    cv2.add(ground, cv2.cvtColor(over, cv2.COLOR_BGRA2BGR), dst=ground)


def lit(sheet: Image, light: float) -> Image:
    """The same sheet under another light, its transparency kept."""
    changed = cv2.convertScaleAbs(sheet, alpha=light)
    solid = sheet[:, :, 3]
    changed[:, :, 3] = solid
    return np.asarray(np.minimum(changed, solid[:, :, None]) if light > 1 else changed, np.uint8)


def shade(colour: Colour, factor: float) -> Colour:
    blue, green, red = (max(0, min(255, round(part * factor))) for part in colour)
    return blue, green, red


def _ink(colour: Colour, solid: int) -> tuple[int, int, int, int]:
    blue, green, red = (part * solid // 255 for part in colour)
    return blue, green, red, solid


def _corners_cut(points: Sequence[Place]) -> list[Place]:
    """Chaikin's corner cutting: each corner becomes two points a quarter away."""
    cut: list[Place] = []
    for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True):
        cut += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by), (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
    return cut
