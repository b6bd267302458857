"""What a look at a picture gives: codes read, and places where a code was seen but not read."""

from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import cv2
import numpy as np
import zxingcpp

from station.scanning.arrays import Gray, Quad
from station.scanning.modules import Modules
from station.scanning.text import payload_text

MODEL_1: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel1])
MODEL_2: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


@dataclass(frozen=True, slots=True)
class Reading:
    """One code read: its text, its bytes, where (pixels of the picture) and how surely."""

    text: str
    payload: bytes
    corners: Quad
    how: str
    """Name of the treatment that read it."""
    spare: float
    """Error correction left unused, 0..1 (zxing-cpp `UEC`); 0 where the reader does not tell."""
    version: int
    """1..40; 0 where the reader does not tell."""
    level: str = ""
    """Error correction level: L, M, Q or H; empty where the reader does not tell."""
    barcode: zxingcpp.Barcode | None = field(default=None, compare=False, repr=False)
    """As zxing-cpp has it; None from zbar."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where finder patterns were seen but the code was not read."""

    corners: Quad
    modules: int
    """Modules a side; 0 where unknown."""


@dataclass(frozen=True, slots=True)
class Look:
    """The outcome of one look."""

    codes: tuple[Reading, ...]
    candidates: tuple[Candidate, ...]


def look(
    gray: Gray,
    how: str,
    binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage,
    formats: zxingcpp.BarcodeFormats = MODEL_2,
    *,
    quick: bool = False,
    origin: tuple[float, float] = (0.0, 0.0),
) -> Look:
    """Let zxing-cpp look once at the whole of `gray`; the coordinates told count from its first pixel as `origin`.

    A `quick` look leaves out inverted and shrunk copies.
    """
    found = zxingcpp.read_barcodes(
        gray,
        formats=formats,
        text_mode=zxingcpp.TextMode.HexECI,
        binarizer=binarizer,
        try_invert=not quick,
        try_downscale=not quick,
        return_errors=True,
    )
    codes = tuple(reading_of(barcode, corners_of(barcode, origin), how) for barcode in found if barcode.valid)
    failed = (barcode for barcode in found if not barcode.valid)
    return Look(codes, tuple(Candidate(corners_of(one, origin), _modules_of(one)) for one in failed))


def reading_of(barcode: zxingcpp.Barcode, corners: Quad, how: str) -> Reading:
    """The code zxing-cpp read, placed at `corners`."""
    extra = extra_of(barcode)
    return Reading(
        text=payload_text(barcode.bytes, barcode.text),
        payload=barcode.bytes,
        corners=corners,
        how=how,
        spare=float(extra.get("UEC", 0.0)),
        version=int(extra.get("Version", 0)),
        level=str(extra.get("ECLevel", "")),
        barcode=barcode,
    )


def modules_of(barcode: zxingcpp.Barcode) -> Modules:
    """The modules as they were sampled or drawn, errors and all; True is dark."""
    modules: Modules = np.asarray(barcode.to_image(scale=1, add_quiet_zones=False)) == 0
    return modules


def moved(code: Reading, scale: tuple[float, float], origin: tuple[float, float] = (0.0, 0.0)) -> Reading:
    """`code` from a picture that was cropped at `origin` and resized by 1 / `scale`."""
    corners = tuple((x * scale[0] + float(origin[0]), y * scale[1] + float(origin[1])) for x, y in code.corners)
    return replace(code, corners=corners)


def corners_of(barcode: zxingcpp.Barcode, origin: tuple[float, float] = (0.0, 0.0)) -> Quad:
    """Outer corners in pixels, clockwise from the finder corner, where the first pixel is `origin`."""
    place = barcode.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    left, top = origin
    return tuple((point.x + left, point.y + top) for point in points)


def centre(corners: Quad) -> tuple[float, float]:
    """Mean of the corners."""
    (a, b), (c, d), (e, f), (g, h) = corners
    return (a + c + e + g) / 4, (b + d + f + h) / 4


def side_of(corners: Quad) -> float:
    """The longer side of the upright box around the corners."""
    (a, b), (c, d), (e, f), (g, h) = corners
    return max(max(a, c, e, g) - min(a, c, e, g), max(b, d, f, h) - min(b, d, f, h))


def inside(point: tuple[float, float], corners: Quad) -> bool:
    """True where `point` lies in the quadrangle `corners` or on its edge."""
    across, down = zip(*corners, strict=True)
    if not min(across) <= point[0] <= max(across) or not min(down) <= point[1] <= max(down):
        return False
    outline = cv2.convexHull(np.array(corners, np.float32))
    return cv2.pointPolygonTest(outline, point, False) >= 0


def extra_of(barcode: zxingcpp.Barcode) -> dict[str, Any]:
    """What zxing-cpp tells beside the text; None of it for some failed reads."""
    return cast(dict[str, Any], barcode.extra or {})


def _modules_of(barcode: zxingcpp.Barcode) -> int:
    """Side in modules; 0 unknown. Failed reads may carry a Micro QR version such as `M4`."""
    name = str(extra_of(barcode).get("Version", ""))
    version = int(name) if name.isdecimal() else 0
    return 17 + 4 * version if version else 0
