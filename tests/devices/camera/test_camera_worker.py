"""The camera worker, driven step by step on a clock that is handed in."""

import itertools
import threading

import cv2
import numpy as np
import pytest
from handed_clock import HandedClock

from station.devices import DeviceError, EndOfStream
from station.devices.camera.worker import FIRST_PICTURE_TIMEOUT_S, FIRST_RETRY, LOST_AFTER, CameraState, CameraWorker
from station.domain.scan import Frame, Image


class ScriptedCamera:
    """Does what the script says, one entry a call: a picture's position, or an error."""

    def __init__(self, clock: HandedClock) -> None:
        self.clock = clock
        self.opening: list[Exception] = []
        self.script: list[Exception | float | None] = []
        self.calls: list[str] = []

    def open(self) -> None:
        self.calls.append("open")
        if self.opening:
            raise self.opening.pop(0)

    def grab(self) -> tuple[Image, float | None]:
        self.clock.now += 0.1
        entry = self.script.pop(0) if self.script else None
        if isinstance(entry, Exception):
            raise entry
        return np.zeros((48, 64, 3), np.uint8), entry

    def close(self) -> None:
        self.calls.append("close")


class Lane:
    def __init__(self) -> None:
        self.clock = HandedClock()
        self.camera = ScriptedCamera(self.clock)
        self.frames: list[Frame] = []
        self.worker = CameraWorker("1", self.camera, self.frames.append, self.clock, self.clock.wait)

    def step(self, times: int = 1) -> None:
        for _ in range(times):
            self.worker.step()

    def state(self) -> CameraState:
        return self.worker.state(self.clock.now)


@pytest.fixture
def lane() -> Lane:
    return Lane()


def test_frames_are_numbered_and_stamped_after_the_grab(lane: Lane) -> None:
    lane.camera.script = [None, 7.5]
    lane.step(2)
    assert [frame.number for frame in lane.frames] == [0, 1]
    assert [frame.captured for frame in lane.frames] == pytest.approx([1000.1, 1000.2])
    assert [frame.time for frame in lane.frames] == pytest.approx([1000.1, 7.5])
    assert lane.camera.calls == ["open"]


def test_it_is_opening_until_the_first_frame_and_then_ok_with_size_and_rate(lane: Lane) -> None:
    assert lane.state() is CameraState.OPENING
    assert lane.worker.age(lane.clock.now) is None
    lane.step(5)
    assert lane.state() is CameraState.OK
    assert lane.worker.size == (64, 48)
    assert lane.worker.fps == pytest.approx(10)
    assert lane.worker.age(lane.clock.now) == 0
    assert lane.worker.fault == ""


def test_a_camera_that_cannot_be_opened_is_lost_with_its_reason(lane: Lane) -> None:
    lane.camera.opening = [DeviceError("camera /dev/video0: does not exist; plug it in")]
    lane.step()
    assert lane.state() is CameraState.LOST
    assert lane.worker.fault == "camera /dev/video0: does not exist; plug it in"


def test_it_is_opened_again_after_half_a_second_doubling_to_ten(lane: Lane) -> None:
    lane.camera.opening = [DeviceError("gone")] * 8
    tried = []
    while lane.camera.opening:
        before = len(lane.camera.opening)
        lane.step()
        if len(lane.camera.opening) < before:
            tried.append(lane.clock.now)
    pauses = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert pauses == pytest.approx([0.5, 1, 2, 4, 8, 10, 10])
    assert max(lane.clock.waits) <= 0.2


def test_a_lost_camera_is_closed_and_a_frame_makes_it_ok_again(lane: Lane) -> None:
    lane.camera.script = [None, DeviceError("camera: gives no picture")]
    lane.step(2)
    assert lane.state() is CameraState.LOST
    assert lane.camera.calls == ["open", "close"]
    while lane.camera.calls.count("open") < 2:
        lane.step()
    assert lane.state() is CameraState.OK
    assert lane.worker.fault == ""
    assert [frame.number for frame in lane.frames] == [0, 1]


def test_the_pause_starts_small_again_once_a_frame_has_come(lane: Lane) -> None:
    lane.camera.opening = [DeviceError("gone")] * 4
    while not lane.frames:
        lane.step()
    lane.camera.script = [DeviceError("gone again")]
    lane.step()
    failed = lane.clock.now
    while len(lane.frames) < 2:
        lane.step()
    assert lane.frames[1].captured - failed == pytest.approx(0.6)


def test_the_end_of_a_recording_is_no_fault_and_stays(lane: Lane) -> None:
    lane.camera.script = [0.0, EndOfStream("played to its end")]
    lane.step(2)
    lane.clock.now += 60
    lane.step(3)
    assert lane.state() is CameraState.ENDED
    assert lane.worker.fault == ""
    assert lane.camera.calls == ["open", "close"]


@pytest.mark.parametrize("raised", [cv2.error("assertion failed"), ZeroDivisionError(), OSError(19, "No such device")])
def test_whatever_its_library_raises_is_a_fault_of_this_camera_and_is_tried_again(
    lane: Lane, raised: Exception
) -> None:
    lane.camera.script = [raised]
    lane.step()
    assert lane.state() is CameraState.LOST
    assert lane.worker.fault.startswith("camera of lane 1: ")
    lane.clock.now += FIRST_RETRY
    lane.step()
    assert (lane.state(), lane.worker.fault) == (CameraState.OK, "")


@pytest.mark.parametrize(
    "picture", [np.zeros((48, 64, 2), np.uint8), np.zeros((48, 64), np.uint16), np.zeros((0, 0, 3))]
)
def test_what_is_no_picture_is_a_fault_of_the_camera_and_reaches_nobody(lane: Lane, picture: Image) -> None:
    lane.camera.grab = lambda: (picture, None)  # type: ignore[method-assign]
    lane.step()
    assert lane.worker.fault.startswith("camera of lane 1: sends what is no picture")
    assert lane.frames == []


def test_what_takes_the_pictures_is_no_device_and_its_error_ends_the_worker(lane: Lane) -> None:
    def take(frame: Frame) -> None:
        raise ZeroDivisionError

    worker = CameraWorker("1", lane.camera, take, lane.clock, lane.clock.wait)
    with pytest.raises(ZeroDivisionError):
        worker.step()


def test_a_camera_that_hangs_is_lost_after_two_seconds_while_its_thread_still_hangs(lane: Lane) -> None:
    lane.step()
    hanging, release = threading.Event(), threading.Event()

    def hang() -> tuple[Image, float | None]:
        hanging.set()
        release.wait(20)
        raise DeviceError("gave up")

    lane.camera.grab = hang  # type: ignore[method-assign]
    thread = threading.Thread(target=lane.step)
    thread.start()
    assert hanging.wait(10)
    lane.clock.now += 1.9
    assert lane.state() is CameraState.OK
    lane.clock.now += 0.2
    assert lane.state() is CameraState.LOST
    assert "no picture for 2 s" in lane.worker.fault
    assert lane.worker.fps == 0
    release.set()
    thread.join()
    assert lane.worker.fault == "gave up"


def test_a_driver_that_cannot_even_close_does_not_stop_the_station(lane: Lane) -> None:
    def fail() -> None:
        raise DeviceError("cannot close")

    lane.camera.close = fail  # type: ignore[method-assign]
    lane.camera.script = [DeviceError("lost")]
    lane.step()
    assert lane.state() is CameraState.LOST
    assert lane.worker.fault == "lost"


def test_a_camera_has_longer_for_its_first_picture_than_for_the_next(lane: Lane) -> None:
    """At a start every lane opens its camera at once, with a browser beside them: that is no fault."""
    lane.clock.now += FIRST_PICTURE_TIMEOUT_S
    assert (lane.state(), lane.worker.fault) == (CameraState.OPENING, "")
    lane.clock.now += 0.1
    assert lane.state() is CameraState.LOST
    assert "no picture for 10 s" in lane.worker.fault
    lane.step()
    lane.clock.now += LOST_AFTER + 0.1
    assert "no picture for 2 s" in lane.worker.fault
