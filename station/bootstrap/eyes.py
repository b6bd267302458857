"""What a lane's camera, scanner and sensors say of themselves, for the screen."""

import time

from station.bootstrap.sensors import LaneSensors
from station.devices.camera.worker import CameraWorker
from station.domain.view import CameraView, CodeView
from station.lane import Eyes
from station.plates.watch import PlateWatch
from station.scanning.hand import HandScanner
from station.scanning.scanner import Scanner


def lane_eyes(
    camera: CameraWorker, scanner: Scanner, hand: HandScanner, sensors: LaneSensors, plates: PlateWatch | None
) -> Eyes:
    return Eyes(
        camera=lambda: _camera_view(camera),
        code=lambda: _code_view(scanner),
        scans=lambda: scanner.scans + hand.scans,
        lost=sensors.lost,
        in_view=lambda: scanner.in_view,
        suggestion=lambda: None if plates is None else plates.suggestion(),
    )


def _camera_view(worker: CameraWorker) -> CameraView:
    now = time.monotonic()
    width, height = worker.size
    age = worker.age(now)
    return CameraView(
        state=worker.state(now),
        fault=worker.fault,
        age_ms=None if age is None else round(age * 1000),
        fps=round(worker.fps, 1),
        width=width,
        height=height,
    )


def _code_view(scanner: Scanner) -> CodeView | None:
    if scanner.last is None:
        return None
    frame, code = scanner.last
    return CodeView(code.corners, frame.number)
