"""Reading image files: whatever the file, a picture or one sentence."""

import base64
import contextlib
import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.devices.camera.images import UnreadableImage, read_image
from station.devices.camera.picture_header import stated_size
from station.domain.scan import Image

# 24 x 16, left half red, right half white, as printers' software writes it: four inks.
CMYK_JPEG = base64.b64decode(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP/8AAFAgAEAAYBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwDrK4OuDr06tHSf+Wv4f1r0X4Sf8xb/ALY/+z16L8JP+Yt/2x/9norRr0WvRaK52vnWvnWitHSf+Wv4f1r0X4Sf8xb/ALY/+z16L8JP+Yt/2x/9norRr0WvRaK//9k="
)
ENCODINGS = (".png", ".jpg", ".webp", ".bmp", ".gif", ".tiff", ".ppm", ".jp2", ".avif")


def picture(width: int = 60, height: int = 40) -> Image:
    image = np.full((height, width, 3), 255, np.uint8)
    image[:, : width // 2] = (30, 30, 200)
    return image


def encoded(form: str, image: Image | None = None) -> bytes:
    return cv2.imencode(form, picture() if image is None else image)[1].tobytes()


def png(width: int, height: int, depth: int, colours: int, rows: bytes, *extra: tuple[bytes, bytes]) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0))
    body = b"".join(chunk(*item) for item in (*extra, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")))
    return b"\x89PNG\r\n\x1a\n" + header + body


def read(tmp_path: Path, data: bytes, name: str = "picture.bin") -> Image:
    path = tmp_path / name
    path.write_bytes(data)
    return read_image(path)


@pytest.mark.parametrize("form", ENCODINGS)
def test_every_usual_format_comes_out_in_its_colours(form: str, tmp_path: Path) -> None:
    image = read(tmp_path, encoded(form))
    assert image.shape == (40, 60, 3)
    assert image.dtype == np.uint8
    # A GIF has a palette of few colours.
    assert np.abs(image[20, 5].astype(int) - (30, 30, 200)).max() < (60 if form == ".gif" else 25)
    assert image[20, 55].min() > 235


@pytest.mark.parametrize("form", ENCODINGS)
def test_a_format_states_its_size_before_it_is_decoded(form: str) -> None:
    assert stated_size(encoded(form)) == (60, 40)


@pytest.mark.parametrize("form", ENCODINGS)
@pytest.mark.parametrize("share", [0.03, 0.3, 0.7])
def test_a_file_that_is_cut_short_is_refused_in_one_sentence(form: str, share: float, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (40, 60, 3), np.uint8)
    data = encoded(form, noise)
    with pytest.raises(UnreadableImage) as caught:
        read(tmp_path, data[: int(len(data) * share)])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "is empty"), (b"hello, this is no image at all", "no image"), (b"\x89PNG\r\n\x1a\n", "cut short")],
)
def test_what_is_no_image_is_refused_by_name(data: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match=words):
        read(tmp_path, data)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="does not exist"):
        read_image(tmp_path / "nothing.png")
    with pytest.raises(UnreadableImage, match="is not a file"):
        read_image(tmp_path)


def test_a_picture_above_100_megapixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="60000 x 60000 is above 100 megapixels"):
        read(tmp_path, png(60000, 60000, 1, 0, b""))


def test_a_picture_of_one_pixel_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, encoded(".png", picture(1, 1))).shape == (1, 1, 3)


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    deep = cv2.imencode(".png", np.full((4, 6, 3), 40000, np.uint16))[1].tobytes()
    assert read(tmp_path, deep).max() == 40000 >> 8


def test_a_one_bit_picture_stays_gray(tmp_path: Path) -> None:
    image = read(tmp_path, png(8, 2, 1, 0, b"\x00\xaa\x00\xaa"))
    assert image.tolist() == [[255, 0] * 4] * 2


def test_black_on_transparent_is_read_as_black_on_white(tmp_path: Path) -> None:
    palette = (b"PLTE", bytes(6)), (b"tRNS", b"\xff\x00")
    image = read(tmp_path, png(4, 1, 8, 3, b"\x00\x00\x01\x00\x01", *palette))
    assert image[0, :, 0].tolist() == [0, 255, 0, 255]
    for form in (".png", ".webp"):
        clear = np.zeros((8, 8, 4), np.uint8)
        clear[:, :4, 3] = 255
        assert read(tmp_path, encoded(form, clear))[0, :, 0].tolist() == [0] * 4 + [255] * 4


def test_four_inks_become_three_colours(tmp_path: Path) -> None:
    image = read(tmp_path, CMYK_JPEG)
    assert image[8, 2].tolist() == pytest.approx([30, 30, 200], abs=25)
    assert image[8, 22].min() > 235


def test_of_an_animation_the_first_picture_is_read(tmp_path: Path) -> None:
    moving = cv2.Animation()
    moving.frames = [picture(), np.zeros_like(picture())]
    moving.durations = np.array([100, 100], np.int32)  # type: ignore[assignment]
    path = tmp_path / "moving.webp"
    assert cv2.imwriteanimation(str(path), moving)
    assert read_image(path)[20, 55].min() > 235


def test_random_damage_ends_in_a_picture_or_a_sentence(tmp_path: Path) -> None:
    dice = np.random.default_rng(7)
    for form in ENCODINGS:
        whole = encoded(form)
        for _ in range(40):
            data = bytearray(whole)
            for place in dice.integers(0, len(data), 4):
                data[place] = int(dice.integers(0, 256))
            with contextlib.suppress(UnreadableImage):
                assert read(tmp_path, bytes(data)).dtype == np.uint8


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(encoded(".png"))
    path.chmod(0)
    with pytest.raises(UnreadableImage, match="check its rights"):
        read_image(path)
