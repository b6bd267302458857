"""What people hold up: a phone or a printed card with a real QR code on it, and the fingers that hold it."""

import math
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import segno

from station.devices.camera.scene.paint import Colour, Sheet, lit, shade
from station.devices.camera.scene.printed import Print
from station.devices.camera.scene.vehicle import SKINS
from station.domain.scan import Image

QUIET = 4
"""Modules of margin the standard asks for around a QR code."""

DARK_MODE = 0.12
INKS: tuple[Colour, ...] = ((20, 20, 20), (20, 20, 20), (30, 96, 20), (110, 40, 20))
BRANDS: tuple[Colour, ...] = ((96, 160, 40), (190, 110, 20), (60, 60, 190))


@dataclass(frozen=True, slots=True, eq=False)
class Carrier:
    """A drawn phone or card. ``centre`` is the code's middle and ``side`` its edge, in pixels of the sheet;
    ``module`` is how many picture pixels one module takes when it is held straight; ``pitch`` the same in the sheet."""

    sheet: Image
    centre: tuple[float, float]
    side: float
    module: float
    pitch: float


def shown(printed: Print, module: float, light: float) -> Carrier:
    """Hold up something printed, its code at ``module`` picture pixels a module under this daylight."""
    sheet = cv2.cvtColor(printed.image, cv2.COLOR_BGR2BGRA)
    pitch = printed.side / (modules(printed.text) - 2 * QUIET)
    return Carrier(lit(np.asarray(sheet, np.uint8), light), printed.centre, printed.side, module, pitch)


def modules(text: str) -> int:
    """The edge of a text's code, its margin included. :raises ValueError: no QR code holds so long a text."""
    return len(_code(text))


def carrier(text: str, module: float, dice: random.Random, light: float) -> Carrier:
    """Draw a carrier to be shown at ``module`` picture pixels a module under this daylight."""
    pitch = max(2, math.ceil(module))
    phone = dice.random() < 0.7
    if phone:
        dark = dice.random() < DARK_MODE
        sheet, centre = _phone(_printed(text, pitch, dice.choice(INKS), inverted=dark), dice, dark)
        # A screen shines by itself: it follows the daylight only in part.
        sheet = lit(sheet, min(1.0, 0.68 + 0.3 * light))
    else:
        sheet, centre = _card(_printed(text, pitch, INKS[0], inverted=False), dice)
        sheet = lit(sheet, light)
    side = float(modules(text) - 2 * QUIET) * pitch
    return Carrier(sheet, centre, side, module, pitch)


@lru_cache(maxsize=32)
def _code(text: str) -> Image:
    """A text's modules with their margin, 1 dark.

    Bytes are forced to UTF-8: segno would write Chinese that Shift JIS has as kanji, and readers of bytes see that.
    The mask is not searched for, which takes segno 60 ms; every mask is valid and a reader must take any.
    """
    mask = zlib.crc32(text.encode()) % 8
    options: dict[str, Any] = {} if text.isascii() else {"mode": "byte", "encoding": "utf-8"}
    try:
        code = segno.make(text, error="m", micro=False, boost_error=False, mask=mask, **options)
    except segno.DataOverflowError as error:
        raise ValueError(f"no QR code holds {len(text)} characters; shorten the text") from error
    return np.array(list(code.matrix_iter(border=QUIET)), np.uint8)


def _printed(text: str, pitch: int, ink: Colour, *, inverted: bool) -> Image:
    large = np.kron(_code(text), np.ones((pitch, pitch), np.uint8))
    inks = ((26, 23, 22), (232, 232, 232)) if inverted else ((244, 244, 244), ink)
    return np.asarray(np.array(inks, np.uint8)[large], np.uint8)


def _phone(code: Image, dice: random.Random, dark: bool) -> tuple[Image, tuple[float, float]]:
    edge = float(code.shape[0])
    unit = edge / 100
    body = (edge * 1.16, edge * 2.0)
    left, top = 16 * unit, 6 * unit
    page, words = ((26, 23, 22), (150, 150, 150)) if dark else ((244, 244, 244), (120, 120, 120))
    brand = dice.choice(BRANDS)
    case = dice.choice(((36, 34, 34), (120, 116, 112), (150, 110, 60)))
    skin = dice.choice(SKINS)

    def draw(sheet: Sheet) -> None:
        _palm(sheet, left, top, body, skin, shade(dice.choice(BRANDS), 0.7))
        sheet.box(left - 2 * unit, top - 2 * unit, body[0] + 4 * unit, body[1] + 4 * unit, case, radius=13 * unit)
        sheet.box(left, top, body[0], body[1], (18, 18, 18), radius=11 * unit)
        inner = (left + 4 * unit, top + 7 * unit, body[0] - 8 * unit, body[1] - 14 * unit)
        sheet.box(*inner, page, radius=5 * unit)
        sheet.box(inner[0], inner[1], inner[2], 34 * unit, shade(brand, 0.5 if dark else 1.0), radius=5 * unit)
        sheet.label("通行码", inner[0] + 32 * unit, inner[1] + 26 * unit, 15 * unit, (245, 245, 245))
        sheet.picture(code, left + 8 * unit, top + 46 * unit)
        sheet.label("请出示给查验人员", inner[0] + 14 * unit, top + 166 * unit, 10 * unit, words)
        sheet.box(inner[0] + 24 * unit, top + 174 * unit, 60 * unit, 3 * unit, words, radius=1.5 * unit)
        _fingers(sheet, left, top, body, skin)

    size = (body[0] + 34 * unit, body[1] + 74 * unit)
    return _sheet(size, draw), (left + 8 * unit + edge / 2, top + 46 * unit + edge / 2)


def _card(code: Image, dice: random.Random) -> tuple[Image, tuple[float, float]]:
    edge = float(code.shape[0])
    unit = edge / 100
    body = (edge * 1.12, edge * 1.5)
    left, top = 16 * unit, 6 * unit
    paper = dice.choice(((238, 242, 244), (226, 236, 240), (240, 240, 238)))
    brand = dice.choice(BRANDS)
    skin = dice.choice(SKINS)

    def draw(sheet: Sheet) -> None:
        _palm(sheet, left, top, body, skin, shade(brand, 0.7))
        sheet.box(left, top, body[0], body[1], paper, radius=3 * unit)
        sheet.box(left, top, body[0], 26 * unit, brand, radius=3 * unit)
        sheet.label("车辆通行证", left + 18 * unit, top + 20 * unit, 15 * unit, (245, 245, 245))
        sheet.picture(code, left + 6 * unit, top + 28 * unit)
        for row, share in ((131, 0.7), (138, 0.5)):
            sheet.box(left + 12 * unit, top + row * unit, body[0] * share, 3 * unit, (150, 150, 150))
        _fingers(sheet, left, top, body, skin)

    size = (body[0] + 34 * unit, body[1] + 74 * unit)
    return _sheet(size, draw), (left + 6 * unit + edge / 2, top + 28 * unit + edge / 2)


def _sheet(size: tuple[float, float], draw: Callable[[Sheet], None]) -> Image:
    sheet = Sheet(*size, 1.0)
    draw(sheet)
    return sheet.finished()


def _palm(sheet: Sheet, left: float, top: float, body: tuple[float, float], skin: Colour, sleeve: Colour) -> None:
    """The hand behind the carrier: palm and the cuff of a sleeve showing below."""
    width, height = body
    x, y = left + width * 0.55, top + height
    wide = width * 0.26
    sheet.polygon([(x - wide, y - 20), (x + wide * 1.3, y - 20), (x + wide, y + height), (x - wide, y + height)], skin)
    low = y + width * 0.16
    sheet.polygon([(x - wide * 1.25, low), (x + wide * 1.4, low), (x + wide * 1.4, y + height), (x - wide, y + height)],
                  sleeve)  # fmt: skip


def _fingers(sheet: Sheet, left: float, top: float, body: tuple[float, float], skin: Colour) -> None:
    """Four finger tips around the right edge, the thumb over the left, all clear of the code."""
    width, height = body
    thick = width * 0.075
    for index in range(4):
        y = top + height * 0.80 + (index - 1.5) * thick * 1.5
        x = left + width + thick * (0.5 - 0.1 * abs(index - 1.5))
        sheet.ellipse(x, y, thick * 1.0, thick * 0.72, shade(skin, 0.92))
    sheet.ellipse(left - thick * 0.3, top + height * 0.84, thick * 1.1, thick * 2.4, skin)
    sheet.ellipse(left + thick * 0.1, top + height * 0.79, thick * 0.5, thick * 0.8, shade(skin, 1.1))


def softened(sheet: Image, sigma: float, smear: tuple[float, float]) -> Image:
    """Lens and motion blur. ``sigma`` and ``smear`` (right, down) are pixels; below a third nothing is seen."""
    if sigma > 0.3:
        reach = 2 * math.ceil(1.6 * sigma) + 1
        cv2.GaussianBlur(sheet, (reach, reach), sigma, dst=sheet)
    across, down = (2 * round(abs(part) / 2) + 1 for part in smear)
    if across > 1 or down > 1:
        cv2.blur(sheet, (across, down), dst=sheet)
    return sheet
