"""``station board print``: numbered boards for a checkpoint or a bus, a code a page."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from pathlib import Path

from station.commands import DONE, CommandError, Screens
from station.commands.board_rows import COLUMNS, boards_of
from station.commands.printing import configure_output, write
from station.commands.progress import progress
from station.commands.registering import Registry
from station.domain.boards import FIRST_SERIAL, LAST_SERIAL, Board
from station.printing.boards import PHONE_PX, PHONE_VIEW, board_drawing
from station.printing.drawing import Drawing
from station.printing.errors import PrintError
from station.printing.paper import one_a_page

EXAMPLE = (
    "station board print --url https://declare.example.cn --station g107-north --boards 4 --position 桥北1公里 "
    "--distance 2 --output boards.pdf\n"
    "  station board print --url https://declare.example.cn --bus 豫A12345 --seats 45 --distance 0.8 --output bus.pdf"
)
NEAREST, FARTHEST = 0.3, 20.0  # metres
_NAMED = 9
_URL = re.compile(r"https?://[!-~]+")


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="print")
    action = actions.add_parser(
        "print", help="make a PDF, a board a page", epilog=f"example: {EXAMPLE.splitlines()[0]}"
    )
    action.add_argument(
        "--url",
        type=_url,
        help="of the drivers' page, driver.url with --register; a code holds URL/b/NUMBER",
    )
    which = action.add_mutually_exclusive_group(required=True)
    which.add_argument("--boards", type=_number, metavar="N", help="so many boards for one place by the road")
    which.add_argument("--bus", default="", metavar="PLATE", help="one for inside a bus; its code holds URL/v/NUMBER")
    which.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help=f"a board a row; columns {', '.join(COLUMNS)}; with a plate it is a bus's; an empty cell is as the option",
    )
    action.add_argument("--station", default="", metavar="ID", help="the checkpoint; needed by the road")
    action.add_argument("--lane", default="", help="whose drivers scan it")
    action.add_argument("--position", default="", help="where it hangs, such as 桥北1公里")
    action.add_argument("--seats", default="", metavar="N", help="of the bus")
    action.add_argument(
        "--first",
        type=_number,
        metavar="N",
        help=f"serial of the first board; the hub's next with --register, else {FIRST_SERIAL}. "
        "A number is a serial and a check digit",
    )
    action.add_argument(
        "--distance",
        type=_metres,
        required=True,
        metavar="METRES",
        help="to read it from with a phone, here one that sees its code with 3 px a module in a picture "
        f"{PHONE_PX} px and {PHONE_VIEW:g} degrees wide; the paper is A4 or larger (A5 in a bus), as the code needs",
    )
    action.add_argument(
        "--register",
        type=Path,
        metavar="FILE",
        help="the hub.toml of the hub whose drivers' page is to know them",
    )
    configure_output(action)


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    registry = Registry(args.register) if args.register else None
    usual = registry.next_serial if registry else FIRST_SERIAL
    boards = boards_of(args, usual if args.first is None else args.first, registry.known if registry else frozenset())
    address = args.url or (registry.address if registry else "")
    if not address:
        raise CommandError("no address for the codes: give --url, or driver.url in the hub.toml of --register")
    drawings = list(_drawings(boards, address, args.distance))
    title = f"Boards {boards[0].number} to {boards[-1].number}"
    write(one_a_page(drawings), (board.number for board in boards), title, args.format, args.output)
    if registry:
        registry.register(boards)
    _tell(boards, drawings, args)
    return DONE


def _drawings(boards: list[Board], address: str, metres: float) -> Iterator[Drawing]:
    for board in progress(boards, "laying out"):
        try:
            yield board_drawing(board, address, metres * 1000)
        except PrintError as error:
            raise CommandError(f"board {board.number}: {error}") from None


def _tell(boards: list[Board], drawings: list[Drawing], args: Namespace) -> None:
    """The next serial is for whoever numbers without the hub."""
    code = drawings[0].code
    side = code.module * code.symbol.modules
    known = f"registered in {args.register}; " if args.register else ""
    following = max(int(board.number[:-1]) for board in boards) + 1
    numbers = " ".join(board.number for board in boards[:_NAMED]) + (" ..." if len(boards) > _NAMED else "")
    print(
        f"{args.output}: {len(boards)} printed, {numbers}; the code is {side:.0f} mm wide, to be read from "
        f"{args.distance:g} m; {known}the next serial is {following}"
    )


def _url(text: str) -> str:
    if not _URL.fullmatch(text) or "?" in text or "#" in text:
        raise ArgumentTypeError(f"{text!r} is no address such as https://declare.example.cn")
    return text.rstrip("/")


def _metres(text: str) -> float:
    try:
        metres = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no number of metres") from None
    if not NEAREST <= metres <= FARTHEST:
        raise ArgumentTypeError(f"{text} is not within {NEAREST:g} and {FARTHEST:g} metres")
    return metres


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= LAST_SERIAL):
        raise ArgumentTypeError(f"{text!r} is no number up to {LAST_SERIAL}")
    return int(text)
