"""Presence from the lane's own camera: counted by eye on real traffic, and on drawn lanes under changing daylight."""

import numpy as np
import pytest
from passing import HIGHWAY, HIGHWAY_FPS, Verdict, pictures_of, rendered, sightings, verdict
from shared import VIDEO, needs_video

from station.config import VideoPresenceConfig
from station.devices import DeviceError
from station.devices.presence.background import Background
from station.devices.presence.video import BLIND_AFTER, FIRST_FRAME_TIMEOUT_S, RELEARNS_AFTER, VideoPresence
from station.domain.scan import Frame, Image


@needs_video
@pytest.mark.parametrize("lane", range(len(HIGHWAY)))
def test_on_a_motorway_every_vehicle_is_one_crossing(lane: int) -> None:
    region, middles = HIGHWAY[lane]
    told = sightings(VideoPresenceConfig(region=region), pictures_of(VIDEO / "no-code-highway.mp4"), HIGHWAY_FPS)
    found = verdict(told, [frame / HIGHWAY_FPS for frame in middles], slack=0.15)
    assert found == Verdict(passed=8, hits=8, false=0, merged=0)


@pytest.mark.parametrize("seed", [1, 2])
def test_on_a_drawn_lane_every_vehicle_that_stops_is_one_crossing_however_the_light_changes(seed: int) -> None:
    pictures, middles = rendered(seed)
    found = verdict(sightings(VideoPresenceConfig(), pictures, 10.0), middles, slack=0.0)
    assert found == Verdict(passed=12, hits=12, false=0, merged=0)


def road(light: float = 1.0, vehicle: int | None = None) -> Image:
    """A gray road with noise; the vehicle's gray level where one stands."""
    picture = np.random.default_rng(3).normal(110, 4, (90, 160))
    if vehicle is not None:
        picture[30:80, 40:120] = vehicle
    return np.clip(picture * light, 0, 255).astype(np.uint8)


def spoken(pictures: list[Image], config: VideoPresenceConfig | None = None) -> list[tuple[bool, float]]:
    return [(s.occupied, s.at) for s in sightings(config or VideoPresenceConfig(), pictures, 10.0)]


def test_a_cloud_or_a_lamp_is_no_vehicle() -> None:
    flicker = [road(light) for light in (1.0, 0.6, 0.4, 1.3, 0.9) for _ in range(20)]
    assert [occupied for occupied, _ in spoken(flicker)] == [False]


def test_a_vehicle_is_told_from_when_it_came_until_it_went_however_long_it_stood() -> None:
    told = spoken([*[road()] * 30, *[road(vehicle=200)] * 900, *[road()] * 30])
    assert told == [(False, 0.1), (True, 3.1), (False, 93.1)]


def test_one_picture_alone_is_no_vehicle_and_one_missing_no_gap() -> None:
    told = spoken(
        [
            *[road()] * 30,
            road(vehicle=200),
            *[road()] * 30,
            *[road(vehicle=200)] * 20,
            road(),
            *[road(vehicle=200)] * 20,
        ]
    )
    assert [occupied for occupied, _ in told] == [False, True]


def test_what_happens_outside_the_region_is_nothing() -> None:
    outside = VideoPresenceConfig(region=(0.0, 0.0, 0.2, 1.0))
    assert [occupied for occupied, _ in spoken([*[road()] * 30, *[road(vehicle=200)] * 50], outside)] == [False]


def test_what_never_leaves_is_taken_for_the_lane_in_the_end() -> None:
    told = spoken([*[road()] * 30, *[road(vehicle=200)] * int(10 * (RELEARNS_AFTER + 10)), *[road(vehicle=90)] * 20])
    assert [occupied for occupied, _ in told] == [False, True, False, True]


def test_no_picture_is_a_fault_and_what_was_learnt_of_the_lane_stays() -> None:
    frames: list[Frame | None] = [Frame(road(), n, n / 10, n / 10) for n in range(1, 31)]
    now = 0.0
    presence = VideoPresence(VideoPresenceConfig(), lambda timeout: frames.pop(0) if frames else None, lambda: now)
    presence.open()
    while frames:
        presence.wait(0)
    now = 3.0 + BLIND_AFTER
    assert presence.wait(0) is None
    now += 0.1
    with pytest.raises(DeviceError, match="presence by video: no picture; check the lane's camera"):
        presence.wait(0)
    presence.close()
    with pytest.raises(DeviceError, match="is not open"):
        presence.wait(0)
    presence.open()
    frames += [Frame(road(vehicle=200), n, n / 10, n / 10) for n in range(60, 70)]
    told = [presence.wait(0) for _ in range(10)]
    assert [sighting.occupied for sighting in told if sighting] == [True]


def test_a_camera_that_changes_its_size_is_learnt_anew() -> None:
    background = Background((0.0, 0.0, 1.0, 1.0))
    assert background.share(road(), occupied=False) == 0
    assert background.share(road(vehicle=200), occupied=False) > 0.2
    assert background.share(road(vehicle=200)[:60], occupied=False) == 0


def test_colour_and_gray_are_the_same_to_it() -> None:
    background = Background((0.0, 0.0, 1.0, 1.0))
    background.share(road(), occupied=False)
    assert background.share(np.repeat(road()[..., None], 3, axis=2), occupied=False) == 0


def test_at_a_start_it_waits_for_the_first_picture_as_long_as_the_camera_does() -> None:
    now = 100.0
    presence = VideoPresence(VideoPresenceConfig(), lambda timeout: None, lambda: now)
    presence.open()
    now += FIRST_FRAME_TIMEOUT_S
    assert presence.wait(0.2) is None
    now += 0.1
    with pytest.raises(DeviceError, match="no picture"):
        presence.wait(0.2)
