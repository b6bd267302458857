"""``station pass print``: signed passes on cards and window cards, in the words of the passes themselves."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from station import passes
from station.commands import DONE, FOUND_WRONG, CommandError
from station.commands.printing import Format, configure_output, write
from station.commands.progress import progress
from station.commands.tables import columns_of, decoded, rows_of
from station.commands.trust import trusted_keys
from station.domain.passes import Pass, Rejected
from station.passes import BadPass, TrustList, cp1
from station.passes.cp1 import Cp1
from station.printing.drawing import Drawing
from station.printing.errors import PrintError
from station.printing.facts import SHORT_ID
from station.printing.paper import one_a_page, ten_a_sheet
from station.printing.pass_sheets import CARD, WINDOW, drawing_of

TEXT = "text"
"""Column of the texts in a table as ``pass issue --output FILE.csv`` writes it."""


class Paper(StrEnum):
    CARD = "card"
    WINDOW = "window"


_FORMS = {Paper.CARD: CARD, Paper.WINDOW: WINDOW}


@dataclass(frozen=True, slots=True)
class Laid:
    found: Pass
    drawing: Drawing


def configure_print(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, nargs="?", help=f"signed passes, a text a line or a CSV with a column {TEXT}; else stdin"
    )
    parser.add_argument(
        "--as",
        dest="paper",
        type=Paper,
        choices=Paper,
        default=Paper.CARD,
        help="card: 85.6 x 54 mm, ten to an A4 sheet; window: A5, for behind a windscreen",
    )
    parser.add_argument("--trust", type=Path, metavar="DIR", help="print only what verifies by these public keys")
    parser.add_argument("--timezone", type=_zone, default="Asia/Shanghai", metavar="ZONE", help="of the times printed")
    configure_output(parser)


def print_passes(args: Namespace) -> int:
    """A text that cannot be read or printed is told by its line at the end, and the others are printed."""
    texts = list(_texts(args.file))
    if not texts:
        raise CommandError("nothing to print: give the texts of signed passes, one a line")
    laid, refused = _laid(texts, args)
    if laid:
        _write(laid, args)
    for place, why in refused:
        print(f"{place}: not printed: {why}", file=sys.stderr)
    how = "" if args.trust else ", unverified"
    print(f"{args.output}: {len(laid)} of {len(texts)} passes printed{how}{_finest(laid)}", file=sys.stderr)
    return FOUND_WRONG if refused else DONE


def _laid(texts: list[tuple[str, str]], args: Namespace) -> tuple[list[Laid], list[tuple[str, str]]]:
    """What goes on paper, and the places of the refused texts with why."""
    trust = _trust(args.trust) if args.trust else None
    laid: list[Laid] = []
    refused: list[tuple[str, str]] = []
    for place, text in progress(texts, "laying out"):
        try:
            found = _read(text, trust)
            laid.append(Laid(found, drawing_of(found, text, _FORMS[args.paper], args.timezone)))
        except (BadPass, PrintError) as error:
            refused.append((place, str(error)))
    return laid, refused


def _read(text: str, trust: TrustList | None) -> Pass:
    """Without keys whatever it says: the words beside a code prove nothing, the code does.

    :raises BadPass: it cannot be read, or does not verify.
    """
    if trust is None:
        return cp1.unverified(text)
    found = passes.read(text.encode(), text, trust, (Cp1(),))
    if isinstance(found, Rejected):
        raise BadPass(found.reason, f"{found.reason.value} by the keys of --trust")
    return found


def _write(laid: list[Laid], args: Namespace) -> None:
    drawings = [one.drawing for one in laid]
    names = (f"{number:05d}-{one.found.id[:SHORT_ID]}" for number, one in enumerate(laid, 1))
    match (args.paper, args.format):
        case (Paper.CARD, Format.PDF):
            sheets = ten_a_sheet(drawings)
        case _:
            sheets = one_a_page(drawings)
    write(sheets, names, "Passes", args.format, args.output)


def _finest(laid: list[Laid]) -> str:
    if not laid:
        return ""
    return f", their modules {min(one.drawing.code.module for one in laid):.2f} mm or larger"


def _texts(file: Path | None) -> Iterator[tuple[str, str]]:
    """Texts with the line or row they stand in."""
    try:
        data = file.read_bytes() if file else sys.stdin.buffer.read()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}; give a file of signed passes") from None
    name = str(file) if file else "stdin"
    text = decoded(data, name)
    if TEXT in columns_of(text):
        yield from ((f"{name} row {number}", row[TEXT]) for number, row in rows_of(text, name) if row.get(TEXT))
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield f"{name} line {number}", line.strip()


def _trust(folder: Path) -> TrustList:
    return trusted_keys(folder, "--trust")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ArgumentTypeError(f"{name!r} is no time zone, such as Asia/Shanghai") from None
