"""``bench reading``: the station's reader and the plain readers on the same pictures, in turns, on one thread."""

import csv
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from station.commands import CommandError
from station.domain.scan import Image
from station.scanning.reader import read_still

STATION: Final = "station"
MANIFEST: Final = "manifest.csv"
Texts = Callable[[Image], list[str]]
_MODEL_2: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


def _station(gray: Image) -> list[str]:
    return [code.text for code in read_still(gray)]


def _zxing(gray: Image) -> list[str]:
    found = zxingcpp.read_barcodes(gray, formats=_MODEL_2, text_mode=zxingcpp.TextMode.Plain)
    return [one.text for one in found]


def _pyzbar(gray: Image) -> list[str]:
    found = pyzbar.decode(gray, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [one.data.decode("utf-8", "replace") for one in found]


def _opencv(gray: Image) -> list[str]:
    _, texts, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(gray)
    return [text for text in texts if text]


READERS: Final[tuple[tuple[str, Texts], ...]] = (
    (STATION, _station),
    ("zxing-cpp", _zxing),
    ("pyzbar", _pyzbar),
    ("opencv", _opencv),
)
"""Each as it comes, but for codes other than QR, which are switched off."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a picture is known to show. Where not ``complete``, it may show other codes as well."""

    texts: frozenset[str]
    complete: bool


@dataclass(slots=True)
class Score:
    """One reader on the pictures of one set."""

    some: int = 0
    """Pictures with a code read; where texts are known, with one of them read."""
    every: int = 0
    """Pictures with every known text read."""
    misreads: int = 0
    """Texts read that a completely known picture does not show."""
    milliseconds: list[float] = field(default_factory=list)

    def add(self, texts: set[str], expected: Expected | None, milliseconds: float) -> None:
        self.milliseconds.append(milliseconds)
        if expected is None:
            self.some += bool(texts)
            return
        self.some += bool(texts & expected.texts)
        self.every += expected.texts <= texts
        self.misreads += len(texts - expected.texts) if expected.complete else 0

    def plain(self, *, known: bool) -> dict[str, Any]:
        """Figures for programs; rates and misreads only where the texts were known."""
        p50, p95 = np.percentile(self.milliseconds, (50, 95))
        mean = float(np.mean(self.milliseconds))
        times = {"ms": {"mean": round(mean, 3), "p50": round(float(p50), 3), "p95": round(float(p95), 3)}}
        if not known:
            return {"with_code": self.some, **times}
        return {"read": self.some, "read_all": self.every, "misreads": self.misreads, **times}


def scores_of() -> dict[str, Score]:
    return {name: Score() for name, _ in READERS}


def looked(gray: Image, turn: int) -> Iterator[tuple[str, set[str], float]]:
    """Every reader's texts and CPU milliseconds; who begins changes from turn to turn."""
    first = turn % len(READERS)
    for name, texts in READERS[first:] + READERS[:first]:
        began = time.thread_time()
        read = set(texts(gray))
        yield name, read, (time.thread_time() - began) * 1000


def disagreement(read: Mapping[str, set[str]]) -> bool:
    """True where two readers each read something the other did not."""
    sets = [texts for texts in read.values() if texts]
    return any(one - other and other - one for one in sets for other in sets)


def manifest_of(folder: Path) -> dict[Path, Expected] | None:
    """What ``manifest.csv`` says of the pictures; None where there is none. :raises CommandError: it is not usable."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path}: {error}; it must be CSV in UTF-8") from None
    if not rows or not {"file", "expected"} <= rows[0].keys():
        raise CommandError(f"{path}: needs a heading with the columns file and expected, and a row per code")
    texts: dict[Path, set[str]] = {}
    partial: set[Path] = set()
    for row in rows:
        picture = folder / (row["file"] or "")
        texts.setdefault(picture, set()).add(row["expected"] or "")
        if row.get("complete") == "0":
            partial.add(picture)
    return {picture: Expected(frozenset(known), picture not in partial) for picture, known in texts.items()}
