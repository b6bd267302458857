"""Drawn plates read by the real model, alone and in a running station; and what is told where the model is missing."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_plates import LOOKS, VIEWS, bare_front, before_camera, some_text
from shared import needs_plates
from waiting import until

from station.__main__ import main
from station.bootstrap import Station
from station.bootstrap.plates import plate_finders
from station.config import LaneConfig, RapidOcrPlatesConfig, SimulatedCameraConfig, load_station
from station.config import extras as config_extras
from station.plates.finder import PlateFinder

pytestmark = pytest.mark.clock

TOML = """
[station]
id = "north"
name = "North"
district = "pingyuan"
levels = ["pingyuan"]
data_dir = "{folder}/data"
clock = "always"

[policy]
home_province = "41"

[[lanes]]
id = "1"
camera = {{ driver = "file", path = "{folder}/pictures", loop = true }}
plates = {{ driver = "rapidocr", every_seconds = 0.2 }}
"""
LANE = LaneConfig(id="1", camera=SimulatedCameraConfig(passes="none"), plates=RapidOcrPlatesConfig())
SUGGESTED_FROM = RapidOcrPlatesConfig().least_confidence


@pytest.fixture(scope="module")
def finder() -> PlateFinder:
    return plate_finders([LANE])[0]["rapidocr"]


@pytest.fixture
def station_toml(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    picture = before_camera("豫A12345", LOOKS["blue"], VIEWS["easy"], np.random.default_rng(2))
    cv2.imwrite(str(tmp_path / "pictures" / "1.png"), picture)
    file = tmp_path / "station.toml"
    file.write_text(TOML.format(folder=tmp_path), encoding="utf-8")
    return file


@needs_plates
@pytest.mark.parametrize("look", LOOKS)
def test_a_plate_of_every_kind_is_read_character_by_character(finder: PlateFinder, look: str) -> None:
    chance = np.random.default_rng(21)
    text = some_text(LOOKS[look], chance)
    found = finder.find(before_camera(text, LOOKS[look], VIEWS["easy"], chance))
    assert found is not None
    assert found.plate.text == text
    assert found.confidence >= SUGGESTED_FROM


@needs_plates
@pytest.mark.parametrize("view", VIEWS)
def test_in_no_view_is_a_wrong_plate_suggested(finder: PlateFinder, view: str) -> None:
    chance = np.random.default_rng(22)
    text = some_text(LOOKS["blue"], chance)
    found = finder.find(before_camera(text, LOOKS["blue"], VIEWS[view], chance))
    assert found is None or found.confidence < SUGGESTED_FROM or found.plate.text == text


@needs_plates
def test_a_vehicle_without_a_plate_suggests_none(finder: PlateFinder) -> None:
    found = finder.find(bare_front(np.random.default_rng(23)))
    assert found is None or found.confidence < SUGGESTED_FROM


@needs_plates
def test_a_gray_picture_is_read_as_well(finder: PlateFinder) -> None:
    picture = before_camera("豫A12345", LOOKS["blue"], VIEWS["easy"], np.random.default_rng(24))
    found = finder.find(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    assert found is not None
    assert found.plate.text == "豫A12345"


@needs_plates
def test_a_running_station_suggests_the_plate_on_its_lanes_screen(station_toml: Path) -> None:
    station = Station(load_station(station_toml))
    station.start()
    try:
        until(lambda: station.feed.changes(0, 0)[1].get("lane/1", {}).get("suggestion"), 30)
        lane = station.feed.changes(0, 0)[1]["lane/1"]
        suggestion = lane["suggestion"]
        assert (suggestion["text"], suggestion["kind"], suggestion["origin"]) == (
            "豫A12345",
            "ordinary",
            "this_province",
        )
        assert (lane["passage"], station.ledger.head) == (None, 0)
    finally:
        station.close()
    assert station.workers.failure is None


def test_a_missing_library_is_told_with_its_remedy_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "station.plates.rapidocr", raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    finders, missing = plate_finders([LANE])
    assert finders == {}
    assert missing.startswith("driver 'rapidocr' needs onnxruntime; install the package's plates extra")


def test_a_missing_library_is_told_by_check_config(
    station_toml: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(config_extras, "find_spec", lambda name: None)
    assert main(["check-config", str(station_toml)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "lanes.1.plates: driver 'rapidocr' needs onnxruntime, which is not installed here; install" in told


def test_a_lane_that_names_no_driver_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert plate_finders([LaneConfig(id="1", camera=SimulatedCameraConfig(passes="none"))]) == ({}, "")
