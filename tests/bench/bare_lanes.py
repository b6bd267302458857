"""The peer of ``lanes``: a thread a lane that takes a picture, reads it with zxing-cpp and does nothing else.

``bare_lanes.py CAMERA LANE...``: says ``ready``, then answers every line on stdin with a report like /healthz's.
"""

import json
import sys
import threading
import time
import tomllib
from typing import Any

import cv2
import zxingcpp
from pydantic import TypeAdapter

from station.config import CameraConfig
from station.devices import Camera, camera, load_driver
from station.runtime import Spread

MODEL_2 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


class BareLane:
    def __init__(self, driver: Camera) -> None:
        self._camera = driver
        self._ages = Spread()
        self._frames = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        self._camera.open()
        while not self.stopping.is_set():
            image, _ = self._camera.grab()
            captured = time.monotonic()
            zxingcpp.read_barcodes(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), formats=MODEL_2)
            self._frames += 1
            self._ages.add(time.monotonic() - captured)

    def report(self) -> dict[str, Any]:
        ages = {f"p{percent}": round(self._ages.percentile(percent) * 1000, 1) for percent in (50, 95)}
        return {"frames": self._frames, "frame_age_ms": ages}


def camera_of(inline_table: str) -> Camera:
    table = tomllib.loads(f"camera = {inline_table}")["camera"]
    config: Any = TypeAdapter(CameraConfig).validate_json(json.dumps(table))
    driver: Camera = load_driver(camera.DRIVERS, config.driver)(config)
    return driver


def main(inline_table: str, *names: str) -> None:
    lanes = {name: BareLane(camera_of(inline_table)) for name in names}
    threads = [threading.Thread(target=lane.run, daemon=True) for lane in lanes.values()]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps({name: lane.report() for name, lane in lanes.items()}), flush=True)
    for lane in lanes.values():
        lane.stopping.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
