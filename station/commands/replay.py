"""``station replay VIDEO``: the lane's own scanning over a video or a folder of frames."""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from station.commands import DONE, CommandError, Screens
from station.commands.output import print_json
from station.config import FileCameraConfig, ScanningSection
from station.devices import DeviceError, EndOfStream
from station.devices.camera.file import FileCamera
from station.domain.scan import Code, Frame
from station.runtime import Spread
from station.scanning.guard import RepeatGuard
from station.scanning.reader import LiveReader

EXAMPLE = "station replay --json gate.mp4"
LONGEST_VIDEO = 10_000_000


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("video", type=Path, metavar="VIDEO", help="a video, or a folder of frames")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--every-frame", action="store_true", help="every code of every frame, without the repeat guard"
    )
    parser.add_argument("--pace", choices=("fast", "real"), default="fast", help="as fast as possible, or as filmed")


@dataclass(slots=True)
class _Totals:
    frames: int = 0
    frames_with_code: int = 0
    scans: int = 0
    milliseconds: Spread = field(default_factory=lambda: Spread(LONGEST_VIDEO))
    spent: float = 0.0

    def summary(self) -> dict[str, Any]:
        mean = self.spent / self.frames if self.frames else 0.0
        times = {"mean": mean, "p50": self.milliseconds.percentile(50), "p95": self.milliseconds.percentile(95)}
        return {
            "frames": self.frames,
            "frames_with_code": self.frames_with_code,
            "scans": self.scans,
            "ms_per_frame": {name: round(value, 3) for name, value in times.items()},
        }


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    scanning = ScanningSection()
    reader, guard, totals = (
        LiveReader(),
        RepeatGuard(scanning.absence_seconds),
        _Totals(),
    )
    for frame in frames(args.video, args.pace):
        codes = _timed(reader, frame, totals)
        begun = set(guard.begins("replay", (code.payload for code in codes), frame.time))
        totals.scans += len(begun)
        shown = codes if args.every_frame else _first_of_each(codes, begun)
        for code in shown:
            _print(_line(frame, code), as_json=args.json)
    _print({"summary": totals.summary()}, as_json=args.json)
    return DONE


def frames(path: Path, pace: str) -> Iterator[Frame]:
    """Every frame with its position in seconds. :raises CommandError: it cannot be opened."""
    source = FileCamera(FileCameraConfig(path=str(path), pace="real" if pace == "real" else "fast"))
    number = 0
    try:
        source.open()
        while True:
            image, position = source.grab()
            at = position if position is not None else 0.0
            yield Frame(image, number, at, at)
            number += 1
    except EndOfStream:
        return
    except DeviceError as error:
        raise CommandError(str(error)) from None
    finally:
        source.close()


def _timed(reader: LiveReader, frame: Frame, totals: _Totals) -> list[Code]:
    began = time.perf_counter()
    codes = reader.read(frame)
    spent = (time.perf_counter() - began) * 1000
    totals.frames += 1
    totals.frames_with_code += bool(codes)
    totals.milliseconds.add(spent)
    totals.spent += spent
    return codes


def _first_of_each(codes: list[Code], begun: set[bytes]) -> list[Code]:
    return list({code.payload: code for code in codes if code.payload in begun}.values())


def _line(frame: Frame, code: Code) -> dict[str, Any]:
    return {
        "frame": frame.number,
        "t": round(frame.time, 3),
        "text": code.text,
        "format": code.format,
        "corners": [list(corner) for corner in code.corners],
    }


def _print(line: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(line)
    elif "summary" in line:
        print(", ".join(f"{name}: {value}" for name, value in line["summary"].items()), flush=True)
    else:
        print(f"{line['t']:9.3f} s  frame {line['frame']:6}  {line['text']!r}", flush=True)
