"""Vehicles from their left side, where the driver sits, driving to the left of the picture."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from station.devices.camera.scene.paint import Colour, Place, Sheet, shade
from station.domain.scan import Image

PAINTS: tuple[Colour, ...] = (
    (228, 228, 226), (60, 56, 54), (168, 166, 162), (54, 46, 168), (150, 92, 44), (88, 120, 70), (40, 130, 206)
)  # fmt: skip
GLASS: Colour = (96, 84, 72)
INSIDE: Colour = (44, 40, 38)
SKINS: tuple[Colour, ...] = ((138, 172, 222), (120, 156, 206), (104, 138, 190))


@dataclass(frozen=True, slots=True, eq=False)
class Vehicle:
    """A drawn vehicle. ``window`` is where the driver holds things out, in the sheet's own units of 720 lines."""

    sheet: Image
    width: float
    height: float
    window: Place


def vehicle(dice: random.Random, people: int, scale: float) -> Vehicle:
    """:param people: how many show a code; more than one come by bus."""
    draw = _bus if people > 1 else dice.choices((_car, _suv, _truck), (5, 3, 2))[0]
    return draw(dice, scale)


def _drawn(size: tuple[float, float], window: Place, scale: float, draw: Callable[[Sheet], None]) -> Vehicle:
    sheet = Sheet(*size, scale)
    # The shadow on the road comes first, under everything.
    sheet.ellipse(size[0] / 2, size[1] - 22, size[0] * 0.48, 20, (20, 20, 20), solid=150)
    draw(sheet)
    return Vehicle(sheet.finished(), *size, window)


def _car(dice: random.Random, scale: float) -> Vehicle:
    paint = dice.choice(PAINTS)

    def draw(sheet: Sheet) -> None:
        roof = [(232, 192), (368, 66), (430, 48), (690, 48), (760, 72), (884, 186)]
        body = [(14, 270), (30, 222), (120, 196), *roof, (960, 200), (990, 250), (984, 340), (20, 340)]
        sheet.polygon(body, paint, rounds=2)
        sheet.polygon([(22, 290), (986, 282), (984, 340), (20, 340)], shade(paint, 0.72), rounds=1)
        sheet.polygon([(276, 190), (382, 84), (430, 68), (684, 68), (742, 90), (840, 186)], GLASS, rounds=1)
        sheet.polygon([(296, 188), (392, 90), (434, 74), (552, 74), (552, 188)], INSIDE)
        _driver(sheet, dice, 446, 128, 188)
        sheet.box(552, 66, 16, 124, shade(paint, 0.6))
        _doors(sheet, paint, ((282, 190), (560, 190), (806, 190)), 318)
        sheet.ellipse(276, 186, 24, 15, shade(paint, 0.8))
        _lamps(sheet, (16, 224), (956, 214))
        _wheels(sheet, (206, 806), 326, 66)

    return _drawn((1004, 412), (440, 150), scale, draw)


def _suv(dice: random.Random, scale: float) -> Vehicle:
    paint = dice.choice(PAINTS)

    def draw(sheet: Sheet) -> None:
        roof = [(226, 206), (330, 62), (390, 36), (860, 36), (926, 66), (970, 200)]
        body = [(14, 300), (24, 238), (100, 212), *roof, (990, 250), (988, 388), (20, 388)]
        sheet.polygon(body, paint, rounds=2)
        sheet.box(380, 26, 470, 9, (70, 70, 70), radius=4)
        sheet.polygon([(16, 336), (990, 330), (988, 388), (20, 388)], (58, 58, 58), rounds=1)
        sheet.polygon([(266, 204), (348, 76), (396, 56), (852, 56), (902, 78), (934, 200)], GLASS, rounds=1)
        sheet.polygon([(282, 202), (358, 82), (400, 62), (546, 62), (546, 202)], INSIDE)
        _driver(sheet, dice, 442, 128, 202)
        for pillar in (546, 756):
            sheet.box(pillar, 54, 18, 150, shade(paint, 0.55))
        _doors(sheet, paint, ((270, 206), (555, 206), (765, 206)), 340)
        sheet.ellipse(266, 202, 26, 18, shade(paint, 0.8))
        _lamps(sheet, (14, 250), (968, 216))
        _wheels(sheet, (212, 796), 376, 78)

    return _drawn((1004, 474), (440, 160), scale, draw)


def _truck(dice: random.Random, scale: float) -> Vehicle:
    paint = dice.choice(PAINTS)
    load = dice.choice(PAINTS)

    def draw(sheet: Sheet) -> None:
        sheet.box(470, 40, 960, 400, load, radius=8)
        for rib in range(500, 1430, 66):
            sheet.box(rib, 52, 8, 376, shade(load, 0.84))
        sheet.box(440, 436, 990, 34, (64, 64, 64))
        cab = [(20, 460), (24, 270), (70, 92), (110, 60), (440, 60), (440, 460)]
        sheet.polygon(cab, paint, rounds=2)
        sheet.polygon([(22, 380), (440, 380), (440, 470), (22, 470)], shade(paint, 0.7), rounds=1)
        sheet.polygon([(64, 250), (102, 104), (118, 92), (352, 92), (352, 250)], GLASS, rounds=1)
        sheet.polygon([(120, 248), (142, 104), (346, 104), (346, 248)], INSIDE)
        _driver(sheet, dice, 236, 174, 248)
        _doors(sheet, paint, ((112, 256), (362, 256)), 430)
        sheet.box(64, 150, 26, 96, (50, 50, 50), radius=8)
        _lamps(sheet, (18, 392), (1400, 440))
        _wheels(sheet, (216, 900, 1080), 476, 84)

    return _drawn((1440, 580), (250, 210), scale, draw)


def _bus(dice: random.Random, scale: float) -> Vehicle:
    paint = dice.choice(PAINTS)

    def draw(sheet: Sheet) -> None:
        sheet.box(16, 24, 1400, 480, paint, radius=34)
        sheet.box(16, 380, 1400, 60, shade(paint, 0.7))
        sheet.box(16, 366, 1400, 10, (70, 150, 230))
        sheet.box(32, 84, 1368, 236, GLASS, radius=20)
        for left in range(190, 1390, 244):
            sheet.box(left, 92, 226, 220, INSIDE, radius=10)
            _driver(sheet, dice, left + dice.uniform(80, 150), 196, 312)
        sheet.box(44, 92, 128, 330, (74, 66, 58), radius=8)
        sheet.label("客运", 60, 470, 40, shade(paint, 0.45))
        _lamps(sheet, (18, 420), (1386, 400))
        _wheels(sheet, (290, 1110), 500, 80)

    return _drawn((1432, 600), (720, 250), scale, draw)


def _driver(sheet: Sheet, dice: random.Random, x: float, y: float, sill: float) -> None:
    """Head, hair, face mask and shoulders behind an open window whose lower edge is ``sill``."""
    skin, coat = dice.choice(SKINS), shade(dice.choice(PAINTS), 0.6)
    sheet.polygon([(x - 62, sill), (x - 46, y + 42), (x, y + 30), (x + 46, y + 42), (x + 66, sill)], coat)
    sheet.ellipse(x, y - 4, 29, 36, (30, 30, 32))
    sheet.ellipse(x - 5, y + 4, 26, 31, skin)
    sheet.polygon([(x - 30, y + 6), (x + 12, y + 4), (x + 12, y + 26), (x - 16, y + 34)], (226, 214, 196), rounds=1)


def _doors(sheet: Sheet, paint: Colour, tops: tuple[Place, ...], bottom: float) -> None:
    for x, y in tops:
        sheet.line((x, y), (x, bottom), shade(paint, 0.66), 2.5)
    for x, y in tops[1:]:
        sheet.box(x - 62, y + 24, 40, 9, shade(paint, 0.55), radius=4)


def _lamps(sheet: Sheet, front: Place, back: Place) -> None:
    sheet.box(*front, 34, 26, (206, 234, 244), radius=9)
    sheet.box(*back, 26, 34, (40, 40, 190), radius=9)


def _wheels(sheet: Sheet, centres: tuple[float, ...], y: float, radius: float) -> None:
    for x in centres:
        sheet.disc(x, y, radius * 1.14, (34, 32, 30))
    for x in centres:
        sheet.disc(x, y, radius, (30, 30, 30))
        sheet.disc(x, y, radius * 0.64, (168, 168, 168))
        sheet.disc(x, y, radius * 0.5, (120, 120, 120))
        sheet.disc(x, y, radius * 0.16, (190, 190, 190))
