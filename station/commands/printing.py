"""Sheets to the file or the folder that a printing command names."""

from argparse import ArgumentParser
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from station.commands import CommandError
from station.printing.paper import Sheet
from station.printing.pdf import to_pdf
from station.printing.png import DPI, to_png


class Format(StrEnum):
    PDF = "pdf"
    PNG = "png"


def configure_output(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="the PDF; with --format png a folder for pictures"
    )
    parser.add_argument(
        "--format", type=Format, choices=Format, default=Format.PDF, help=f"pdf, or png: a picture each, {DPI} dpi"
    )


def write(sheets: Iterable[Sheet], names: Iterable[str], title: str, form: Format, output: Path) -> None:
    """:param names: of the pictures, one for each sheet. :raises CommandError: it cannot be written."""
    pdf = to_pdf(sheets, title)
    try:
        match form:
            case Format.PDF:
                output.write_bytes(pdf)
            case Format.PNG:
                output.mkdir(parents=True, exist_ok=True)
                for name, picture in zip(names, to_png(pdf), strict=True):
                    (output / f"{name}.png").write_bytes(picture)
    except OSError as error:
        raise CommandError(f"--output: {output}: {error.strerror}; name another place") from None
