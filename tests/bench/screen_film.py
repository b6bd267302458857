"""What a lane of ``screen`` looks at: one car after the other in no time at all, and when its code came into view."""

import bisect
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import cv2
import zxingcpp

from station.commands.replay import frames
from station.devices.camera.scene import Scene
from station.domain.scan import Image

SIZE = (1280, 720)
LEAD = 1.0
"""Seconds of empty road before the first car."""
ROLLS, PULLS = 0.4, 0.3
"""Seconds of a car's coming and going that are shown; the rest of the empty road is cut out."""
MODEL_2 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


def draw(texts: Sequence[str], rates: Mapping[int, Path], seed: int) -> dict[int, dict[str, float]]:
    """Write one film a rate, of the same cars; the slower ones leave pictures out.

    :param rates: pictures a second, and the file; each divides the greatest.
    :return: by rate, where in the film each code can first be read.
    """
    fastest = max(rates)
    films = {
        rate: cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), rate, SIZE) for rate, path in rates.items()
    }
    scene = Scene([[text] for text in texts], SIZE, seed)
    stops: list[float] = []
    for number, (car, moment) in enumerate(_moments(scene, fastest)):
        if car == len(stops):
            stops.append(number / fastest)
        picture = scene.render(moment)
        for rate, film in films.items():
            if number % (fastest // rate) == 0:
                film.write(picture)
    for film in films.values():
        film.release()
    return {rate: first_readable(path, texts, stops) for rate, path in rates.items()}


def _moments(scene: Scene, rate: int) -> Iterator[tuple[int, float]]:
    """The moments of the scene that are shown, without what is cut out, each with its car; -1 before the first."""
    yield from ((-1, place / rate / 2) for place in range(round(LEAD * rate)))
    number = 0
    while (visit := scene.traffic.visit(number)) is not None:
        began, ended = visit.stands - ROLLS, visit.leaves + PULLS
        yield from ((number, began + place / rate) for place in range(round((ended - began) * rate)))
        number += 1


def first_readable(film: Path, texts: Sequence[str], starts: Sequence[float]) -> dict[str, float]:
    """Where in the film each code can first be read by a plain zxing-cpp loop.

    :param starts: where in the film each car comes in.
    """
    found: dict[str, float] = {}
    for frame in frames(film, "fast"):
        car = bisect.bisect(starts, frame.time) - 1
        if car >= 0 and texts[car] not in found and texts[car] in _read(frame.image):
            found[texts[car]] = frame.time
    return found


def _read(picture: Image) -> set[str]:
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return {code.text for code in zxingcpp.read_barcodes(gray, formats=MODEL_2)}
