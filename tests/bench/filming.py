"""What the lanes look at: the real video at the rate asked for, or a simulated road where there is none."""

import json
import struct
from pathlib import Path

from made import KEY, a_pass

from station.passes import cp1

FILM, FILMED_AT = "qr-codes.mp4", 30
VEHICLES = 500


def at_rate(folder: Path, rate: int, into: Path) -> tuple[str, str]:
    """A camera for station.toml as an inline table, and what it is in a few words."""
    film = folder / FILM
    if not film.is_file():
        return _simulated(
            rate, into
        ), "the simulated camera, drawing in the process itself, because the video is not here"
    played = into / FILM
    played.write_bytes(slowed(film.read_bytes(), rate / FILMED_AT))
    camera = f'{{ driver = "file", path = {json.dumps(str(played))}, pace = "real", loop = true }}'
    return camera, f"{FILM} at {rate} frames a second, every picture of it, the same in every lane"


def slowed(film: bytes, factor: float) -> bytes:
    """An MP4 whose pictures are the same bytes, shown at ``factor`` times the rate: the unit of its times is changed
    (ISO 14496-12, ``mdhd``) and the edit list, which would now cut it short, is made a box to be skipped."""
    changed = bytearray(film.replace(b"edts", b"free"))
    header = changed.find(b"mdhd")
    if header < 0:
        raise ValueError("the film is no MP4")
    times_of_64_bits = changed[header + 4] == 1
    at = header + (24 if times_of_64_bits else 16)
    (scale,) = struct.unpack_from(">I", changed, at)
    struct.pack_into(">I", changed, at, round(scale * factor))
    return bytes(changed)


def _simulated(rate: int, into: Path) -> str:
    passes = into / "passes.jsonl"
    passes.write_text("".join(json.dumps([cp1.issue(a_pass(), KEY)]) + "\n" for _ in range(VEHICLES)), encoding="utf-8")
    return f'{{ driver = "simulated", passes = {json.dumps(str(passes))}, size = [1280, 720], fps = {rate} }}'
