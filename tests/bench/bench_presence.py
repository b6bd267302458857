"""``presence``: vehicles told by the lane's own camera, beside OpenCV's background models in place of the station's."""

import time
from collections.abc import Callable, Iterable, Sequence

import cv2
from passing import HIGHWAY, HIGHWAY_FPS, Model, Verdict, pictures_of, rendered, sightings, verdict
from plan import Plan
from tables import Table

from station.config import VideoPresenceConfig
from station.devices.presence.background import WIDTH, Background, Region
from station.devices.presence.video import EVERY
from station.domain.scan import Image

COLUMNS = ("model", "passed", "hits", "missed", "false", "merged", "cpu ms a look", "% of a core")
DRAWN_FPS = 10.0
DASHCAM_FPS = 30.0
LEARNS, LEARNS_AT_FIRST, FIRST = 0.02, 0.2, 5


class Subtractor:
    """MOG2 or KNN on the same small gray region, learning nothing while something is there."""

    def __init__(self, made: Callable[[], cv2.BackgroundSubtractor], region: Region) -> None:
        self._made = made
        self._region = region
        self.learn_anew()

    def share(self, image: Image, occupied: bool) -> float:
        left, top, width, height = self._region
        rows, columns = image.shape[:2]
        part = image[round(top * rows) : round((top + height) * rows), round(left * columns) :]
        part = part[:, : round(width * columns)]
        size = (round(width * WIDTH), max(1, round(height * rows * WIDTH / columns)))
        gray = cv2.cvtColor(cv2.resize(part, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
        self._seen += 1
        rate = LEARNS_AT_FIRST if self._seen <= FIRST else LEARNS
        return float((self._model.apply(gray, learningRate=0 if occupied else rate) > 0).mean())

    def learn_anew(self) -> None:
        self._model, self._seen = self._made(), 0


MODELS: dict[str, Callable[[Region], Model]] = {
    "station": Background,
    "MOG2": lambda region: Subtractor(lambda: cv2.createBackgroundSubtractorMOG2(300, 16, False), region),
    "KNN": lambda region: Subtractor(lambda: cv2.createBackgroundSubtractorKNN(300, 400, False), region),
}


class Sum:
    """Verdicts of several videos, and the processor time of their looks."""

    def __init__(self) -> None:
        self._verdicts: list[Verdict] = []
        self._cpu = 0.0
        self._seconds = 0.0

    def add(
        self, model: Model, config: VideoPresenceConfig, pictures: Sequence[Image], fps: float, middles: Iterable[float]
    ) -> None:
        began = time.process_time()
        told = sightings(config, pictures, fps, model)
        self._cpu += time.process_time() - began
        self._seconds += len(pictures) / fps
        self._verdicts.append(verdict(told, middles, 0.15))

    def row(self, name: str) -> tuple[str | int | float, ...]:
        passed, hits = (sum(getattr(v, key) for v in self._verdicts) for key in ("passed", "hits"))
        false, merged = (sum(getattr(v, key) for v in self._verdicts) for key in ("false", "merged"))
        share = self._cpu / self._seconds
        return name, passed, hits, passed - hits, false, merged, 1000 * share * EVERY, 100 * share


def measure(plan: Plan) -> list[Table]:
    return [_highway(plan), _drawn(plan), _dashcam(plan)]


def _highway(plan: Plan) -> Table:
    path = plan.video / "no-code-highway.mp4"
    if not path.is_file():
        return Table("presence: no-code-highway.mp4", COLUMNS, (), (f"skipped: {path} is not here",))
    pictures = list(pictures_of(path))
    sums = {name: Sum() for name in MODELS}
    for region, middles in HIGHWAY:
        for name, model in MODELS.items():
            at = [frame / HIGHWAY_FPS for frame in middles]
            sums[name].add(model(region), VideoPresenceConfig(region=region), pictures, HIGHWAY_FPS, at)
    rows = tuple(found.row(name) for name, found in sums.items())
    return Table("presence: no-code-highway.mp4", COLUMNS, rows, ("two lanes, counted by eye on every fourth frame",))


def _drawn(plan: Plan) -> Table:
    config, sums = VideoPresenceConfig(), {name: Sum() for name in MODELS}
    for seed in range(1, plan.lanes_drawn + 1):
        pictures, middles = rendered(seed, fps=DRAWN_FPS)
        for name, model in MODELS.items():
            sums[name].add(model(config.region), config, pictures, DRAWN_FPS, middles)
    rows = tuple(found.row(name) for name, found in sums.items())
    return Table("presence: drawn lanes", COLUMNS, rows, (f"{plan.lanes_drawn} lanes, daylight from 35 to 110 %",))


def _dashcam(plan: Plan) -> Table:
    title, path = "presence: no-code-dashcam.mp4", plan.video / "no-code-dashcam.mp4"
    if not path.is_file():
        return Table(title, COLUMNS, (), (f"skipped: {path} is not here",))
    pictures, config = list(pictures_of(path)), VideoPresenceConfig()
    rows = []
    for name, model in MODELS.items():
        found = Sum()
        found.add(model(config.region), config, pictures, DASHCAM_FPS, ())
        rows.append(found.row(name))
    return Table(title, COLUMNS, tuple(rows), ("the camera moves: no crossing told here can be right",))
