"""The simulated camera: pace, what it records, and its passes file."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from handed_clock import HandedClock

from station.config import SimulatedCameraConfig
from station.devices import DeviceError
from station.devices.camera.simulated import SimulatedCamera, read_passes

TEXTS = [["CP1:FIRST"], ["CP1:SECOND A", "CP1:SECOND B"], ["CP1:THIRD"]]


@pytest.fixture
def passes(tmp_path: Path) -> Path:
    path = tmp_path / "passes.jsonl"
    path.write_text("".join(json.dumps(texts) + "\n" for texts in TEXTS), encoding="utf-8")
    return path


def camera(passes: Path, clock: HandedClock, **keys: Any) -> SimulatedCamera:
    config = SimulatedCameraConfig(passes=str(passes), size=(320, 180), **keys)
    camera = SimulatedCamera(config, clock, clock.wait)
    camera.open()
    return camera


def watch(camera: SimulatedCamera, clock: HandedClock, seconds: float) -> int:
    end, pictures = clock.now + seconds, 0
    while clock.now < end:
        camera.grab()
        pictures += 1
    return pictures


def test_pictures_come_at_the_configured_rate(passes: Path) -> None:
    clock = HandedClock()
    watching = camera(passes, clock, fps=10)
    picture, position = watching.grab()
    assert picture.shape == (180, 320, 3)
    assert position is None
    assert watch(watching, clock, 3) == pytest.approx(30, abs=1)
    assert max(clock.waits) <= 0.2


def test_pictures_nobody_fetched_in_time_are_skipped(passes: Path) -> None:
    clock = HandedClock()
    watching = camera(passes, clock, fps=10)
    watching.grab()
    clock.now += 2
    watching.grab()
    assert clock.waits == []


def test_every_vehicle_comes_once_and_then_the_road_stays_empty(passes: Path, tmp_path: Path) -> None:
    clock, record = HandedClock(), tmp_path / "record.jsonl"
    with closing(camera(passes, clock, fps=5, record=str(record), seed=4)) as watching:
        watch(watching, clock, 40)
    assert watching.presented == [text for texts in TEXTS for text in texts]
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    assert lines == [{"lane_seed": 4, "vehicle": number, "texts": texts} for number, texts in enumerate(TEXTS)]


def test_a_vehicle_is_recorded_at_once_and_not_before_its_codes_are_visible(passes: Path, tmp_path: Path) -> None:
    clock, record = HandedClock(), tmp_path / "record.jsonl"
    with closing(camera(passes, clock, fps=5, record=str(record))) as watching:
        watch(watching, clock, 1.4)
        assert record.read_text() == ""
        watch(watching, clock, 2)
    assert record.read_text().count("\n") == 1


def test_traffic_ends_in_time_with_the_last_vehicle_gone(passes: Path) -> None:
    clock = HandedClock()
    watching = camera(passes, clock, fps=5, seconds=8)
    watch(watching, clock, 40)
    assert watching.presented == TEXTS[0]


def test_closing_and_opening_shows_no_vehicle_twice_and_misses_none(passes: Path) -> None:
    clock = HandedClock()
    watching = camera(passes, clock, fps=5)
    for _ in range(8):
        watch(watching, clock, 4)
        watching.close()
        clock.now += 100
        watching.open()
    assert watching.presented == [text for texts in TEXTS for text in texts]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('["a"]\nnot json\n', r"passes.jsonl:2: is no JSON array"),
        ('{"a": 1}\n', r"passes.jsonl:1: is no JSON array"),
        ("[]\n", r"passes.jsonl:1: is no JSON array"),
        ('["a", 3]\n', r"passes.jsonl:1: is no JSON array"),
        ('[{"picture": "none.png"}]\n', r"passes.jsonl:1: none.png: .*No such file"),
        ('[{"picture": "passes.jsonl"}]\n', r"passes.jsonl:1: passes.jsonl: is no picture"),
    ],
)
def test_a_wrong_line_is_named(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "passes.jsonl"
    path.write_text(content)
    with pytest.raises(DeviceError, match=words):
        read_passes(path)


def test_a_picture_of_something_printed_is_shown_as_it_is_and_recorded_by_its_text(tmp_path: Path) -> None:
    segno.make("CP1:PRINTED", error="m", micro=False).save(str(tmp_path / "card.png"), scale=6, border=9, dark="navy")
    path = tmp_path / "passes.jsonl"
    path.write_text('["CP1:FIRST", {"picture": "card.png"}]\n')
    clock = HandedClock()
    watching = SimulatedCamera(SimulatedCameraConfig(passes=str(path), size=(1280, 720)), clock, clock.wait)
    watching.open()
    seen: set[str] = set()
    end = clock.now + 4
    while clock.now < end:
        seen |= {code.text for code in zxingcpp.read_barcodes(watching.grab()[0])}
    assert seen == {"CP1:FIRST", "CP1:PRINTED"} == set(watching.presented)


def test_a_picture_without_a_code_is_refused(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "card.png"), np.full((99, 99), 255, np.uint8))
    (tmp_path / "passes.jsonl").write_text('[{"picture": "card.png"}]\n')
    with pytest.raises(DeviceError, match=r"card.png: shows 0 QR codes"):
        read_passes(tmp_path / "passes.jsonl")


def test_a_text_too_long_for_a_code_is_named_when_its_vehicle_comes(tmp_path: Path) -> None:
    path = tmp_path / "passes.jsonl"
    path.write_text(json.dumps(["x" * 4000]) + "\n")
    clock = HandedClock()
    with pytest.raises(DeviceError, match=r"passes.jsonl: no QR code holds 4000 characters"):
        watch(camera(path, clock), clock, 5)


def test_a_record_that_cannot_be_written_is_named(passes: Path, tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"record.jsonl: No such file or directory"):
        camera(passes, HandedClock(), record=str(tmp_path / "nowhere" / "record.jsonl"))
