"""Number plates drawn as GA 36 lays them out, before a camera: seeded pictures of a vehicle's front.

Places, sizes and colours are the standard's; the letters are those of the typeface that cards are printed with, drawn
into the standard's boxes, because the standard's own typeface is in no package. No photograph of a plate was used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from station.domain.plates import DIGITS, LETTERS, PROVINCES
from station.domain.scan import Image

SCALE = 2
"""Pixels a millimetre of a plate while it is drawn."""
TYPEFACE = Path(__file__).parent.parent / "station/printing/fonts/NotoSansSC-Medium.ttf"
SIZE = (1280, 720)

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""Left, top, width and height in millimetres."""

BLUE, YELLOW, GREEN = (152, 74, 10), (20, 184, 244), (92, 170, 26)
WHITE, BLACK, RED = (240, 242, 240), (26, 24, 22), (30, 28, 196)


@dataclass(frozen=True)
class Look:
    """How one kind of plate is made. ``end`` is the colour of its last character."""

    name: str
    ground: Colour
    ink: Colour
    end: Colour
    lines: int = 1
    gradient: bool = False
    green_from: float = 0.0
    """Share of the width that is yellow before the green begins: large new-energy plates."""


LOOKS = {
    look.name: look
    for look in (
        Look("blue", BLUE, WHITE, WHITE),
        Look("green", GREEN, BLACK, BLACK, gradient=True),
        Look("green large", GREEN, BLACK, BLACK, green_from=0.23),
        Look("yellow", YELLOW, BLACK, BLACK),
        Look("yellow two lines", YELLOW, BLACK, BLACK, lines=2),
        Look("trailer", YELLOW, BLACK, BLACK, lines=2),
        Look("learner", YELLOW, BLACK, BLACK),
        Look("police", WHITE, BLACK, RED),
        Look("black", BLACK, WHITE, WHITE),
    )
}


@dataclass(frozen=True)
class View:
    """What makes a picture hard. Ranges are drawn from evenly."""

    name: str
    width: tuple[float, float] = (150, 230)
    """Of the plate in pixels."""
    yaw: float = 15.0
    pitch: float = 12.0
    roll: float = 4.0
    """Degrees to either side."""
    defocus: float = 0.6
    """Sigma, pixels."""
    motion: int = 0
    """Pixels of smear."""
    noise: float = 3.0
    """Standard deviation, gray levels."""
    light: float = 1.0


VIEWS = {
    view.name: view
    for view in (
        View("easy"),
        View("turned", yaw=35, pitch=20, roll=9),
        View("blurred", defocus=1.7),
        View("moving", motion=7),
        View("noisy", noise=16),
        View("dark", light=0.16, noise=5),
        View("far", width=(90, 125)),
        View("too far", width=(60, 85)),
        View("all at once", width=(110, 160), yaw=35, pitch=20, roll=9, defocus=1.2, motion=5, noise=9, light=0.4),
    )
}


def some_text(look: Look, chance: np.random.Generator) -> str:
    """A text of this kind, every province as often as any other."""

    def some(letters: str, count: int = 1) -> str:
        return "".join(chance.choice(list(letters), count))

    place = some(PROVINCES) + some(LETTERS)
    match look.name:
        case "green":
            return place + some("DF") + some(LETTERS + DIGITS) + some(DIGITS, 4)
        case "green large":
            return place + some(DIGITS, 5) + some("DF")
        case "trailer" | "learner" | "police":
            return place + some(DIGITS, 4) + {"trailer": "挂", "learner": "学", "police": "警"}[look.name]
        case "black":
            end = some("港澳领使")
            if end == "使":
                return some(DIGITS, 6) + end
            return (place if end == "领" else "粤Z") + some(DIGITS, 4) + end
        case _:
            return place + some(DIGITS * 2 + LETTERS) + some(DIGITS, 3) + some(DIGITS * 2 + LETTERS)


def plate(text: str, look: Look) -> Image:
    """The plate seen from the front, ``SCALE`` pixels a millimetre."""
    width, height = plate_size(text, look)
    picture = _ground(round(width * SCALE), round(height * SCALE), look)
    cv2.rectangle(picture, *_corners((4, 4, width - 8, height - 8)), look.ink, SCALE * 2)
    boxes = _boxes(text, look)
    for place, (character, box) in enumerate(zip(text, boxes, strict=True)):
        _draw(picture, character, box, look.end if place == len(text) - 1 else look.ink)
    if look.lines == 1 and not text.endswith("使"):
        dot = (boxes[1][0] + boxes[1][2] + boxes[2][0]) / 2
        cv2.circle(picture, _point(dot, height / 2), 5 * SCALE, look.ink, cv2.FILLED)
    return picture


def plate_size(text: str, look: Look) -> tuple[float, float]:
    """Width and height in millimetres."""
    return (480 if len(text) == 8 else 440), (220 if look.lines == 2 else 140)


def before_camera(text: str, look: Look, view: View, chance: np.random.Generator) -> Image:
    """A picture of a vehicle's front with the plate somewhere in its lower half."""
    return placed_before_camera(text, look, view, chance)[0]


def placed_before_camera(text: str, look: Look, view: View, chance: np.random.Generator) -> tuple[Image, np.ndarray]:
    """The same, and the plate's corners in it."""
    picture = bare_front(chance)
    drawn, width = plate(text, look), chance.uniform(*view.width)
    corners = _quad(drawn.shape, width, view, chance)
    return _taken(_placed(picture, drawn, corners), view, chance), corners


def _taken(picture: Image, view: View, chance: np.random.Generator) -> Image:
    """As a camera takes it: defocus, motion, light, noise, and the losses of a JPEG."""
    picture = cv2.GaussianBlur(picture, (0, 0), view.defocus)
    if view.motion:
        picture = cv2.blur(picture, (view.motion, 1))
    lit = picture.astype(np.float32) * view.light * chance.uniform(0.85, 1.1)
    lit += chance.normal(0, view.noise, picture.shape).astype(np.float32)
    _, jpeg = cv2.imencode(".jpg", np.clip(lit, 0, 255).astype(np.uint8), (cv2.IMWRITE_JPEG_QUALITY, 85))
    return cv2.imdecode(jpeg, cv2.IMREAD_COLOR)


def _boxes(text: str, look: Look) -> Sequence[Box]:
    if look.lines == 2:
        bottom = [(27.5 + 80 * place, 90.0, 65.0, 110.0) for place in range(5)]
        return [(110.0, 15.0, 80.0, 60.0), (250.0, 15.0, 80.0, 60.0), *bottom]
    if len(text) == 8:
        lefts = [15.5, 69.5, *(161.5 + 52 * place for place in range(6))]
        return [(left, 25.0, 45.0 if place == 0 else 43.0, 90.0) for place, left in enumerate(lefts)]
    lefts = [15.5, 72.5, *(151.5 + 57 * place for place in range(5))]
    return [(left, 25.0, 45.0, 90.0) for left in lefts]


def _ground(width: int, height: int, look: Look) -> Image:
    picture = np.full((height, width, 3), look.ground, np.uint8)
    if look.gradient:
        share = np.linspace(0, 1, height)[:, None, None] ** 0.8
        picture[:] = (np.array(WHITE) * (1 - share) + np.array(look.ground) * share).astype(np.uint8)
    if look.green_from:
        picture[:, : round(width * look.green_from)] = YELLOW
    return picture


def _draw(picture: Image, character: str, box: Box, ink: Colour) -> None:
    glyph = _glyph(character)
    left, top, width, height = (round(side * SCALE) for side in box)
    # A 1 keeps its width: it is a stroke in the middle of its box.
    wide = min(width, round(glyph.shape[1] / glyph.shape[0] * height)) if character == "1" else width
    mask = cv2.resize(glyph, (wide, height), interpolation=cv2.INTER_AREA)[..., None].astype(np.float32) / 255
    left += (width - wide) // 2
    part = picture[top : top + height, left : left + wide]
    part[:] = (part * (1 - mask) + np.array(ink) * mask).astype(np.uint8)


@cache
def _glyph(character: str) -> Image:
    """The character's ink alone, 255 where it is, cut out to its edges."""
    sheet = np.zeros((360, 360, 3), np.uint8)
    cv2.putText(sheet, character, (40, 280), (255, 255, 255), cv2.FontFace(str(TYPEFACE)), 240, 650)
    left, top, width, height = cv2.boundingRect(sheet[..., 0])
    return sheet[top : top + height, left : left + width, 0]


def bare_front(chance: np.random.Generator) -> Image:
    """A vehicle without a plate: body, windscreen, grille, lamps and letters, enough edges to look at in vain."""
    width, height = SIZE
    picture = np.full((height, width, 3), chance.integers(90, 200, 3), np.uint8)
    body = tuple(int(part) for part in chance.choice([(40, 40, 160), (200, 200, 200), (35, 33, 30), (140, 70, 20)]))
    cv2.rectangle(picture, (0, round(height * 0.85)), (width, height), (88, 86, 84), cv2.FILLED)
    cv2.rectangle(picture, (180, 40), (1100, 640), body, cv2.FILLED)
    cv2.rectangle(picture, (260, 60), (1020, 230), (70, 62, 50), cv2.FILLED)
    for row in range(300, 400, 14):
        cv2.line(picture, (430, row), (850, row), (25, 25, 25), 5)
    for left in (230, 920):
        cv2.ellipse(picture, (left + 60, 340), (70, 36), 0, 0, 360, (225, 230, 232), cv2.FILLED)
    cv2.rectangle(picture, (200, 420), (1080, 610), tuple(max(0, part - 12) for part in body), cv2.FILLED)
    cv2.putText(picture, "TURBO 4x4", (260, 470), (170, 170, 175), cv2.FontFace(str(TYPEFACE)), 26, 500)
    shade = np.linspace(1.06, 0.9, height)[:, None, None]
    return np.clip(picture * shade, 0, 255).astype(np.uint8)


def _quad(shape: tuple[int, ...], width: float, view: View, chance: np.random.Generator) -> np.ndarray:
    """Where the plate's corners come to lie, clockwise from its top left, in pixels."""
    half = np.array([shape[1], shape[0]]) / 2
    flat = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
    yaw, pitch, roll = (np.radians(chance.uniform(-most, most)) for most in (view.yaw, view.pitch, view.roll))
    x, y = flat[:, 0], flat[:, 1]
    distance = 6.0 * shape[1]
    depth = distance + x * np.sin(yaw) + y * np.sin(pitch)
    seen = np.stack([x * np.cos(yaw), y * np.cos(pitch)], axis=1) * (distance / depth)[:, None]
    turn = np.array([(np.cos(roll), -np.sin(roll)), (np.sin(roll), np.cos(roll))])
    middle = np.array([chance.uniform(480, 800), chance.uniform(470, 570)])
    return seen @ turn.T * (width / shape[1]) + middle


def _placed(picture: Image, drawn: Image, quad: np.ndarray) -> Image:
    """Laid over at four times the resolution and averaged, as a sensor does."""
    finer = 4
    left, top = np.floor(quad.min(axis=0)).astype(int) - 2
    right, bottom = np.ceil(quad.max(axis=0)).astype(int) + 2
    size = ((right - left) * finer, (bottom - top) * finer)
    corners = np.array([(0, 0), (drawn.shape[1], 0), drawn.shape[1::-1], (0, drawn.shape[0])], np.float32)
    homography = cv2.getPerspectiveTransform(corners, ((quad - (left, top)) * finer).astype(np.float32))
    laid = cv2.warpPerspective(drawn, homography, size, flags=cv2.INTER_AREA)
    there = cv2.warpPerspective(np.full(drawn.shape[:2], 255, np.uint8), homography, size)
    small = (right - left, bottom - top)
    share = cv2.resize(there, small, interpolation=cv2.INTER_AREA)[..., None] / 255.0
    colour = cv2.resize(laid * (there > 0)[..., None], small, interpolation=cv2.INTER_AREA)
    part = picture[top:bottom, left:right]
    part[:] = np.clip(part * (1 - share) + colour, 0, 255).astype(np.uint8)
    return picture


def _corners(box: Box) -> tuple[tuple[int, int], tuple[int, int]]:
    left, top, width, height = box
    return _point(left, top), _point(left + width, top + height)


def _point(x: float, y: float) -> tuple[int, int]:
    return round(x * SCALE), round(y * SCALE)
