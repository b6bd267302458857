"""``scan``: the station's own live scan path beside the plain readers, every frame of every video to every reader."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import cv2
import zxingcpp
from pairing import Laps, interleaved, ratio, sliced
from plan import Plan
from pyzbar import pyzbar
from tables import Table

from station.commands.replay import frames
from station.config import ScanningSection
from station.domain.scan import Frame, Image
from station.scanning.reader import LiveReader

VIDEOS = ("qr-codes.mp4", "no-code-highway.mp4", "no-code-dashcam.mp4")
SLICE = 15
AGREED = 10
"""A text counts as correct when one reader had it in this many frames: nobody misreads the same way that often."""

STATION, ZXING = "station", "zxing-cpp"
COLUMNS = ("reader", "correct", "other", "frames/s", "cpu ms mean", "cpu ms median", "mean / zxing", "median / zxing")

Texts = Callable[[Frame], list[str]]


def live_reader() -> LiveReader:
    """As a lane has it with nothing said in the configuration."""
    return LiveReader(second_reader=ScanningSection().second_reader)


def measure(plan: Plan) -> list[Table]:
    return [_of_video(plan.video / name, plan.scan_frames) for name in VIDEOS]


def _of_video(path: Path, most: int) -> Table:
    title = f"scan: {path.name}"
    if not path.is_file():
        return Table(title, COLUMNS, (), (f"skipped: {path} is not here",))
    readers = {name: Reading(texts) for name, texts in _readers().items()}
    looked = islice(frames(path, "fast"), most or None)
    laps = interleaved({name: reading.look for name, reading in readers.items()}, sliced(looked, SLICE))
    agreed = agreed_texts(reading.seen for reading in readers.values())
    rows = tuple(_row(name, readers[name], laps, agreed) for name in readers)
    others = tuple(
        f"{name} also read {count} x {text[:60]!r}"
        for name, reading in readers.items()
        for text, count in reading.seen.items()
        if text not in agreed
    )
    return Table(title, COLUMNS, rows, (f"{laps[STATION].items} frames, {len(agreed)} texts agreed on", *others))


def _row(name: str, reading: "Reading", laps: Mapping[str, Laps], agreed: set[str]) -> tuple[str | int | float, ...]:
    own, peer = laps[name], laps[ZXING]
    correct = sum(count for text, count in reading.seen.items() if text in agreed)
    return (
        name,
        correct,
        reading.seen.total() - correct,
        own.items / own.wall_sum,
        own.cpu_mean_ms,
        own.cpu_median_ms,
        own.cpu_sum / peer.cpu_sum,
        ratio(own.cpu, peer.cpu),
    )


@dataclass(slots=True)
class Reading:
    """``seen`` counts, by text, the frames it was read in."""

    texts: Texts
    seen: Counter[str] = field(default_factory=Counter)

    def look(self, work: Sequence[Frame]) -> None:
        for frame in work:
            self.seen.update(set(self.texts(frame)))


def agreed_texts(seen: Iterator[Counter[str]]) -> set[str]:
    return {text for counts in seen for text, count in counts.items() if count >= AGREED}


def _readers() -> dict[str, Texts]:
    live, detector = live_reader(), cv2.QRCodeDetector()
    model_2 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])

    def plain_zxing(frame: Frame) -> list[str]:
        return [found.text for found in zxingcpp.read_barcodes(_gray(frame.image), formats=model_2)]

    def plain_pyzbar(frame: Frame) -> list[str]:
        found = pyzbar.decode(_gray(frame.image), symbols=[pyzbar.ZBarSymbol.QRCODE])
        return [symbol.data.decode("utf-8", "replace") for symbol in found]

    def plain_opencv(frame: Frame) -> list[str]:
        _, texts, _, _ = detector.detectAndDecodeMulti(_gray(frame.image))
        return [text for text in texts if text]

    return {
        STATION: lambda frame: [code.text for code in live.read(frame)],
        ZXING: plain_zxing,
        "pyzbar": plain_pyzbar,
        "opencv": plain_opencv,
    }


def _gray(image: Image) -> cv2.typing.MatLike:
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
