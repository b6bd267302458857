"""zxing-cpp, the first reader: fast, and it gives the payload's own bytes."""

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from station.domain.scan import Code, Corners
from station.scanning.text import payload_text

NAME = "zxing-cpp"
FORMAT = "QRCode"
QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


class ZxingReader:
    """QR Code model 2 only: plain ``QRCode`` also returns Micro QR, which no pass is printed as."""

    name = NAME

    def read(self, gray: NDArray[np.uint8]) -> list[Code]:
        """Every QR code in an 8-bit gray image (height x width)."""
        found = zxingcpp.read_barcodes(gray, formats=QR_CODES, text_mode=zxingcpp.TextMode.HexECI)
        return [_code_of(barcode) for barcode in found]


def _code_of(barcode: zxingcpp.Barcode) -> Code:
    return Code(
        payload=barcode.bytes,
        text=payload_text(barcode.bytes, barcode.text),
        format=FORMAT,
        corners=_corners(barcode.position),
        decoder=NAME,
    )


def _corners(position: zxingcpp.Position) -> Corners:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    first, second, third, fourth = ((point.x, point.y) for point in points)
    return first, second, third, fourth
