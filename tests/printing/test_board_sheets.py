import re
from math import radians, tan

import pytest
from sheets import fonts_of, pages, rasterised, scanned, size_mm

from station.domain.boards import Board, BoardKind, board_number
from station.printing import words
from station.printing.boards import board_drawing, code_side
from station.printing.errors import PrintError
from station.printing.lettering import width
from station.printing.paper import one_a_page
from station.printing.pdf import to_pdf

ADDRESS = "https://declare.example.cn"
ROAD = Board(board_number(1000), BoardKind.ROAD, "g107-bridge-north", "1", "桥北1公里")
LONG = Board(
    board_number(9_999_998),
    BoardKind.ROAD,
    "g107-bridge-north",
    "东行第十二车道",
    "黄河大桥北引桥右侧应急车道内距卡点一点五公里处",
)
BUS = Board(board_number(1001), BoardKind.BUS, plate="豫AD12345", seats=45)


def drawn(board: Board, metres: float) -> bytes:
    return to_pdf(one_a_page([board_drawing(board, ADDRESS, metres * 1000)]), "boards")


@pytest.mark.parametrize(
    ("board", "metres", "paper"),
    [
        (ROAD, 0.5, (210.0, 297.0)),
        (ROAD, 1.5, (210.0, 297.0)),
        (LONG, 2, (297.0, 420.0)),
        (ROAD, 3, (420.0, 594.0)),
        (LONG, 4, (594.0, 841.0)),
        (ROAD, 6, (841.0, 1189.0)),
        (BUS, 0.8, (148.0, 210.0)),
        (BUS, 1.5, (210.0, 297.0)),
    ],
    ids=lambda value: getattr(value, "number", str(value)),
)
def test_a_board_stands_on_the_smallest_paper_that_holds_it_and_reads_back_at_150_dpi(board, metres, paper) -> None:
    pdf = drawn(board, metres)
    (page,) = pages(pdf)
    assert size_mm(page) == paper
    (sheet,) = rasterised(pdf)
    assert scanned(sheet) == [f"{ADDRESS}/{board.path}"]


@pytest.mark.parametrize("metres", [0.5, 1, 2, 4])
def test_a_phones_scanner_has_three_pixels_a_module_at_the_distance_asked_for(metres: float) -> None:
    code = board_drawing(ROAD, ADDRESS, metres * 1000).code
    seen_mm = 2 * metres * 1000 * tan(radians(67 / 2))
    assert code.module / seen_mm * 1280 == pytest.approx(3)
    assert code.module * code.symbol.modules == pytest.approx(code_side(code.symbol.modules, metres * 1000))


def test_a_distance_beyond_a0_is_refused_with_the_farthest_that_is_not() -> None:
    with pytest.raises(PrintError, match=r"read from \d\.\d m at most") as refused:
        board_drawing(ROAD, ADDRESS, 9000)
    farthest = float(re.findall(r"read from ([\d.]+) m", str(refused.value))[-1])
    assert board_drawing(ROAD, ADDRESS, farthest * 1000).size.width == 841


@pytest.mark.parametrize("board", [ROAD, LONG, BUS], ids=lambda board: board.number)
def test_number_place_lane_and_instruction_stand_on_it_in_both_languages(board: Board) -> None:
    pdf = drawn(board, 1)
    (page,) = pages(pdf)
    text = page.extract_text().replace("\n", "")
    instruction = words.INSTRUCTIONS[board.kind]
    said = [*instruction.title, *(part for step in instruction.steps for part in step)]
    said += [board.number, board.position, board.lane, board.plate, f"declare.example.cn/{board.path}"]
    assert [part for part in said if part not in text] == []
    fonts = {name: embedded for name, embedded in fonts_of(page).items() if "NotoSansSC" in name}
    assert fonts
    assert all("+" in name and embedded for name, embedded in fonts.items())


@pytest.mark.parametrize("metres", [0.5, 1.5, 6])
@pytest.mark.parametrize("board", [ROAD, LONG, BUS], ids=lambda board: board.number)
def test_words_stay_on_the_paper_and_off_the_code_and_its_quiet_zone(board: Board, metres: float) -> None:
    drawing = board_drawing(board, ADDRESS, metres * 1000)
    code = drawing.code
    for line in drawing.lines:
        left = line.x - (width(line.text, line.size) / 2 if line.centred else 0)
        assert left >= 0
        assert left + width(line.text, line.size) <= drawing.size.width
        assert line.y <= drawing.size.height
        assert line.y + line.size * 0.2 <= code.y or line.y - line.size >= code.y + code.box


def test_a_position_too_long_to_be_legible_is_refused() -> None:
    with pytest.raises(PrintError, match="shorten it"):
        board_drawing(Board(ROAD.number, BoardKind.ROAD, "s", position="桥" * 90), ADDRESS, 1000)
