"""How well a camera is aimed: what a picture measures, in the words good, weak and bad, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from station.domain.optics import (
    COMFORTABLE,
    LIMIT,
    Exposure,
    code_exposure,
    edge_width,
    frame_exposure,
    pixels_per_module,
    reading_distance,
)
from station.domain.scan import Code, Corners, Image

PRINTED_SIZES = (50, 80, 120, 200)
"""Sides of printed codes in mm that distances are told for."""
IN_VIEW_S = 0.7
"""A code last read so many seconds before the newest frame still counts as in view."""
WIDEST_EDGE = 99.0  # px; a code without contrast has no edge at all
ANGLES = (50, 66, 70, 100, 102)
"""Horizontal angles of view in degrees that the screens offer; the Pi's camera 3 has 66, its wide one 102."""
USUAL_ANGLE = 66

SHARP, BLURRED = 0.6, 1.0  # edge width in modules
SHARP_PX, BLURRED_PX = 1.5, 2.0  # px: no lens makes narrower edges, however small the modules are
FLAT, FAINT = 20, 60  # contrast of a code, gray levels


class Verdict(StrEnum):
    GOOD = "good"
    WEAK = "weak"
    BAD = "bad"


class Advice(StrEnum):
    SHOW = "show"  # hold a code up to the camera
    CLOSER = "closer"  # camera closer, larger print, or narrower lens
    FOCUS = "focus"  # turn the ring; hold still
    SHADE = "shade"  # shade the lens, turn it away from the light
    LIGHT = "light"  # light the lane
    WIPE = "wipe"  # wipe the lens, avoid reflections
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class CodeAim:
    """A code as the camera sees it. ``px_per_module`` and ``edge_px`` in px; ``comfortable_at`` and ``limit_at`` as
    multiples of the present distance."""

    corners: Corners
    modules: int
    px_per_module: float
    edge_px: float
    comfortable_at: float
    limit_at: float
    scale: Verdict
    sharpness: Verdict


@dataclass(frozen=True, slots=True)
class Aim:
    """``exposure`` is the code's where one is in view, else the frame's; ``light`` judges it."""

    width: int
    height: int
    frame: Exposure
    exposure: Exposure
    light: Verdict
    code: CodeAim | None
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a printed code of ``size`` mm may be, in mm."""

    size: int
    comfortable: float
    limit: float


def aim_of(image: Image, seen: tuple[Image, Code] | None = None) -> Aim:
    """:param seen: a code in view and the picture it was read in; one whose modules are unknown is left out."""
    height, width = image.shape[:2]
    frame = frame_exposure(image)
    if seen is None or not seen[1].modules:
        light, advice = _frame_light(frame)
        return Aim(width, height, frame, frame, light, None, (*advice, Advice.SHOW))
    picture, code = seen
    exposure = code_exposure(picture, code.corners)
    light, lit = _code_light(exposure)
    aimed = _code_aim(picture, code)
    advice = [*lit]
    if aimed.sharpness is not Verdict.GOOD:
        advice.insert(0, Advice.FOCUS)
    if aimed.scale is not Verdict.GOOD:
        advice.insert(0, Advice.CLOSER)
    return Aim(width, height, frame, exposure, light, aimed, tuple(advice) or (Advice.FINE,))


def distances(modules: int, focal: float, sizes: Iterable[int] = PRINTED_SIZES) -> tuple[Distance, ...]:
    """How far each printed size (mm) is read through a lens of ``focal`` px."""
    return tuple(
        Distance(
            size,
            reading_distance(size, modules, focal, COMFORTABLE),
            reading_distance(size, modules, focal, LIMIT),
        )
        for size in sizes
    )


def _code_aim(image: Image, code: Code) -> CodeAim:
    scale = pixels_per_module(code.corners, code.modules)
    edge = min(WIDEST_EDGE, edge_width(image, code.corners, scale))
    return CodeAim(
        corners=code.corners,
        modules=code.modules,
        px_per_module=scale,
        edge_px=edge,
        comfortable_at=scale / COMFORTABLE,
        limit_at=scale / LIMIT,
        scale=_verdict(scale >= COMFORTABLE, scale >= LIMIT),
        sharpness=_verdict(edge <= max(SHARP * scale, SHARP_PX), edge <= max(BLURRED * scale, BLURRED_PX)),
    )


def _code_light(light: Exposure) -> tuple[Verdict, list[Advice]]:
    """About half of a code is light and half is dark: beyond that the one eats into the other."""
    most = max(light.burnt, light.black)
    verdict = _verdict(most <= 0.55 and light.contrast >= FAINT, most <= 0.7 and light.contrast >= FLAT)
    if verdict is Verdict.GOOD:
        return verdict, []
    if light.burnt > 0.55:
        return verdict, [Advice.SHADE]
    return verdict, [Advice.LIGHT if light.mean < 80 else Advice.WIPE]


def _frame_light(light: Exposure) -> tuple[Verdict, list[Advice]]:
    bright = _verdict(light.burnt <= 0.25 and light.mean <= 200, light.burnt <= 0.5 and light.mean <= 225)
    dim = _verdict(light.black <= 0.4 and light.mean >= 60, light.black <= 0.6 and light.mean >= 30)
    if bright is not Verdict.GOOD:
        return bright, [Advice.SHADE]
    return dim, [] if dim is Verdict.GOOD else [Advice.LIGHT]


def _verdict(good: bool, bearable: bool) -> Verdict:
    if good:
        return Verdict.GOOD
    return Verdict.WEAK if bearable else Verdict.BAD
