"""``memory``: resident memory over many rendered frames, the station's scan path beside a plain zxing-cpp loop.

Each runs in a process of its own, which is this file: ``bench_memory.py WAY FRAMES WIDTH HEIGHT``.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice

import zxingcpp
from bench_scan import live_reader
from plan import Plan
from proc import resident_mb
from tables import Table

from station.config import ScanningSection
from station.devices.camera.scene import Scene
from station.domain.scan import Frame
from station.scanning.guard import RepeatGuard

FIRST = 1000
VEHICLES = 64
PER_SECOND = 15
COLUMNS = ("way", "frames", "codes", "presentations", "RSS MB", "growth MB")
WAYS = ("station", "zxing-cpp", "drawing alone")


def measure(plan: Plan) -> list[Table]:
    width, height = plan.memory_size
    running = {
        way: subprocess.Popen(
            [sys.executable, __file__, way, str(plan.memory_frames), str(width), str(height)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for way in WAYS
    }
    try:
        rows = tuple(row for way, child in running.items() for row in _rows(way, child))
    finally:
        for child in running.values():
            child.kill()
    return [
        Table(
            "memory: one process over rendered frames",
            COLUMNS,
            rows,
            (f"scenes of {width}x{height}, drawn in the same process; growth is since the first line of the way",),
        )
    ]


def _rows(way: str, child: "subprocess.Popen[str]") -> Iterator[tuple[str | int | float, ...]]:
    out, _ = child.communicate()
    if child.returncode != 0:
        raise RuntimeError(f"{way} ended with {child.returncode}")
    marks = [json.loads(line) for line in out.splitlines()]
    for frames, codes, presentations, resident in marks:
        yield way, frames, codes, presentations, resident, resident - marks[0][3]


def marks_up_to(frames: int) -> list[int]:
    """Where to look: after 1,000 and every tenfold, and at the end."""
    tenfold = [FIRST * 10**power for power in range(6)]
    return sorted({min(FIRST, frames), *(mark for mark in tenfold if mark <= frames), frames})


def rendered(size: tuple[int, int]) -> Iterator[Frame]:
    """Endless traffic, every code once. Each scene ends after some vehicles, because it remembers them all."""
    number, began, seed = 0, 0.0, 0
    while True:
        texts = [[f"CP1:BENCH {seed:06d} {vehicle:03d} " + "0A1B2C3D" * 12] for vehicle in range(VEHICLES)]
        scene, t = Scene(texts, size, seed), 0.0
        while scene.traffic.at(t) is not None:
            yield Frame(scene.render(t), number, began + t, began + t)
            number += 1
            t += 1 / PER_SECOND
        began, seed = began + t, seed + 1


def _reader(way: str) -> Callable[[Frame], list[bytes]]:
    if way == "station":
        live = live_reader()
        return lambda frame: [code.payload for code in live.read(frame)]
    if way == "drawing alone":
        return lambda _: []
    model_2 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])
    return lambda frame: [found.bytes for found in zxingcpp.read_barcodes(frame.image, formats=model_2)]


def run(way: str, frames: int, size: tuple[int, int]) -> None:
    read, guard = _reader(way), RepeatGuard(ScanningSection().absence_seconds)
    codes = presentations = 0
    marks = marks_up_to(frames)
    for seen, frame in enumerate(islice(rendered(size), frames), 1):
        payloads = read(frame)
        codes += len(payloads)
        presentations += len(guard.begins("1", payloads, frame.captured))
        if seen in marks:
            print(json.dumps([seen, codes, presentations, resident_mb()]), flush=True)


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), (int(sys.argv[3]), int(sys.argv[4])))
