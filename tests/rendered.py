"""Printed codes before a camera, rendered: seeded streams of 640 x 480 frames, true pixel integration."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import segno

SIZE = (480, 640)
SEEN_AT = 4
"""Rendered so many times finer, then averaged, as a sensor does."""
GROUND = 150.0
FRAMES = 9
"""0.3 s at 30 frames a second."""


@dataclass(frozen=True)
class Scene:
    """What makes a stream hard."""

    pixels: float = 4.0
    """A module's side."""
    turned: float = 0.6
    """Radians to either side."""
    inverted: bool = False
    tilt: float = 0.0
    """Degrees away from the camera."""
    defocus: float = 0.0
    """Sigma, pixels."""
    motion: float = 0.0
    """Pixels of smear."""
    glare: bool = False
    windscreen: bool = False
    """Behind glass: half the contrast, the sky's reflection over it."""
    light: float = 1.0


def symbol(chance: np.random.Generator, version: int) -> tuple[str, np.ndarray]:
    """A text that fills a code of this version, level M, and its picture, one pixel a module."""
    length = {1: 13, 2: 24, 3: 38, 4: 58}[version]
    text = "".join(chance.choice(list("abcdefghjkmnpqrstuvwxyz0123456789-/"), length))
    return text, modules_of(text, version=version, error="m")


def modules_of(text: str, **options: object) -> np.ndarray:
    code = segno.make(text, micro=False, boost_error=False, **options)
    return np.where(np.array(list(code.matrix_iter(border=4)), np.uint8), 25, 225).astype(np.uint8)


def placed(
    modules: np.ndarray,
    pixels: float,
    centre: np.ndarray,
    angle: float = 0.0,
    tilt: float = 0.0,
    axis: float = 0.0,
    size: tuple[int, int] = SIZE,
) -> np.ndarray:
    """The printed code as a camera sees it, `centre` in pixels; float, 0..255."""
    side = len(modules)
    source = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    corners = (source - side / 2) * pixels @ _turn(axis)
    away = 8 * side * pixels
    depth = corners[:, 0] * np.sin(tilt)
    corners = corners * [np.cos(tilt), 1] * (away / (away + depth))[:, None]
    corners = corners @ _turn(axis).T @ _turn(-angle) + centre
    low, high = np.floor(corners.min(axis=0)).astype(int) - 2, np.ceil(corners.max(axis=0)).astype(int) + 2
    fine = cv2.resize(modules, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    target = ((corners - low) * SEEN_AT).astype(np.float32)
    shape = high - low
    warp = cv2.getPerspectiveTransform(source * 8, target)
    patch = cv2.warpPerspective(fine, warp, tuple((shape * SEEN_AT).tolist()), borderValue=GROUND)
    patch = cv2.resize(patch, tuple(shape.tolist()), interpolation=cv2.INTER_AREA)
    frame = np.full(size, GROUND, np.float32)
    (left, top), (right, bottom) = np.maximum(low, 0), np.minimum(high, size[::-1])
    if left < right and top < bottom:
        frame[top:bottom, left:right] = patch[top - low[1] : bottom - low[1], left - low[0] : right - low[0]]
    return frame


def stream(scene: Scene, seed: int, frames: int = FRAMES) -> tuple[str, Iterator[np.ndarray]]:
    """The text of one code held before the camera, and its frames."""
    chance = np.random.default_rng(seed)
    text, modules = symbol(chance, int(chance.integers(1, 5)))
    return text, _frames(scene, chance, 250 - modules if scene.inverted else modules, frames)


def _frames(scene: Scene, chance: np.random.Generator, modules: np.ndarray, frames: int) -> Iterator[np.ndarray]:
    angle, axis, smear = chance.uniform(-scene.turned, scene.turned), chance.uniform(0, np.pi), chance.uniform(0, np.pi)
    start, speed = np.array([320.0, 240.0]) + chance.uniform(-60, 60, 2), chance.uniform(-1.5, 1.5, 2)
    spot, side = chance.uniform(-0.35, 0.35, 2), len(modules) * scene.pixels
    for number in range(frames):
        centre = start + speed * number + chance.uniform(-0.5, 0.5, 2)
        turned = angle + chance.normal(0, 0.004)
        frame = placed(modules, scene.pixels, centre, turned, np.deg2rad(scene.tilt), axis)
        if scene.defocus:
            frame = cv2.GaussianBlur(frame, (0, 0), scene.defocus)
        if scene.motion:
            frame = smeared(frame, scene.motion * chance.uniform(0.8, 1.2), smear + chance.normal(0, 0.5))
        if scene.windscreen:
            frame = 0.5 * frame + _reflection(number)
        if scene.glare:
            frame = frame + _glare(centre + spot * side + number * 2.0, 0.16 * side)
        yield seen(frame * scene.light, chance)


def seen(frame: np.ndarray, chance: np.random.Generator, noise: float = 2.0) -> np.ndarray:
    """What the sensor makes of it."""
    return np.clip(frame + chance.normal(0, noise, frame.shape), 0, 255).round().astype(np.uint8)


def smeared(frame: np.ndarray, length: float, angle: float) -> np.ndarray:
    """The frame exposed while the camera moves by `length` pixels."""
    middle = int(length / 2) + 2
    kernel = np.zeros((2 * middle + 1, 2 * middle + 1), np.float32)
    for along in np.linspace(-0.5, 0.5, 241) * length:
        x, y = middle + along * np.cos(angle), middle + along * np.sin(angle)
        left, top = int(x), int(y)
        for column, row in ((left, top), (left + 1, top), (left, top + 1), (left + 1, top + 1)):
            kernel[row, column] += (1 - abs(x - column)) * (1 - abs(y - row))
    return cv2.filter2D(frame, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def bent(picture: np.ndarray, bulge: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """The picture with its columns moved down by ``bulge`` of -1..1 across, pixels."""
    height, width = picture.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return cv2.remap(picture, x, y - bulge(x / width * 2 - 1).astype(np.float32), cv2.INTER_LINEAR, borderValue=GROUND)


def _turn(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _reflection(number: int) -> np.ndarray:
    """The sky in the glass, lighter to the top, with the slanting edge of a cloud that moves."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    return 90 - 60 * y / SIZE[0] + 30 / (1 + np.exp((x - 0.6 * y - 200 - 3 * number) / 12))


def _glare(centre: np.ndarray, sigma: float) -> np.ndarray:
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    return 260 * np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * sigma**2))
