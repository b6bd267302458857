"""What stands still: sky, hills, trees, the road, the checkpoint's booth, barrier, sign and cones."""

import random

import cv2
import numpy as np

from station.devices.camera.scene.paint import Colour, Sheet, lay, shade
from station.domain.scan import Image

HORIZON = 330.0
KERB = 505.0
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((214, 170, 120), (238, 222, 205)),
    ((190, 178, 168), (222, 216, 210)),
    ((205, 150, 105), (196, 214, 238)),
)
SIGNS = ("疫情防控检查站", "请停车 出示通行码", "扫码查验 有序通行", "减速慢行 接受查验")


def backdrop(size: tuple[int, int], seed: int) -> Image:
    """The empty road, BGR; every seed has its own sky, hills and sign."""
    dice = random.Random(f"{seed}/backdrop")
    scale = size[1] / 720
    width = size[0] / scale
    picture = _sky(size, dice)
    sheet = Sheet(width, 720, scale)
    _hills(sheet, width, dice)
    _road(sheet, width)
    _booth(sheet, width, dice)
    _sign(sheet, width, dice)
    lay(picture, sheet.finished(), 0, 0)
    return _grained(picture, seed)


def _sky(size: tuple[int, int], dice: random.Random) -> Image:
    above, below = dice.choice(SKIES)
    rows = np.linspace(0, 1, size[1])[:, None] ** 0.8
    colours = np.array(above) * (1 - rows) + np.array(below) * rows
    return np.repeat(colours[:, None, :], size[0], axis=1).astype(np.uint8)


def _hills(sheet: Sheet, width: float, dice: random.Random) -> None:
    for colour, base, rise in (((186, 178, 160), 265, 70), ((150, 152, 126), 295, 45), ((92, 118, 92), 322, 26)):
        ridge = [(x, base - dice.uniform(0, rise)) for x in np.linspace(-40, width + 40, 14)]
        sheet.polygon([(-80, 420), *ridge, (width + 80, 420)], colour, rounds=2)
    for _ in range(26):
        x, radius = dice.uniform(0, width), dice.uniform(14, 34)
        green = shade((66, 104, 74), dice.uniform(0.75, 1.15))
        sheet.line((x, 350), (x, 372), (58, 74, 88), 5)
        sheet.ellipse(x, 345 - radius * 0.4, radius * 0.8, radius, green)


def _road(sheet: Sheet, width: float) -> None:
    sheet.box(0, 368, width, 92, (112, 140, 128))
    sheet.box(0, 440, width, 66, (150, 150, 148))
    for post in np.arange(30, width, 90):
        sheet.box(float(post), 398, 8, 50, (150, 152, 150))
    sheet.box(0, 404, width, 16, (190, 192, 190), radius=6)
    sheet.box(0, KERB - 14, width, 14, (176, 178, 178))
    sheet.box(0, KERB, width, 720 - KERB, (98, 94, 92))
    sheet.polygon([(0, 690), (width, 690), (width, 702), (0, 702)], (196, 204, 206))
    for dash in np.arange(-20, width, 170):
        left = float(dash)
        sheet.polygon([(left, 522), (left + 90, 522), (left + 84, 529), (left - 6, 529)], (188, 194, 196))


def _booth(sheet: Sheet, width: float, dice: random.Random) -> None:
    left = width * dice.uniform(0.015, 0.06)
    sheet.box(left - 14, 150, 218, 22, (150, 92, 40), radius=6)
    sheet.box(left, 170, 190, 322, (226, 222, 216))
    sheet.box(left, 420, 190, 72, (150, 92, 40))
    sheet.box(left + 18, 206, 154, 118, (120, 104, 84), radius=4)
    sheet.polygon([(left + 30, 322), (left + 86, 208), (left + 116, 208), (left + 60, 322)], (148, 132, 112))
    sheet.label("查验", left + 56, 472, 44, (240, 240, 240))
    _barrier(sheet, left + 150)


def _barrier(sheet: Sheet, left: float) -> None:
    sheet.box(left + 70, 380, 46, 132, (52, 148, 236), radius=6)
    for index in range(9):
        colour = (60, 60, 214) if index % 2 else (236, 236, 236)
        a, b = index * 42.0, (index + 1) * 42.0
        x, y = left + 92, 398.0
        # The arm is up: it slants over the road ahead of the vehicle.
        sheet.line((x - a * 0.24, y - a * 0.97), (x - b * 0.24, y - b * 0.97), colour, 13)
    for x in (left + 20, left + 190):
        sheet.polygon([(x - 22, 516), (x + 22, 516), (x + 7, 448), (x - 7, 448)], (40, 96, 236))
        sheet.polygon([(x - 15, 492), (x + 15, 492), (x + 11, 474), (x - 11, 474)], (236, 236, 236))


def _sign(sheet: Sheet, width: float, dice: random.Random) -> None:
    text = dice.choice(SIGNS)
    left = width * dice.uniform(0.56, 0.66)
    for post in (left + 40, left + 360):
        sheet.box(post, 200, 10, 210, (140, 140, 140))
    sheet.box(left - 6, 104, 422, 112, (236, 236, 236), radius=12)
    sheet.box(left, 110, 410, 100, (168, 96, 24), radius=9)
    size = min(46.0, 370 / len(text))
    sheet.label(text, left + 205 - len(text) * size / 2, 162 + size * 0.36, size, (244, 244, 244))


def _grained(picture: Image, seed: int) -> Image:
    """Give flat areas the grain of asphalt and foliage."""
    height, width = picture.shape[:2]
    grain = np.random.default_rng(seed).normal(0, 5, (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    spread = np.asarray(cv2.resize(grain, (width, height)), np.float32)
    sky = int(height * HORIZON / 720 * 0.8)
    spread[:sky] = spread[:sky] / 4
    return np.asarray(np.clip(picture + spread[:, :, None], 0, 255), np.uint8)
