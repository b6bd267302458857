"""A camera on a road that is not there, for the demo and for tests to assert on."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from station.config import SimulatedCameraConfig
from station.devices import DeviceError
from station.devices.camera.scene import Print, Scene, Visit, printed
from station.domain.scan import Image

LONGEST_WAIT = 0.2


class SimulatedCamera:
    """Real QR codes under tilt, blur, noise and changing light, at the configured rate.

    Every line of ``passes`` is one vehicle and comes once. Time stands still while the camera is closed, so that
    none is shown twice or missed; like a real camera it skips pictures that nobody fetched in time. A vehicle is
    written to ``record`` and added to ``presented`` with the first picture at or after its codes became visible.
    """

    def __init__(
        self,
        config: SimulatedCameraConfig,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._config = config
        self._clock = clock
        self._wait = wait
        self._scene: Scene | None = None
        self._record: TextIO | None = None
        self._began: float | None = None
        self._next = 0
        self._shown = 0
        self.presented: list[str] = []

    def open(self) -> None:
        """:raises DeviceError: ``passes`` cannot be read or is not what it should be, ``record`` cannot be written."""
        self.close()
        config = self._config
        if self._scene is None:
            vehicles, prints = read_passes(Path(config.passes))
            self._scene = Scene(vehicles, config.size, config.seed, config.seconds, prints)
        if config.record:
            try:
                self._record = Path(config.record).open("a", encoding="utf-8")  # noqa: SIM115 - closed in close()
            except OSError as error:
                raise DeviceError(
                    f"simulated camera: {config.record}: {error.strerror}; check camera.record"
                ) from error
        self._began = self._clock() - self._next / config.fps

    def grab(self) -> tuple[Image, float | None]:
        """Wait for the next picture. :raises DeviceError: a text too long for a QR code."""
        if self._scene is None or self._began is None:
            raise DeviceError("simulated camera: is not open")
        fps = self._config.fps
        self._next = max(self._next, int((self._clock() - self._began) * fps))
        while self._began is not None and (ahead := self._began + self._next / fps - self._clock()) > 0:
            self._wait(min(ahead, LONGEST_WAIT))
        t = self._next / fps
        self._next += 1
        try:
            picture = self._scene.render(t)
        except ValueError as error:
            raise DeviceError(f"simulated camera: {self._config.passes}: {error}") from error
        for visit in self._scene.traffic.shown_by(t, self._shown):
            self._present(visit)
        return picture, None

    def close(self) -> None:
        self._began = None
        record, self._record = self._record, None
        if record is not None:
            record.close()

    def _present(self, visit: Visit) -> None:
        self._shown = visit.number + 1
        self.presented.extend(visit.texts)
        if self._record is None:
            return
        line = {"lane_seed": self._config.seed, "vehicle": visit.number, "texts": visit.texts}
        try:
            print(json.dumps(line, ensure_ascii=False), file=self._record, flush=True)
        except OSError as error:
            raise DeviceError(f"simulated camera: {self._config.record}: {error.strerror}; free the disk") from error


def read_passes(path: Path) -> tuple[list[list[str]], dict[str, Print]]:
    """What every vehicle shows, and what of it is printed already, by its text.

    A line is a JSON array of code texts; ``{"picture": FILE}`` in place of a text is a picture of something printed,
    shown as it is. An empty line is nothing.

    :raises DeviceError: naming the file, and the line where there is one.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DeviceError(f"simulated camera: {path}: {error.strerror}; check camera.passes") from error
    except UnicodeDecodeError as error:
        raise DeviceError(f"simulated camera: {path}: is not UTF-8 text; save it as UTF-8") from error
    prints: dict[str, Print] = {}
    vehicles = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            vehicles.append([_text(path, number, item, prints) for item in _items(path, number, line)])
    return vehicles, prints


def _items(path: Path, number: int, line: str) -> list[Any]:
    try:
        items = json.loads(line)
    except ValueError:
        items = None
    if not isinstance(items, list) or not items:
        raise DeviceError(f'simulated camera: {path}:{number}: is no JSON array of texts, such as ["CP1:..."]')
    return items


def _text(path: Path, number: int, item: object, prints: dict[str, Print]) -> str:
    match item:
        case str() if item:
            return item
        case {"picture": str() as name}:
            try:
                found = printed(path.parent / name)
            except (OSError, ValueError) as error:
                raise DeviceError(f"simulated camera: {path}:{number}: {name}: {error}") from None
            prints[found.text] = found
            return found.text
        case _:
            raise DeviceError(
                f'simulated camera: {path}:{number}: is no JSON array of texts, such as ["CP1:..."], or pictures'
            )
