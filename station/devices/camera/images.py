"""Reading one image file, whatever is in it: a picture or one clear sentence, never a crash and never a flood."""

from pathlib import Path

import cv2
import numpy as np

from station.devices.camera.picture_header import stated_size
from station.domain.scan import Image

MOST_PIXELS = 100_000_000
MOST_BYTES = 256 * 1024 * 1024
IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".webp", ".bmp", ".dib", ".gif", ".tif", ".tiff",
     ".pbm", ".pgm", ".ppm", ".pnm", ".jp2", ".avif"}
)  # fmt: skip


class UnreadableImage(ValueError):
    """The message says what is wrong with the file and what can be done; whoever shows it puts the name before it."""


def is_picture(path: Path) -> bool:
    """Whether a file's name says that it is an image."""
    return path.suffix.lower() in IMAGE_SUFFIXES


def read_image(path: Path) -> Image:
    """Decode an image file to 8 bit, height x width gray or height x width x 3 BGR, upright as its EXIF says.

    Sixteen bits and floats become eight, transparent parts white, CMYK and palettes BGR; of an animation it is
    the first picture.

    :raises UnreadableImage: not there, no image, larger than 100 megapixels, damaged or cut short.
    """
    return decode_image(_bytes(path))


def decode_image(data: bytes) -> Image:
    """As ``read_image``, of an image file's bytes. :raises UnreadableImage: as there."""
    try:
        size = stated_size(data)
    except ValueError as error:
        raise UnreadableImage(f"{error}; copy it again from where it came") from error
    if size is None:
        raise UnreadableImage("is no image of a known format; save it as PNG, JPEG or WebP")
    if size[0] * size[1] > MOST_PIXELS:
        raise UnreadableImage(f"{size[0]} x {size[1]} is above 100 megapixels; scale it down first")
    picture = _decoded(data)
    if picture is None:
        raise UnreadableImage("is damaged or cut short; copy it again from where it came")
    return _on_white(_eight_bit(picture))


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UnreadableImage(f"{'is not a file' if path.exists() else 'does not exist'}; check the path")
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableImage("is above 256 MB; scale it down first")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableImage(f"cannot be read: {error.strerror}; check its rights") from error
    if not data:
        raise UnreadableImage("is empty; copy it again from where it came")
    return data


def _decoded(data: bytes) -> cv2.typing.MatLike | None:
    # Formats with transparency are decoded as they are, to be laid on white: a code drawn in black on nothing would
    # come out black on black. The others are left to OpenCV, which turns CMYK to BGR and photos upright.
    as_is = data[:4] in (b"\x89PNG", b"RIFF", b"GIF8") or data[4:8] == b"ftyp"
    try:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED if as_is else cv2.IMREAD_ANYCOLOR)
    except (cv2.error, MemoryError):
        return None


def _eight_bit(picture: cv2.typing.MatLike) -> Image:
    if picture.dtype == np.uint8:
        return np.asarray(picture, np.uint8)
    if picture.dtype == np.uint16:
        return np.asarray(np.asarray(picture, np.uint16) >> 8, np.uint8)
    known = np.nan_to_num(picture.astype(np.float32))
    return np.asarray(np.clip(known * (255 / max(1.0, float(known.max()))), 0, 255), np.uint8)


def _on_white(picture: Image) -> Image:
    if picture.ndim == 2:
        return picture
    if picture.shape[2] == 1:
        return picture[:, :, 0]
    if picture.shape[2] == 3:
        return picture
    colours, solid = picture[:, :, :3], cv2.cvtColor(picture[:, :, 3], cv2.COLOR_GRAY2BGR)
    return np.asarray(cv2.add(cv2.multiply(colours, solid, scale=1 / 255), cv2.bitwise_not(solid)), np.uint8)
