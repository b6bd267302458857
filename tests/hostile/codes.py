"""Codes that nobody should hold before a camera: texts, and pictures of what is no single text."""

import random
from collections.abc import Iterator

import cv2
import numpy as np
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made import a_pass, flipped

from station.domain.scan import Image
from station.passes import cp1

_STRANGERS = Ed25519PrivateKey.generate()
SIZE = (960, 720)
MOST_BYTES = 2300  # of a code of binary data whose modules are still two pixels wide


def hostile_texts(chance: random.Random) -> Iterator[str]:
    """Texts for a scene, which draws and shows them."""
    while True:
        yield chance.choice(_TEXTS)(chance)


def _damaged(chance: random.Random) -> str:
    text = cp1.issue(a_pass(), _STRANGERS)
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("0Z$%* ") + text[place + 1 :]


_TEXTS = (
    _damaged,
    lambda chance: cp1.issue(a_pass(), _STRANGERS),
    lambda chance: cp1.issue(a_pass(), _STRANGERS)[: chance.randrange(4, 200)],
    lambda chance: "CP1:" + "".join(chance.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", k=300)),
    lambda chance: "HC1:" + "".join(chance.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", k=300)),
    lambda chance: f"\x1b[2J\x07\r\n\t{chance.randrange(10**6)}\x7f\u202e",
    lambda chance: f"'; drop table passages; -- {chance.randrange(10**6)}",
    lambda chance: f"<script>alert({chance.randrange(10**6)})</script>",
    lambda chance: "桥" * chance.randrange(1, 200),
    lambda chance: "x" * chance.randrange(400, 900),
    lambda chance: f'=HYPERLINK("http://evil.example/{chance.randrange(10**6)}")',
    lambda chance: f"https://example.org/{chance.randrange(10**6)}",
)


def hostile_picture(chance: random.Random) -> Image:
    """One frame of a camera, BGR."""
    canvas = np.full((SIZE[1], SIZE[0], 3), 190, np.uint8)
    match chance.choice(("large", "bytes", "append", "many", "damaged", "noise", "text")):
        case "large":
            _put(canvas, segno.make_qr(chance.randbytes(MOST_BYTES), error="l"), 0, 0, 700)
        case "bytes":
            _put(canvas, segno.make_qr(b"\0\x1b\xff\xfe" + chance.randbytes(60)), 200, 150, 400)
        case "append":
            codes = segno.make_sequence(cp1.issue(a_pass(), _STRANGERS), symbol_count=4)
            for number, code in enumerate(codes[: chance.randrange(1, 5)]):
                _put(canvas, code, 40 + number % 2 * 360, 10 + number // 2 * 350, 340)
        case "many":
            for place in range(12):
                code = segno.make_qr(f"{chance.randrange(10**9)}")
                _put(canvas, code, place % 4 * 235, place // 4 * 235, 220)
        case "damaged":
            _put(canvas, segno.make_qr(cp1.issue(a_pass(), _STRANGERS)), 200, 150, 420)
            for _ in range(chance.randrange(200, 3000)):
                x, y = chance.randrange(200, 620), chance.randrange(150, 570)
                canvas[y : y + 3, x : x + 3] = chance.choice((0, 255))
        case "noise":
            canvas = np.frombuffer(chance.randbytes(canvas.size), np.uint8).reshape(canvas.shape).copy()
        case _:
            _put(canvas, segno.make_qr(next(hostile_texts(chance))[:700]), 200, 150, 420)
    return canvas


def _put(canvas: Image, code: segno.QRCode, x: int, y: int, side: int) -> None:
    modules = np.array([bytearray(row) for row in code.matrix_iter(border=4)], np.uint8)
    picture = cv2.resize((1 - modules) * 255, (side, side), interpolation=cv2.INTER_NEAREST)
    canvas[y : y + side, x : x + side] = picture[..., None]


def jpeg(picture: Image) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def hostile_jpeg(chance: random.Random) -> bytes:
    """What a camera says is a picture."""
    good = jpeg(hostile_picture(chance))
    match chance.randrange(6):
        case 0:
            return good[: chance.randrange(len(good))]
        case 1:
            return flipped(good, chance)
        case 2:  # as large as a header can say
            place = good.index(b"\xff\xc0") + 5
            return good[:place] + b"\xff\xff\xff\xff" + good[place + 4 :]
        case 3:
            return chance.randbytes(chance.randrange(1, 5000))
        case _:
            return good
