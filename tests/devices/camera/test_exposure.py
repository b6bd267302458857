"""The exposure controller on recorded light, and what joins it to a camera."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from handed_clock import HandedClock

from station.devices import DeviceError
from station.devices.camera.exposure import MEASURE_EVERY, Bracketing, ExposureController
from station.devices.camera.worker import CameraWorker
from station.domain.scan import Corners, Image

Light = tuple[float, float, float]  # burnt share, dark share, mean


def seen(scene: float, stop: float, spread: float = 0.0) -> Light:
    """What a camera makes of a scene so many stops above the one it is exposed for; half the scene lies ``spread``
    stops higher, half as many lower. Middle gray is 118, as a camera's curve of 1 / 2.2 draws it."""
    levels = [min(255.0, 118 * 2 ** ((scene + stop + part) / 2.2)) for part in np.linspace(-spread, spread, 41)]
    return (
        sum(level >= 250 for level in levels) / 41,
        sum(level <= 5 for level in levels) / 41,
        sum(levels) / 41,
    )


def played(
    scenes: Iterable[float], lowest: float = -6.0, highest: float = 6.0, spread: float = 1.5
) -> list[tuple[float, float]]:
    """Play a scene every half second. :return: time and stop of each change."""
    controller = ExposureController(lowest, highest)
    stop, changes = 0.0, []
    for number, scene in enumerate(scenes):
        change = controller.step(*seen(scene, stop, spread), now=number * MEASURE_EVERY)
        if change is not None:
            stop = change.stop
            changes.append((number * MEASURE_EVERY, stop))
    return changes


def for_seconds(seconds: float, scene: float) -> list[float]:
    return [scene] * int(seconds / MEASURE_EVERY)


def test_right_light_is_left_alone() -> None:
    assert played(for_seconds(600, 0.0)) == []


def test_the_sun_comes_out_and_exposure_follows_within_five_seconds() -> None:
    changes = played(for_seconds(10, 0.0) + for_seconds(120, 4.0))
    assert changes[0][0] > 11.0
    assert changes[-1][0] < 16.0
    burnt, _, mean = seen(4.0, changes[-1][1], 1.5)
    assert burnt < 0.6
    assert mean < 225
    assert [stop for _, stop in changes] == sorted((stop for _, stop in changes), reverse=True)


def test_dusk_is_followed_stop_by_stop_and_never_back() -> None:
    changes = played([-step / 100 for step in range(800)])
    stops = [stop for _, stop in changes]
    assert stops == sorted(stops)
    assert 2 <= len(stops) <= 6


def test_a_night_and_the_day_after_are_both_followed() -> None:
    changes = played(for_seconds(60, 0.0) + for_seconds(3600, -6.0) + for_seconds(3600, 0.0))
    assert changes[-1][0] < 3670
    burnt, dark, mean = seen(0.0, changes[-1][1], 1.5)
    assert burnt < 0.6
    assert dark < 0.6
    assert 30 < mean < 225


def test_all_black_is_tried_blindly_until_something_shows() -> None:
    changes = played(for_seconds(60, -14.0), highest=12.0, spread=0.0)
    assert seen(-14.0, changes[-1][1])[2] >= 30


def test_headlights_at_night_leave_a_camera_at_its_limit_alone() -> None:
    """A dark road at full exposure; every ten seconds a car's lamps fill a fifth of the picture for three."""
    controller = ExposureController(-3.0, 0.0)
    changes = []
    for number in range(1200):
        lamps = number % 20 < 6
        light = (0.2, 0.6, 60.0) if lamps else (0.0, 0.95, 6.0)
        changes.append(controller.step(*light, now=number * MEASURE_EVERY))
    assert not [change for change in changes if change]


def test_headlights_that_blind_the_lens_do_not_make_it_hunt() -> None:
    """At night a car's lamps burn the picture out for four seconds, twice a minute, more than exposure can mend."""
    changes = played([6.0 if number % 60 < 8 else -5.0 for number in range(2400)], highest=3.0)
    trials = [when for (when, _), (before, _) in zip(changes[1:], changes, strict=False) if when - before > 2]
    assert len([when for when in trials if when < 600]) <= 6
    assert len([when for when in trials if when >= 600]) <= 3
    assert changes[-1][1] == 1.0


@pytest.mark.parametrize("period", [1, 2])
def test_flicker_is_never_followed(period: int) -> None:
    """A lamp that beats against the frame rate: wrong and right light in turns of half a second and of a second."""
    assert played([5.0 if number // period % 2 else 0.0 for number in range(1200)]) == []


def test_light_that_swings_between_both_wrongs_is_followed_ever_more_rarely() -> None:
    scenes = [6.0 if number // 10 % 2 else -6.0 for number in range(3600)]
    changes = played(scenes)
    late = [when for when, _ in changes if when > 1200]
    assert len(late) <= 8


def test_a_camera_that_does_not_heed_is_returned_to_where_it_was_and_rarely_asked_again() -> None:
    controller = ExposureController(-3.0, 3.0)
    changes = [
        (number * MEASURE_EVERY, change.stop)
        for number in range(2400)
        if (change := controller.step(0.9, 0.0, 240.0, number * MEASURE_EVERY))
    ]
    assert [stop for _, stop in changes[:4]] == [-1.0, -2.0, -3.0, 0.0]
    assert len(changes) <= 32


def test_the_limits_are_reached_in_part_of_a_stop_and_never_passed() -> None:
    stops = [stop for _, stop in played(for_seconds(60, 9.0), lowest=-2.5)]
    assert min(stops) >= -2.5


def test_a_wrong_moment_is_no_reason() -> None:
    controller = ExposureController(-3.0, 3.0)
    assert controller.step(0.9, 0.0, 240.0, 0.0) is None
    assert controller.step(0.9, 0.0, 240.0, 1.0) is None
    assert controller.step(0.0, 0.0, 120.0, 1.5) is None
    assert controller.step(0.9, 0.0, 240.0, 2.0) is None
    assert controller.step(0.9, 0.0, 240.0, 3.0) is None
    change = controller.step(0.9, 0.0, 240.0, 3.5)
    assert change is not None
    assert change.stop == -1.0


class Told:
    """A camera that can be told, and counts how often it is asked."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.asked = 0
        self.set: list[float] = []

    def exposure_limits(self) -> tuple[float, float]:
        return 100.0, 8000.0

    def exposure(self) -> float:
        self.asked += 1
        return self.now

    def set_exposure(self, microseconds: float) -> None:
        self.set.append(microseconds)


def gray(level: int) -> Image:
    return np.full((72, 128, 3), level, np.uint8)


def nothing_in_view() -> Corners | None:
    return None


def bracketing(told: Told, in_view: Callable[[], Corners | None] = nothing_in_view) -> Bracketing:
    made = Bracketing(told, in_view)
    made.restart()
    return made


def test_a_camera_with_right_light_is_not_even_asked() -> None:
    told = Told()
    made = bracketing(told)
    for number in range(100):
        made.see(gray(120), number * 0.1)
    assert (told.asked, told.set) == (0, [])


def test_a_burnt_picture_halves_the_exposure_the_camera_had() -> None:
    told = Told()
    made = bracketing(told)
    for number in range(20):
        made.see(gray(255), number * 0.1)
    assert told.set == [500.0]


def test_the_exposure_stays_within_the_cameras_limits() -> None:
    told = Told(now=5000.0)
    made = bracketing(told)
    for number in range(100):
        made.see(gray(8), number * 0.1)
    assert max(told.set) == pytest.approx(8000.0)


def test_a_camera_that_tells_nonsense_is_taken_to_be_at_its_limit() -> None:
    told = Told(now=0.0)
    made = bracketing(told)
    for number in range(20):
        made.see(gray(2), number * 0.1)
    assert told.set == [pytest.approx(200.0)]


def test_a_code_in_view_counts_before_the_frame() -> None:
    """The sky is burnt out and the code is well lit: nothing is to be done."""
    image = gray(255)
    image[20:40, 20:40] = 120
    told = Told()
    made = bracketing(told, lambda: ((20, 20), (40, 20), (40, 40), (20, 40)))
    for number in range(100):
        made.see(image, number * 0.1)
    assert told.set == []


def test_a_camera_that_was_opened_again_begins_anew() -> None:
    told = Told()
    made = bracketing(told)
    for number in range(20):
        made.see(gray(255), number * 0.1)
    made.restart()
    told.now = 3000.0
    for number in range(20, 60):
        made.see(gray(255), number * 0.1)
    assert told.set[1] == 1500.0


class BurntCamera(Told):
    """A camera that sees nothing but white, and is lost once."""

    def __init__(self, clock: HandedClock) -> None:
        super().__init__()
        self.clock = clock
        self.lost = False

    def open(self) -> None:
        pass

    def grab(self) -> tuple[Image, float | None]:
        self.clock.now += 0.1
        if self.lost:
            self.lost = False
            raise DeviceError("camera: unplugged; plug it in")
        return gray(255), None

    def close(self) -> None:
        pass


def test_the_camera_worker_exposes_in_its_own_thread_and_anew_after_a_loss() -> None:
    clock = HandedClock()
    camera = BurntCamera(clock)
    made = Bracketing(camera, nothing_in_view)
    worker = CameraWorker("1", camera, lambda _: None, clock, clock.wait, made)
    for _ in range(30):
        worker.step()
    assert camera.set[:2] == [500.0, 250.0]
    camera.lost, camera.set = True, []
    for _ in range(30):
        worker.step()
    assert camera.set[0] == 500.0
