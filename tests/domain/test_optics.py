"""Optics on drawn codes whose scale, blur and light are known."""

import re
from math import inf
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno

from station.domain.aim import Advice, Aim, Verdict, aim_of, distances
from station.domain.optics import (
    code_exposure,
    edge_width,
    focal_by_distance,
    focal_by_view,
    frame_exposure,
    pixels_per_module,
    reading_distance,
)
from station.domain.scan import Code, Corners, Image

DARK, LIGHT = 40, 200


def drawn(
    px: int = 4, sigma: float = 0.0, dark: int = DARK, light: int = LIGHT, text: str = "CP1:" + "6BF" * 40
) -> tuple[Image, Code]:
    """A code with its quiet zone in the middle of a gray picture, blurred by ``sigma`` pixels."""
    made = segno.make(text, error="m", micro=False)
    modules = made.symbol_size(border=0)[0]
    bits = np.array([list(row) for row in made.matrix_iter(border=4)], bool)
    code = np.kron(np.where(bits, dark, light), np.ones((px, px)))
    image = np.full((code.shape[0] + 80, code.shape[1] + 120), (dark + light) / 2)
    image[40:-40, 60:-60] = code
    if sigma:
        image = cv2.GaussianBlur(image, (0, 0), sigma)
    left, top, side = 60 + 4 * px, 40 + 4 * px, modules * px
    corners = ((left, top), (left + side, top), (left + side, top + side), (left, top + side))
    return np.clip(image, 0, 255).astype(np.uint8), Code(b"", text, "QRCode", corners, "test", modules)


def aimed(*drawing: int | float, **light: int) -> Aim:
    image, code = drawn(*drawing, **light)  # type: ignore[arg-type]
    return aim_of(image, (image, code))


def test_pixels_per_module_follow_the_shortest_side() -> None:
    corners: Corners = ((0, 0), (100, 0), (100, 50), (0, 50))
    assert pixels_per_module(corners, 25) == 2.0


@pytest.mark.parametrize("px", [3, 4, 8, 16])
@pytest.mark.parametrize("sigma", [0.7, 1.0, 1.5])
def test_the_edge_width_tells_the_blur_whatever_the_scale(px: int, sigma: float) -> None:
    image, code = drawn(px, sigma)
    assert edge_width(image, code.corners, px) == pytest.approx(2.56 * sigma, abs=0.7)


def test_a_step_from_one_pixel_to_the_next_is_one_pixel_wide() -> None:
    image, code = drawn(6)
    assert edge_width(image, code.corners, 6) == pytest.approx(1.0, abs=0.1)


def test_noise_hardly_changes_the_edge_width() -> None:
    image, code = drawn(4, 1.5)
    noisy = image + np.random.default_rng(1).normal(0, 4, image.shape)
    blurred = edge_width(image, code.corners, 4)
    assert edge_width(np.clip(noisy, 0, 255).astype(np.uint8), code.corners, 4) == pytest.approx(blurred, rel=0.15)


def test_the_edge_width_does_not_look_beyond_a_turned_codes_corners() -> None:
    image = np.full((200, 200), 120, np.uint8)
    image[:60] = 255
    image[:, :60] = 0
    turned: Corners = ((100, 20), (180, 100), (100, 180), (20, 100))
    inside = np.zeros((200, 200), np.uint8)
    cv2.fillConvexPoly(inside, np.array(turned), 1)
    image[inside == 1] = 120
    assert edge_width(image, ((100, 24), (176, 100), (100, 176), (24, 100)), 4) == inf


def test_without_contrast_or_outside_the_picture_there_is_no_edge() -> None:
    flat = np.full((100, 100), 90, np.uint8)
    assert edge_width(flat, ((10, 10), (90, 10), (90, 90), (10, 90)), 3) == inf
    assert edge_width(flat, ((300, 300), (400, 300), (400, 400), (300, 400)), 3) == inf


def test_a_codes_light_is_measured_inside_its_corners_only() -> None:
    image, code = drawn(dark=0, light=255)
    light = code_exposure(image, code.corners)
    assert light.burnt == pytest.approx(0.5, abs=0.08)
    assert light.black == pytest.approx(0.5, abs=0.08)
    assert light.contrast == 255
    image[:30] = 255
    assert code_exposure(image, code.corners) == light


def test_corners_beyond_the_picture_are_measured_at_its_edge() -> None:
    image = np.full((50, 50, 3), 77, np.uint8)
    assert code_exposure(image, ((-20, -20), (90, -20), (90, 90), (-20, 90))).mean == pytest.approx(77, abs=0.5)


@pytest.mark.parametrize("shape", [(720, 1280, 3), (720, 1280), (1, 1), (2160, 3840, 3)])
def test_the_frames_light_is_measured_at_any_size_gray_or_colour(shape: tuple[int, ...]) -> None:
    image = np.full(shape, 3, np.uint8)
    image[: (shape[0] + 1) // 2] = 252
    light = frame_exposure(image)
    assert light.burnt == pytest.approx(0.5 if shape[0] > 1 else 1.0, abs=0.02)
    assert light.burnt + light.black == 1


def test_the_focal_length_is_the_same_by_angle_and_by_distance() -> None:
    """A lens of 90 degrees sees two metres of wall at one metre: 1280 px over 2000 mm."""
    focal = focal_by_view(1280, 90)
    assert focal == pytest.approx(640)
    seen = 1280 / 2000 * (106 / 53)  # px per module of a 106 mm code of 53 modules
    assert focal_by_distance(seen, 106, 53, 1000) == pytest.approx(focal)


def test_pixels_per_module_fall_as_one_over_the_distance() -> None:
    near, far = (reading_distance(80, 53, 985.5, px) for px in (3.0, 1.5))
    assert far == pytest.approx(2 * near)
    assert near == pytest.approx(80 / 53 * 985.5 / 3)
    assert [one.size for one in distances(53, 985.5)] == [50, 80, 120, 200]
    assert distances(53, 985.5)[1].comfortable == pytest.approx(near)


@pytest.mark.parametrize(("px", "scale"), [(4, Verdict.GOOD), (2, Verdict.WEAK), (1, Verdict.BAD)])
def test_the_scale_has_a_word_and_says_to_come_closer(px: int, scale: Verdict) -> None:
    found = aimed(px)
    assert found.code
    assert found.code.scale is scale
    assert (Advice.CLOSER in found.advice) is (scale is not Verdict.GOOD)
    assert found.code.limit_at == pytest.approx(px / 1.5)


@pytest.mark.parametrize(
    ("px", "sigma", "sharpness"),
    [
        (4, 0.5, Verdict.GOOD),
        (4, 1.2, Verdict.WEAK),
        (4, 2.5, Verdict.BAD),
        (8, 1.5, Verdict.GOOD),
        (2, 0.4, Verdict.GOOD),
    ],
)
def test_sharpness_is_judged_by_the_module_and_never_blamed_on_the_scale(
    px: int, sigma: float, sharpness: Verdict
) -> None:
    found = aimed(px, sigma)
    assert found.code
    assert found.code.sharpness is sharpness
    assert (Advice.FOCUS in found.advice) is (sharpness is not Verdict.GOOD)


@pytest.mark.parametrize(
    ("dark", "light", "verdict", "advice"),
    [
        (40, 200, Verdict.GOOD, Advice.FINE),
        (0, 255, Verdict.GOOD, Advice.FINE),
        (251, 255, Verdict.BAD, Advice.SHADE),
        (2, 20, Verdict.BAD, Advice.LIGHT),
        (20, 60, Verdict.WEAK, Advice.LIGHT),
        (140, 185, Verdict.WEAK, Advice.WIPE),
    ],
)
def test_the_codes_light_has_a_word_and_a_remedy(dark: int, light: int, verdict: Verdict, advice: Advice) -> None:
    found = aimed(8, dark=dark, light=light)
    assert found.light is verdict
    assert advice in found.advice


@pytest.mark.parametrize(
    ("gray", "verdict", "advice"),
    [
        (120, Verdict.GOOD, (Advice.SHOW,)),
        (254, Verdict.BAD, (Advice.SHADE, Advice.SHOW)),
        (45, Verdict.WEAK, (Advice.LIGHT, Advice.SHOW)),
        (4, Verdict.BAD, (Advice.LIGHT, Advice.SHOW)),
    ],
)
def test_without_a_code_the_frames_light_is_judged(gray: int, verdict: Verdict, advice: tuple[Advice, ...]) -> None:
    found = aim_of(np.full((72, 128, 3), gray, np.uint8))
    assert (found.code, found.light, found.advice) == (None, verdict, advice)
    assert (found.width, found.height) == (128, 72)


def test_a_code_of_unknown_size_counts_as_none() -> None:
    image, code = drawn()
    unknown = Code(code.payload, code.text, code.format, code.corners, "zbar")
    assert aim_of(image, (image, unknown)).code is None


def test_the_table_of_the_documentation_is_what_the_optics_say() -> None:
    page = (Path(__file__).parents[2] / "docs" / "aiming.md").read_text("utf-8")
    rows = re.findall(r"^\| (720|1080)p, (\d+)°.*? \| (\d+) \| (.+) \|$", page, re.MULTILINE)
    assert len(rows) == 10
    for lines, angle, focal, cells in rows:
        length = focal_by_view(int(lines) * 16 // 9, float(angle))
        assert round(length) == int(focal)
        for size, cell in zip((30, 50, 80, 120, 200), cells.split(" | "), strict=True):
            metres = (reading_distance(size, 53, length, px) / 1000 for px in (3.0, 1.5))
            assert cell == " / ".join(f"{one:.2f}" for one in metres)
