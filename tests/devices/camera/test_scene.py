"""The simulated road: what it shows can be read, never as something else, and depends on the seed alone."""

import itertools
import random
import statistics
import string
import time

import cv2
import numpy as np
import pytest
import zxingcpp

from station.devices.camera.scene import Scene, Traffic

SIZE = (1280, 720)
QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])
ALPHABET = string.digits + string.ascii_uppercase + "$%*+-./:"


def passes(vehicles: int, seed: int = 3) -> list[list[str]]:
    """Texts as long as real passes; every fifth vehicle is a bus with three codes."""
    dice = random.Random(seed)
    return [
        ["CP1:" + "".join(dice.choices(ALPHABET, k=dice.randint(180, 310))) for _ in range(3 if n % 5 == 2 else 1)]
        for n in range(vehicles)
    ]


def read(scene: Scene, t: float) -> set[str]:
    gray = cv2.cvtColor(scene.render(t), cv2.COLOR_BGR2GRAY)
    return {code.text for code in zxingcpp.read_barcodes(gray, formats=QR_CODES)}


def test_every_code_of_200_vehicles_is_read_in_several_frames_and_none_wrongly() -> None:
    vehicles = passes(200)
    scene = Scene(vehicles, SIZE, seed=1)
    looks = expected = found = 0
    for number, texts in enumerate(vehicles):
        visit = scene.traffic.visit(number)
        assert visit is not None
        frames = [visit.visible + n / 15 for n in range(int((visit.hidden - visit.visible) * 15))]
        seen = dict.fromkeys(texts, 0)
        # Every third frame, and only as long as a code is still to be seen twice: this is most of the test's time.
        for t in [t for start in (2, 0, 1) for t in frames[start::3]]:
            codes = read(scene, t)
            assert codes <= set(texts)
            looks, expected, found = looks + 1, expected + len(texts), found + len(codes)
            for code in codes:
                seen[code] += 1
            if min(seen.values()) >= 2:
                break
        assert min(seen.values()) >= 2, f"vehicle {number}: {sorted(seen.values())}"
    assert 0.5 < found / expected < 0.95


@pytest.mark.parametrize(("people", "size"), [(1, (640, 480)), (2, SIZE), (6, (1920, 1080)), (1, (1920, 1080))])
def test_other_sizes_and_fuller_buses_can_be_read_too(people: int, size: tuple[int, int]) -> None:
    texts = [f"CP1:{n}{'ABCDEFGHIJ' * 6}" for n in range(people)]
    scene = Scene([texts], size, seed=2)
    visit = scene.traffic.visit(0)
    assert visit is not None
    assert scene.render(0).shape == (size[1], size[0], 3)
    codes = set().union(*(read(scene, t) for t in np.arange(visit.visible, visit.hidden, 1 / 10)))
    assert codes == set(texts)


def test_chinese_texts_are_written_as_utf_8() -> None:
    text = "豫A12345 张三 通行证"
    scene = Scene([[text]], SIZE, seed=4)
    visit = scene.traffic.visit(0)
    assert visit is not None
    codes = [
        code.bytes
        for t in np.arange(visit.visible, visit.hidden, 0.1)
        for code in zxingcpp.read_barcodes(cv2.cvtColor(scene.render(t), cv2.COLOR_BGR2GRAY))
    ]
    assert codes
    assert set(codes) == {text.encode()}


def test_a_picture_depends_on_the_seed_and_the_moment_alone() -> None:
    one, other = (Scene(passes(4), SIZE, seed=5) for _ in range(2))
    moments = [0.1, 1.0, 2.5, 3.1, 9.0]
    pictures = {t: one.render(t) for t in moments}
    for t in reversed(moments):
        assert np.array_equal(other.render(t), pictures[t])
    assert not np.array_equal(Scene(passes(4), SIZE, seed=6).render(2.5), pictures[2.5])


def test_before_during_and_after_the_traffic_no_code_is_in_view_of_an_empty_road() -> None:
    scene = Scene(passes(1), SIZE, seed=7)
    visit = scene.traffic.visit(0)
    assert visit is not None
    for t in (0.0, visit.enters + 0.1, visit.leaves + 0.2, visit.gone + 5):
        assert read(scene, t) == set()


def test_a_vehicle_takes_about_five_seconds_and_shows_its_codes_for_about_two() -> None:
    traffic = Traffic(passes(50), seed=8)
    visits = [visit for n in range(50) if (visit := traffic.visit(n))]
    assert statistics.mean(visit.gone - visit.begins for visit in visits) == pytest.approx(5, abs=0.3)
    assert all(1.3 < visit.hidden - visit.visible < 2.2 for visit in visits)
    assert all(later.begins == earlier.gone for earlier, later in itertools.pairwise(visits))
    assert all(0.35 <= visit.light <= 1.1 for visit in visits)


def test_no_vehicle_starts_that_would_not_be_gone_in_time() -> None:
    traffic = Traffic(passes(50), seed=9, seconds=30)
    shown = traffic.shown_by(10_000)
    assert 5 <= len(shown) <= 7
    assert shown[-1].gone <= 30
    assert traffic.at(31) is None


def test_a_text_too_long_for_a_code_is_refused() -> None:
    scene = Scene([["x" * 4000]], SIZE, seed=1)
    with pytest.raises(ValueError, match="no QR code holds 4000 characters"):
        scene.render(2.0)


def test_rendering_leaves_time_for_four_lanes() -> None:
    """A loose bound that a slow machine meets too; the figure itself is measured by scripts/bench."""
    scene = Scene(passes(2), SIZE, seed=1)
    began = time.process_time()
    for frame in range(150):
        scene.render(frame / 15)
    assert (time.process_time() - began) / 150 < 0.04
