"""The file camera: pace, end, loop and damaged files, on a clock that is handed in."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from handed_clock import HandedClock

from station.config import FileCameraConfig
from station.devices import DeviceError, EndOfStream
from station.devices.camera.file import FileCamera
from station.devices.camera.network import FFMPEG_OPTIONS
from station.domain.scan import Image

FPS = 10


def gray(value: int, width: int = 64, height: int = 48) -> Image:
    return np.full((height, width, 3), value, np.uint8)


def folder(tmp_path: Path, *names: str) -> Path:
    """Pictures whose brightness is ten times their place in the order given."""
    for index, name in enumerate(names):
        cv2.imwrite(str(tmp_path / name), gray(index * 10, 64 + index, 48))
    return tmp_path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Three seconds, thirty pictures, each brighter than the last."""
    path = tmp_path / "road.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (64, 48))
    for index in range(30):
        writer.write(gray(index * 8))
    writer.release()
    return path


def camera(path: Path, clock: HandedClock, **keys: object) -> FileCamera:
    camera = FileCamera(FileCameraConfig(path=str(path), **keys), clock, clock.wait)  # type: ignore[arg-type]
    camera.open()
    return camera


def test_fast_gives_every_picture_with_its_position_and_then_ends(video: Path) -> None:
    clock = HandedClock()
    playing = camera(video, clock, pace="fast")
    taken = [playing.grab() for _ in range(30)]
    assert [round(position or 0, 3) for _, position in taken] == [index / FPS for index in range(30)]
    assert [round(image.mean() / 8) for image, _ in taken] == list(range(30))
    with pytest.raises(EndOfStream):
        playing.grab()
    assert clock.waits == []


def test_options_meant_for_network_cameras_take_no_picture_from_a_video(
    video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", FFMPEG_OPTIONS)
    playing = camera(video, HandedClock(), pace="fast")
    assert [round(playing.grab()[0].mean() / 8) for _ in range(30)] == list(range(30))


def test_real_waits_until_a_picture_is_due_and_never_long_at_once(video: Path) -> None:
    clock = HandedClock()
    playing = camera(video, clock, pace="real")
    for index in range(30):
        _, position = playing.grab()
        assert position == pytest.approx(index / FPS)
        assert clock.now == pytest.approx(1000 + index / FPS)
    assert max(clock.waits) <= 0.2


def test_real_skips_what_is_past_when_the_reader_is_slow(video: Path) -> None:
    clock = HandedClock()
    playing = camera(video, clock, pace="real")
    playing.grab()
    clock.now += 1.25
    _, position = playing.grab()
    assert position == pytest.approx(1.2)
    clock.now += 60
    with pytest.raises(EndOfStream):
        playing.grab()


def test_a_loop_starts_over_and_its_time_runs_on(video: Path) -> None:
    playing = camera(video, HandedClock(), pace="fast", loop=True)
    taken = [playing.grab() for _ in range(65)]
    positions = [position or 0.0 for _, position in taken]
    assert positions == pytest.approx([index / FPS for index in range(65)])
    assert round(taken[60][0].mean()) == 0


def test_a_folder_plays_in_natural_order_whatever_the_sizes(tmp_path: Path) -> None:
    playing = camera(folder(tmp_path, "f1.png", "f2.png", "f10.png"), HandedClock(), pace="fast")
    taken = [playing.grab() for _ in range(3)]
    assert [image.shape for image, _ in taken] == [(48, 64, 3), (48, 65, 3), (48, 66, 3)]
    assert [position for _, position in taken] == pytest.approx([0, 1 / 15, 2 / 15])
    with pytest.raises(EndOfStream):
        playing.grab()


def test_a_single_image_can_be_played_for_ever_at_fifteen_a_second(tmp_path: Path) -> None:
    clock = HandedClock()
    playing = camera(folder(tmp_path, "board.png") / "board.png", clock, loop=True)
    for _ in range(31):
        playing.grab()
    assert clock.now == pytest.approx(1002)


def test_a_damaged_picture_is_named_and_the_next_one_still_comes(tmp_path: Path) -> None:
    folder(tmp_path, "a.png", "c.png")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n rubbish, but long enough for a header")
    playing = camera(tmp_path, HandedClock(), pace="fast")
    playing.grab()
    with pytest.raises(DeviceError, match=r"b\.png"):
        playing.grab()
    assert playing.grab()[1] == pytest.approx(2 / 15)


@pytest.mark.parametrize(("name", "content"), [("road.mp4", b"no video"), ("road.mp4", b""), ("gone.mp4", None)])
def test_what_cannot_be_played_is_named(name: str, content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DeviceError, match=name):
        camera(tmp_path / name, HandedClock())


def test_a_folder_without_images_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="no image is in this folder"):
        camera(tmp_path, HandedClock())


def test_closing_ends_a_grab_that_waits(video: Path) -> None:
    clock = HandedClock()
    config = FileCameraConfig(path=str(video))

    def closes_meanwhile(seconds: float) -> None:
        playing.close()

    playing = FileCamera(config, clock, closes_meanwhile)
    playing.open()
    playing.grab()
    with pytest.raises(DeviceError, match="is not open"):
        playing.grab()
