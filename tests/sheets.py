"""Printed sheets, looked at as an office scanner would: rasterised at 150 dpi."""

from collections.abc import Iterator
from io import BytesIO

import cv2
import numpy as np
from pypdf import PageObject, PdfReader

from station.domain.scan import Image
from station.printing.png import to_png
from station.scanning.reader import read_still

DPI = 150
POINTS_PER_MM = 72 / 25.4


def rasterised(pdf: bytes, dpi: int = DPI) -> Iterator[Image]:
    for png in to_png(pdf, dpi):
        yield cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)


def scanned(picture: Image) -> list[str]:
    """The texts that our own scanner reads off a sheet, in order."""
    return sorted(code.text for code in read_still(picture))


def pages(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(BytesIO(pdf)).pages)


def size_mm(page: PageObject) -> tuple[float, float]:
    box = page.mediabox
    return round(float(box.width) / POINTS_PER_MM, 1), round(float(box.height) / POINTS_PER_MM, 1)


def fonts_of(page: PageObject) -> dict[str, bool]:
    """Names of the fonts on a page, and whether each is embedded."""
    fonts = (font.get_object() for font in page["/Resources"]["/Font"].values())
    return {font["/BaseFont"]: "/FontFile2" in font.get("/FontDescriptor", {}) for font in fonts}
