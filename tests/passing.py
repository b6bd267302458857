"""Presence from video put to the proof: what passed by somebody's own count, and what the driver made of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2

from station.config import VideoPresenceConfig
from station.devices.camera.scene import Scene
from station.devices.presence.video import VideoPresence
from station.domain.crossings import Sighting
from station.domain.scan import Frame, Image

HIGHWAY_FPS = 29.97
HIGHWAY = (
    # One table a lane of no-code-highway.mp4: the region, and the frame at which each vehicle is in its middle, counted
    # by eye on every fourth frame. The seventh of the left lane is a pickup with a trailer.
    ((0.10, 0.60, 0.24, 0.30), (14, 54, 108, 144, 250, 410, 470, 508)),
    ((0.42, 0.60, 0.22, 0.30), (46, 82, 214, 340, 392, 470, 508, 535)),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``merged``: vehicles told as one with the vehicle before."""

    passed: int
    hits: int
    false: int
    merged: int


def pictures_of(path: Path) -> Iterator[Image]:
    video = cv2.VideoCapture(str(path))
    while True:
        there, picture = video.read()
        if not there:
            return
        yield picture


def rendered(seed: int, vehicles: int = 12, fps: float = 10.0) -> tuple[list[Image], list[float]]:
    """A drawn lane under changing daylight, and the second at which each vehicle stands."""
    scene = Scene([[f"CP1:{seed} {number}"] for number in range(vehicles)], (640, 360), seed)
    visits = [visit for number in range(vehicles) if (visit := scene.traffic.visit(number)) is not None]
    count = int((visits[-1].gone + 2) * fps)
    return [scene.render(number / fps) for number in range(count)], [(v.stands + v.leaves) / 2 for v in visits]


class Model(Protocol):
    """What the driver needs of a model of the empty lane."""

    def share(self, image: Image, occupied: bool) -> float: ...

    def learn_anew(self) -> None: ...


def sightings(
    config: VideoPresenceConfig, pictures: Iterable[Image], fps: float, model: Model | None = None
) -> list[Sighting]:
    """What the driver says of a video, as fast as it can. :param model: in place of the driver's own."""
    now = [0.0]
    frames = (Frame(picture, number, number / fps, number / fps) for number, picture in enumerate(pictures, 1))
    ended = False

    def take(timeout: float) -> Frame | None:
        nonlocal ended
        frame = next(frames, None)
        ended = frame is None
        now[0] = now[0] if frame is None else frame.captured
        return frame

    presence = VideoPresence(config, take, lambda: now[0])
    presence._background = model or presence._background
    presence.open()
    told = []
    while not ended:
        sighting = presence.wait(0)
        if sighting is not None:
            told.append(sighting)
    return told


def verdict(told: list[Sighting], middles: Iterable[float], slack: float) -> Verdict:
    """:param slack: seconds by which a crossing may miss a vehicle's middle."""
    crossings: list[tuple[float, float]] = []
    began: float | None = None
    for sighting in told:
        if sighting.occupied:
            began = sighting.at
        elif began is not None:
            crossings.append((began, sighting.at))
            began = None
    if began is not None:
        crossings.append((began, float("inf")))
    wanted = list(middles)
    inside = [[at for at in wanted if begin - slack <= at <= end + slack] for begin, end in crossings]
    return Verdict(
        passed=len(wanted),
        hits=len({at for found in inside for at in found}),
        false=sum(not found for found in inside),
        merged=sum(len(found) - 1 for found in inside if found),
    )
