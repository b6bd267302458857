import hashlib

import pytest

from station.domain.plates import ENDINGS, PROVINCES
from station.printing.lettering import FILE, broken, fitted, printable, width

FONTS = FILE.parent


def characters(encoding: str) -> str:
    """The ideographs of an encoding of two bytes a character."""
    found = []
    for first in range(0x81, 0xFF):
        for second in range(0x40, 0xFF):
            try:
                found.append(bytes([first, second]).decode(encoding))
            except UnicodeDecodeError:
                continue
    return "".join(character for character in found if "\u4e00" <= character <= "\u9fff")


@pytest.mark.parametrize(("encoding", "many"), [("gb2312", 6763), ("gbk", 20902), ("big5", 13061)])
def test_the_font_has_every_ideograph_that_names_and_places_are_written_with(encoding: str, many: int) -> None:
    ideographs = characters(encoding)
    assert len(set(ideographs)) == many
    assert printable(ideographs) == ideographs


@pytest.mark.parametrize(
    "name", ["䶮", "㛃", "𬭎", "Ü", "Çağrı Şahin", "Jiří Dvořák", "Nguyễn Thị Hồng", "Αλέξης", "Дмитрий Жуков", "Łódź"]
)
def test_the_font_has_names_beyond_gbk(name: str) -> None:
    assert printable(name) == name


def test_a_letter_with_its_mark_written_apart_is_one_character() -> None:
    assert printable("U\u0308") == "Ü"


def test_the_font_has_what_plates_and_masked_labels_hold() -> None:
    signs = f"{PROVINCES}{ENDINGS}·*×—（）《》“”、。 ~" + "".join(map(chr, range(32, 127)))
    assert printable(signs) == signs


def test_the_font_lies_beside_its_licence_and_is_the_one_its_source_names() -> None:
    assert "SIL Open Font License" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() in (FONTS / "SOURCE").read_text(encoding="utf-8")


@pytest.mark.parametrize("character", ["𠮷", "\n", "\x00", "\u202e", "😀", "\ud83d"])
def test_what_the_font_lacks_stands_as_its_code_point(character: str) -> None:
    assert printable(f"王{character}") == f"王〔U+{ord(character):04X}〕"


@pytest.mark.parametrize(
    "text", ["g7 g8 g9 g10", "黄河大桥北引桥右侧应急车道", "abcdefghijklmnop", "桥 a b桥桥桥桥桥桥桥桥桥"]
)
def test_rows_are_no_wider_than_their_room_and_lose_no_character(text: str) -> None:
    rows = broken(text, 12, 3)
    assert len(rows) > 1
    assert max(width(row, 3) for row in rows) <= 12
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")


def test_rows_break_at_a_space_where_there_is_one() -> None:
    assert broken("grid-17 grid-18", 15, 3) == ["grid-17", "grid-18"]


def test_a_text_is_as_large_as_its_room_allows() -> None:
    (row,), size = fitted("豫G12345", 24, 7)
    assert row == "豫G12345"
    assert 0.9 * 24 <= width(row, size) <= 24
    assert fitted("豫", 24, 7) == (["豫"], 7)


def test_a_text_too_long_for_one_row_is_set_in_two_of_half_the_size() -> None:
    rows, size = fitted("豫G12345豫G12345", 24, 7, rows=2)
    assert len(rows) == 2
    assert size <= 3.5
