"""How large an image file says it is, from its first bytes: asked before anything is decoded.

A format answers None for "not mine" and raises ``struct.error`` or ``ValueError`` for "mine, but cut short".
"""

import re
import struct
from collections.abc import Callable

Size = tuple[int, int]

PNM = re.compile(rb"P[1-6]\s+(?:#[^\n]*\n\s*)*(\d{1,9})\s+(?:#[^\n]*\n\s*)*(\d{1,9})\s")
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
TIFF_WIDTH, TIFF_HEIGHT, TIFF_SHORT = 256, 257, 3


def stated_size(data: bytes) -> Size | None:
    """Width and height in pixels, or None where no format known here knows the bytes as its own.

    :raises ValueError: the header itself is damaged or cut short.
    """
    for form in FORMATS:
        try:
            size = form(data)
        except (struct.error, IndexError) as error:
            raise ValueError("the file is cut short in its header") from error
        if size is not None:
            return size
    return None


def _pair(form: str, data: bytes, at: int) -> Size:
    first, second = struct.unpack_from(form, data, at)
    return first, second


def _png(data: bytes) -> Size | None:
    return _pair(">II", data, 16) if data.startswith(b"\x89PNG\r\n\x1a\n") else None


def _jpeg(data: bytes) -> Size | None:
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while True:
        marker = data[at + 1]
        if data[at] != 0xFF or marker == 0xFF:
            at += 1
        elif marker in JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            at += 2 + max(2, struct.unpack_from(">H", data, at + 2)[0])


def _webp(data: bytes) -> Size | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    match data[12:16]:
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF


def _bmp(data: bytes) -> Size | None:
    if data[:2] != b"BM":
        return None
    if struct.unpack_from("<I", data, 14)[0] == 12:
        return _pair("<HH", data, 18)
    width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)


def _gif(data: bytes) -> Size | None:
    return _pair("<HH", data, 6) if data[:6] in (b"GIF87a", b"GIF89a") else None


def _tiff(data: bytes) -> Size | None:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return None
    (at,) = struct.unpack_from(order + "I", data, 4)
    (entries,) = struct.unpack_from(order + "H", data, at)
    found = {}
    for index in range(entries):
        tag, kind = struct.unpack_from(order + "HH", data, at + 2 + 12 * index)
        form = order + ("H" if kind == TIFF_SHORT else "I")
        found[tag] = struct.unpack_from(form, data, at + 10 + 12 * index)[0]
    if TIFF_WIDTH not in found or TIFF_HEIGHT not in found:
        raise ValueError("the TIFF does not say how large it is")
    return found[TIFF_WIDTH], found[TIFF_HEIGHT]


def _pnm(data: bytes) -> Size | None:
    match = PNM.match(data)
    return (int(match[1]), int(match[2])) if match else None


def _jpeg2000(data: bytes) -> Size | None:
    if data.startswith(b"\xff\x4f\xff\x51"):
        width, height, left, top = struct.unpack_from(">IIII", data, 8)
        return width - left, height - top
    if data[4:8] != b"jP  ":
        return None
    height, width = struct.unpack_from(">II", data, data.index(b"ihdr") + 4)
    return width, height


def _avif(data: bytes) -> Size | None:
    if data[4:8] != b"ftyp" or not re.search(rb"avi[fs]", data[8:64]):
        return None
    # A grid states the size of its tiles as well as its own: the largest counts.
    sizes = [_pair(">II", data, found.end() + 4) for found in re.finditer(rb"ispe", data[:65536])]
    if not sizes:
        raise ValueError("the AVIF does not say how large it is")
    return max(sizes, key=lambda size: size[0] * size[1])


FORMATS: tuple[Callable[[bytes], Size | None], ...] = (
    _png, _jpeg, _webp, _bmp, _gif, _tiff, _pnm, _jpeg2000, _avif
)  # fmt: skip
