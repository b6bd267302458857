"""zbar through pyzbar, the second reader, in binary mode: the payload's own bytes, no charset guessing.

Plain ``pyzbar.decode`` transcodes: without ``ZBAR_CFG_BINARY`` libzbar turns the payload into UTF-8 by its own
guess, which garbles Chinese. The switch exists since zbar 0.23.1; pyzbar 0.1.9 does not name it, but hands any
number to ``zbar_image_scanner_set_config`` (values: zbar.h 0.23.92, ``enum zbar_config_e``).
"""

from collections.abc import Iterator
from ctypes import c_char_p, c_void_p, cast
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pyzbar import pyzbar, wrapper

from station.domain.scan import Code, Corners, Point
from station.scanning.text import payload_text

NAME = "zbar"
FORMAT = "QRCode"
_CFG_BINARY: Final = 4
_QR: Final = 64
_EVERY_SYMBOLOGY: Final = 0
_Y800: Final = int.from_bytes(b"Y800", "little")


class ZbarReader:
    """A libzbar scanner for QR codes only, one per thread. A fresh one is made every ``RENEW`` images, because
    libzbar's scanner has been seen to grow over its life (mchehab/zbar#258)."""

    name = NAME
    RENEW: Final = 10_000

    def __init__(self) -> None:
        self._scanner: Any = None
        self._images = 0

    def read(self, gray: NDArray[np.uint8]) -> list[Code]:
        """Every QR code in an 8-bit gray image (height x width)."""
        if self._scanner is None or self._images % self.RENEW == 0:
            self._renew()
        self._images += 1
        height, width = gray.shape
        pixels = gray.tobytes()  # must outlive the scan: libzbar keeps a pointer
        image = wrapper.zbar_image_create()
        try:
            wrapper.zbar_image_set_format(image, _Y800)
            wrapper.zbar_image_set_size(image, width, height)
            wrapper.zbar_image_set_data(image, cast(c_char_p(pixels), c_void_p), len(pixels), None)
            if wrapper.zbar_scan_image(self._scanner, image) < 0:
                raise RuntimeError("libzbar refused the image")
            return [_code_of(symbol) for symbol in _symbols(image)]
        finally:
            wrapper.zbar_image_destroy(image)

    def _renew(self) -> None:
        self.close()
        self._scanner = wrapper.zbar_image_scanner_create()
        if not self._scanner:
            raise MemoryError("libzbar gave no image scanner")
        self._set(_EVERY_SYMBOLOGY, wrapper.ZBarConfig.CFG_ENABLE, 0)
        self._set(_QR, wrapper.ZBarConfig.CFG_ENABLE, 1)
        self._set(_QR, _CFG_BINARY, 1)

    def _set(self, symbology: int, config: int, value: int) -> None:
        if wrapper.zbar_image_scanner_set_config(self._scanner, symbology, config, value) != 0:
            raise RuntimeError(
                f"libzbar refused config {config} for symbology {symbology}; it needs zbar 0.23.1 or later"
            )

    def close(self) -> None:
        if self._scanner is not None:
            wrapper.zbar_image_scanner_destroy(self._scanner)
            self._scanner = None

    def __del__(self) -> None:
        self.close()


def _symbols(image: Any) -> Iterator[Any]:
    symbol = wrapper.zbar_image_first_symbol(image)
    while symbol:
        yield symbol
        symbol = wrapper.zbar_symbol_next(symbol)


def _code_of(symbol: Any) -> Code:
    length = wrapper.zbar_symbol_get_data_length(symbol)
    payload: bytes = pyzbar.string_at(wrapper.zbar_symbol_get_data(symbol), length)
    return Code(payload, payload_text(payload), FORMAT, _corners(symbol), NAME)


def _corners(symbol: Any) -> Corners:
    """zbar lists a QR code's corners top left, bottom left, bottom right, top right."""
    points = [_point(symbol, index) for index in range(wrapper.zbar_symbol_get_loc_size(symbol))]
    first, fourth, third, second = (*points, *[(0, 0)] * 4)[:4]
    return first, second, third, fourth


def _point(symbol: Any, index: int) -> Point:
    return wrapper.zbar_symbol_get_loc_x(symbol, index), wrapper.zbar_symbol_get_loc_y(symbol, index)
