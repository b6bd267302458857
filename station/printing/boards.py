"""A board: one code a page, as large as reading it with a phone from the distance asked for takes."""

from collections.abc import Iterator
from math import floor

from station.domain.boards import Board, BoardKind
from station.domain.optics import COMFORTABLE, focal_by_view, reading_distance
from station.printing import words
from station.printing.columns import LEADING
from station.printing.drawing import Bar, CodeAt, Drawing, Ink, Line, Size
from station.printing.errors import PrintError
from station.printing.lettering import fitted
from station.printing.paper import PAPERS
from station.printing.symbol import QUIET, Symbol, symbol
from station.printing.words import Both

PHONE_PX, PHONE_VIEW = 1280, 67.0
"""A phone's scanner, taken cautiously: pictures of 1280 x 720, the smaller of the two sizes that Google's ML Kit
advises for codes at a distance (it asks for 2 px a module, COMFORTABLE is 3), through a main camera of 26 mm
equivalent, which sees 69 degrees across, of which steadying the picture takes some."""

_SMALLEST = {BoardKind.ROAD: "A4", BoardKind.BUS: "A5"}
# All lengths below are for paper 210 mm wide, and grow with it.
_DRAWN_FOR = 210.0
_MARGIN, _INSIDE = 10.0, 190.0
_HEAD, _FOOT = 40.0, 84.0  # above and below the room of the code


def phone_focal() -> float:
    """In px."""
    return focal_by_view(PHONE_PX, PHONE_VIEW)


def code_side(modules: int, distance: float) -> float:
    """Side in mm, quiet zone left out, of a code to be read from so many mm."""
    return modules * COMFORTABLE * distance / phone_focal()


def board_drawing(board: Board, address: str, distance: float) -> Drawing:
    """On the smallest paper that holds its code.

    :param address: of the drivers' page. :param distance: in mm.
    :raises PrintError: no paper up to A0 is large enough, or a text too long.
    """
    url = f"{address}/{board.path}"
    found = symbol(url)
    side = code_side(found.modules, distance)
    box = side * found.with_quiet_zone / found.modules
    paper = _paper(board.kind, found, box)
    scale = paper.width / _DRAWN_FOR
    middle = _HEAD * scale + (paper.height - (_HEAD + _FOOT) * scale) / 2
    code = CodeAt(found, (paper.width - box) / 2, middle - box / 2, box)
    foot = paper.height - _FOOT * scale
    lines = (*_head(board.kind, scale), *_address(url, foot, scale), *_named(board, foot, scale))
    return Drawing(paper, code, (*lines, *_steps(board.kind, foot, scale)), tuple(_bars(foot, scale)))


def _room(paper: Size) -> float:
    """Side of the largest box that the paper holds. The paper's own white widens the quiet zone."""
    scale = paper.width / _DRAWN_FOR
    return min(paper.width - _MARGIN, paper.height - (_HEAD + _FOOT) * scale)


def _paper(kind: BoardKind, found: Symbol, box: float) -> Size:
    names = list(PAPERS)
    for name in names[names.index(_SMALLEST[kind]) :]:
        if box <= _room(PAPERS[name]):
            return PAPERS[name]
    largest = _room(PAPERS[names[-1]]) * found.modules / (found.modules + 2 * QUIET)
    farthest = floor(reading_distance(largest, found.modules, phone_focal(), COMFORTABLE) / 100) / 10
    raise PrintError(
        f"a code to be read from so far is larger than A0, whose is read from {farthest} m at most; take a shorter "
        "distance, or a shorter URL for fewer modules"
    )


def _head(kind: BoardKind, scale: float) -> Iterator[Line]:
    chinese, english = words.INSTRUCTIONS[kind].title
    middle = _DRAWN_FOR / 2 * scale
    yield Line(chinese, middle, 25.6 * scale, 15 * scale, Ink.WHITE, centred=True)
    yield Line(english, middle, 33.6 * scale, 6 * scale, Ink.WHITE, centred=True)


def _address(url: str, foot: float, scale: float) -> Iterator[Line]:
    """For a phone that cannot scan: what to type."""
    (row,), size = fitted(url.partition("://")[2], _INSIDE * scale, 5 * scale)
    yield Line(row, _DRAWN_FOR / 2 * scale, foot + 5.4 * scale, size, Ink.GRAY, centred=True)


def _named(board: Board, foot: float, scale: float) -> Iterator[Line]:
    """Number, place and lane side by side, or number, plate and seats."""
    for caption, value, x, room in _columns(board):
        if not value:
            continue
        left = (_MARGIN + x) * scale
        rows, size = fitted(value, room * scale, 11 * scale, rows=2)
        first = foot + (24.6 if len(rows) == 1 else 20.6) * scale
        yield Line(" ".join(caption), left, foot + 13.6 * scale, 3.6 * scale, Ink.GRAY)
        for index, row in enumerate(rows):
            yield Line(row, left, first + index * size * LEADING, size)


def _columns(board: Board) -> tuple[tuple[Both, str, float, float], ...]:
    """Caption, value, place and room of each."""
    number = (words.BOARD_NUMBER, board.number, 0.0, 52.0)
    match board.kind:
        case BoardKind.ROAD:
            return (number, (words.POSITION, board.position, 56.0, 84.0), (words.LANE, board.lane, 146.0, 44.0))
        case BoardKind.BUS:
            seats = str(board.seats) if board.seats else ""
            return (number, (words.PLATE, board.plate, 56.0, 84.0), (words.SEATS, seats, 146.0, 44.0))


def _steps(kind: BoardKind, foot: float, scale: float) -> Iterator[Line]:
    for index, (chinese, english) in enumerate(words.INSTRUCTIONS[kind].steps):
        y = foot + (42.0 + 12.8 * index) * scale
        yield Line(str(index + 1), (_MARGIN + 2) * scale, y + 1.6 * scale, 10 * scale, Ink.BLUE)
        yield Line(chinese, (_MARGIN + 14) * scale, y - 1.2 * scale, 6.4 * scale)
        yield Line(english, (_MARGIN + 14) * scale, y + 3.6 * scale, 3.9 * scale, Ink.GRAY)


def _bars(foot: float, scale: float) -> Iterator[Bar]:
    yield Bar(_MARGIN * scale, _MARGIN * scale, _INSIDE * scale, 27 * scale)
    for y in (8.0, 32.0):
        yield Bar(_MARGIN * scale, foot + y * scale, _INSIDE * scale, 0.5 * scale)
