"""Number plates as GA 36 has them, however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.plates import DIGITS, ENDINGS, LETTERS, LONGEST, PROVINCES, NoPlate, PlateKind, read_plate

serial = st.text(LETTERS + DIGITS, min_size=5, max_size=5)
place, authority = st.sampled_from(PROVINCES), st.sampled_from(LETTERS)


@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("豫G12345", "豫G12345", PlateKind.ORDINARY),
        ("京A·12B4C", "京A12B4C", PlateKind.ORDINARY),
        ("豫g 12o4i", "豫G12041", PlateKind.ORDINARY),
        ("豫Ｇ１２３４５", "豫G12345", PlateKind.ORDINARY),
        ("沪AD12345", "沪AD12345", PlateKind.NEW_ENERGY),
        ("沪ADF1234", "沪ADF1234", PlateKind.NEW_ENERGY),
        ("沪A12345D", "沪A12345D", PlateKind.NEW_ENERGY),
        ("豫G1234挂", "豫G1234挂", PlateKind.TRAILER),
        ("豫G1234学", "豫G1234学", PlateKind.LEARNER),
        ("豫G1234警", "豫G1234警", PlateKind.POLICE),
        ("粤Z1234港", "粤Z1234港", PlateKind.HONG_KONG),
        ("粤ZAB12澳", "粤ZAB12澳", PlateKind.MACAO),
        ("沪A0023领", "沪A0023领", PlateKind.CONSULATE),
        ("使014578", "使014578", PlateKind.EMBASSY),
        ("224578使", "224578使", PlateKind.EMBASSY),
    ],
)
def test_a_plate_is_read_as_people_type_it(typed: str, text: str, kind: PlateKind) -> None:
    plate = read_plate(typed)
    assert (plate.text, plate.kind) == (text, kind)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "豫",
        "豫G1234",
        "豫G123456",
        "豫112345",
        "G12345",
        "龙G12345",
        "沪AL12345",
        "沪A1234DD",
        "京Z1234港",
        "豫G12345挂",
        "使01457",
    ],
)
def test_what_no_plate_looks_like_is_refused(typed: str) -> None:
    with pytest.raises(NoPlate):
        read_plate(typed)


@given(place, authority, serial)
def test_every_ordinary_plate_reads_as_itself_and_once_read_reads_the_same(p: str, a: str, s: str) -> None:
    plate = read_plate(p + a + s)
    assert plate.text == p + a + s
    assert read_plate(plate.text.lower()) == plate


@given(st.text(PROVINCES + ENDINGS + LETTERS + DIGITS + "IO·- ", max_size=12))
def test_what_is_read_fits_its_grammar_whatever_was_typed(typed: str) -> None:
    try:
        plate = read_plate(typed)
    except NoPlate:
        return
    assert 7 <= len(plate.text) <= LONGEST
    assert (len(plate.text) == LONGEST) == (plate.kind is PlateKind.NEW_ENERGY)
    assert not set("IO·- ") & set(plate.text)


def test_the_keypad_has_every_province_once_and_no_letter_that_looks_like_a_digit() -> None:
    assert len(set(PROVINCES)) == len(PROVINCES) == 31
    assert not set("IO") & set(LETTERS)
    assert len(LETTERS) == 24
