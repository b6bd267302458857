"""A phone before a lane's camera: its screenshot as the camera sees it, tilted, in poor light, and moving a little."""

from pathlib import Path

import cv2
import numpy as np

FRAMES = 45
CAMERA = (1280, 720)


def film(screenshot: bytes, folder: Path) -> None:
    """Write frames in which the phone is held before the camera."""
    folder.mkdir()
    screen = cv2.imdecode(np.frombuffer(screenshot, np.uint8), cv2.IMREAD_COLOR)
    assert screen is not None
    chance = np.random.default_rng(1)
    for number in range(FRAMES):
        cv2.imwrite(str(folder / f"{number:03}.png"), _frame(screen, number, chance))


def _frame(screen: cv2.typing.MatLike, number: int, chance: np.random.Generator) -> cv2.typing.MatLike:
    height, width = screen.shape[:2]
    sway = 4 * np.sin(number / 6)
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    seen = np.float32([[470 + sway, 40], [800 + sway, 70], [780 - sway, 690], [450 - sway, 640]])
    warped = cv2.warpPerspective(
        screen,
        cv2.getPerspectiveTransform(corners, seen),
        CAMERA,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(70,) * 3,
    )
    dim = cv2.GaussianBlur(warped, (3, 3), 0).astype(np.float32) * 0.75 + 10
    return np.clip(dim + chance.normal(0, 4, dim.shape), 0, 255).astype(np.uint8)
