"""How a hand moves what it holds: slow drift, turning, a late focus; pure functions of the time."""

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.devices.camera.scene.carrier import Carrier, softened
from station.devices.camera.scene.paint import lay
from station.devices.camera.scene.traffic import LOWERING, RAISING, Visit
from station.domain.scan import Image

VIEW = 1250.0
"""Focal length of the camera in pixels of a picture 720 high: how strongly near things grow."""

EXPOSURE = 1 / 90
STEP = 1 / 240


@dataclass(frozen=True, slots=True)
class Habit:
    """One hand's way of holding: angles in radians, distances in pixels of a picture 720 high."""

    pitch: float
    yaw: float
    roll: float
    sway: float
    drift: float
    pace: float
    phase: float
    late_focus: float
    poor_focus: float


def habit(dice: random.Random) -> Habit:
    degrees = math.radians
    lean = dice.uniform(0, degrees(31))
    towards = dice.uniform(0, 2 * math.pi)
    return Habit(
        pitch=lean * math.sin(towards),
        yaw=lean * math.cos(towards),
        roll=dice.gauss(0, degrees(6)),
        sway=dice.uniform(degrees(1), degrees(5)),
        drift=dice.uniform(3, 12),
        pace=dice.uniform(0.35, 0.8),
        phase=dice.uniform(0, 2 * math.pi),
        late_focus=dice.uniform(0.1, 1.2),
        poor_focus=dice.uniform(0.0, 0.65),
    )


def draw(picture: Image, held: Carrier, way: Habit, place: tuple[float, float], visit: Visit, t: float) -> None:
    """Draw a carrier into the picture with its code's middle around ``place`` (pixels)."""
    scale = picture.shape[0] / 720
    x, y = _moved(way, place, visit, t, scale)
    before = _moved(way, place, visit, t - STEP, scale)
    corners = projected(held, way, (x, y), t, scale)
    left, top = (math.floor(value) - 4 for value in corners.min(axis=0))
    right, bottom = (math.ceil(value) + 4 for value in corners.max(axis=0))
    left, top = max(left, -8), max(top, -8)
    right, bottom = min(right, picture.shape[1] + 8), min(bottom, picture.shape[0] + 8)
    if right - left < 2 or bottom - top < 2:
        return
    onto = cv2.getPerspectiveTransform(_edges(held), (corners - (left, top)).astype(np.float32))
    sheet = cv2.warpPerspective(held.sheet, onto, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    smear = ((x - before[0]) / STEP * EXPOSURE, (y - before[1]) / STEP * EXPOSURE)
    lay(picture, softened(np.asarray(sheet, np.uint8), focus(way, visit, t) * held.module, smear), left, top)


def focus(way: Habit, visit: Visit, t: float) -> float:
    """The lens' blur in modules (standard deviation): late at first, then hunting, sharp about once a second."""
    since = max(0.0, t - visit.stands)
    hunting = way.poor_focus * (0.5 + 0.5 * math.sin(2 * math.pi * (0.8 + way.pace / 2) * since + way.phase))
    return 0.12 + way.late_focus * math.exp(-since / 0.35) + hunting


def projected(held: Carrier, way: Habit, middle: tuple[float, float], t: float, scale: float) -> NDArray[np.float64]:
    """Where the sheet's four corners fall in the picture, clockwise from its top left."""
    angle = 2 * math.pi * way.pace * t + way.phase
    pitch = way.pitch + way.sway * math.sin(angle)
    yaw = way.yaw + way.sway * math.cos(angle * 0.8)
    roll = way.roll + way.sway * 0.6 * math.sin(angle * 0.6)
    flat = (_edges(held).astype(np.float64) - held.centre) * (held.module / held.pitch)
    turned = np.column_stack([flat, np.zeros(4)]) @ _turn(pitch, yaw, roll).T
    near = VIEW * scale / (VIEW * scale + turned[:, 2])
    return np.asarray(turned[:, :2] * near[:, None] + middle, np.float64)


def _edges(held: Carrier) -> NDArray[np.float32]:
    height, width = held.sheet.shape[:2]
    return np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)


def _turn(pitch: float, yaw: float, roll: float) -> NDArray[np.float64]:
    (sp, cp), (sy, cy), (sr, cr) = ((math.sin(angle), math.cos(angle)) for angle in (pitch, yaw, roll))
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_x @ about_y @ about_z, np.float64)


def _moved(way: Habit, place: tuple[float, float], visit: Visit, t: float, scale: float) -> tuple[float, float]:
    """The code's middle: up from below the picture, drifting and trembling a little, down again."""
    up = min(1.0, max(0.0, (t - visit.stands) / RAISING))
    down = min(1.0, max(0.0, (t - visit.hidden) / LOWERING))
    below = ((1 - up) ** 2 + down**2) * 700
    angle = 2 * math.pi * way.pace * t
    tremble = 0.7 * math.sin(31 * t + way.phase)
    x = way.drift * math.sin(angle + way.phase) + tremble
    y = way.drift * math.cos(angle * 0.7 + way.phase) + tremble * 0.6 + below
    return place[0] + x * scale, place[1] + y * scale
