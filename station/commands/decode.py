"""``station decode PATH...``: every code in images and folders."""

import base64
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from station.commands import DONE, FOUND_WRONG, Screens
from station.commands.output import print_json
from station.devices.camera.images import IMAGE_SUFFIXES, read_image
from station.domain.scan import Code
from station.scanning.reader import read_still

EXAMPLE = "station decode --json photos/ car.jpg"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="an image, or a folder of images")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    failed = False
    for path in pictures(args.paths):
        result = _decode(path)
        failed |= "error" in result
        if args.json:
            print_json(result)
        else:
            print(_plain(result), flush=True)
    return FOUND_WRONG if failed else DONE


def pictures(paths: list[Path]) -> Iterator[Path]:
    """Files as named, and the images in folders, however deep; a path that is not there comes out as it is."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in IMAGE_SUFFIXES)
        else:
            yield path


def _decode(path: Path) -> dict[str, Any]:
    try:
        image = read_image(path)
    except (OSError, ValueError) as error:
        return {"file": str(path), "error": str(error)}
    began = time.perf_counter()
    codes = read_still(image)
    milliseconds = (time.perf_counter() - began) * 1000
    height, width = image.shape[:2]
    return {
        "file": str(path),
        "width": width,
        "height": height,
        "ms": round(milliseconds, 2),
        "codes": [_code(code) for code in codes],
    }


def _code(code: Code) -> dict[str, Any]:
    return {
        "text": code.text,
        "bytes_b64": base64.b64encode(code.payload).decode(),
        "format": code.format,
        "corners": [list(corner) for corner in code.corners],
        "decoder": code.decoder,
    }


def _plain(result: dict[str, Any]) -> str:
    if "error" in result:
        return f"{result['file']}: {result['error']}"
    texts = ", ".join(repr(code["text"]) for code in result["codes"]) or "no code"
    return f"{result['file']}: {texts}"
