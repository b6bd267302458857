"""Something really printed, shown as it is: a rasterised sheet, or a photograph of one."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import zxingcpp

from station.domain.scan import Image

_MODEL_2 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """``centre`` and ``side`` are of its one code, in pixels of ``image`` (BGR); ``text`` is what the code says."""

    image: Image
    text: str
    centre: tuple[float, float]
    side: float


def printed(path: Path) -> Print:
    """:raises OSError: it cannot be opened. :raises ValueError: it is no picture of exactly one QR code."""
    image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("is no picture; give a PNG or JPEG")
    codes = zxingcpp.read_barcodes(image, formats=_MODEL_2)
    if len(codes) != 1:
        raise ValueError(f"shows {len(codes)} QR codes that can be read; give a picture of one")
    place = codes[0].position
    corners = np.array([(p.x, p.y) for p in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)])
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    x, y = corners.mean(axis=0)
    return Print(np.asarray(image, np.uint8), codes[0].text, (float(x), float(y)), float(sides.mean()))
