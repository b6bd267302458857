"""What scanners type in the settings that shops leave them in."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.reader.keyboard_layouts import KEYS, LAYOUTS
from station.devices.reader.keys import ALT, ALT_GR, DETECTABLE, LONGEST, MAX_ALT_DIGITS, Typing

SHIFT, CONTROL, ENTER = 42, 29, 28
PAD = dict(zip("7894561230", (71, 72, 73, 75, 76, 77, 79, 80, 81, 82), strict=True))
PASS = "CP1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
EVERY_KEY = [*KEYS, ALT, ALT_GR, SHIFT, CONTROL, ENTER, 58, 78, *PAD.values(), 600]
Event = tuple[int, bool]


def tap(key: int, *held: int) -> list[Event]:
    return [*((one, True) for one in held), (key, True), (key, False), *((one, False) for one in held)]


def typed(text: str, layout: str = "us") -> list[Event]:
    """The keys of a scanner that is set to a layout."""
    levels = LAYOUTS[layout]
    events: list[Event] = []
    for letter in text:
        for signs, held in ((levels.plain, ()), (levels.shifted, (SHIFT,)), (levels.alt_gr, (ALT_GR,))):
            key = next((key for key, sign in signs.items() if sign == letter), None)
            if key is not None:
                events += tap(key, *held)
                break
        else:
            raise AssertionError(f"{letter!r} cannot be typed in layout {layout}")
    return events


def alt(*numbers: str) -> list[Event]:
    """Each number on the number pad with Alt held."""
    events: list[Event] = []
    for number in numbers:
        events += [(ALT, True), *itertools.chain.from_iterable(tap(PAD[digit]) for digit in number), (ALT, False)]
    return events


def read(typing: Typing, events: list[Event]) -> str | None:
    found = [text for key, down in [*events, *tap(ENTER)] if (text := typing.press(key, down)) is not None]
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize("text", ["CP1:A+B", "豫A12345 谢谢", "𠮷䶮Ü"])
def test_alt_mode_with_the_bytes_of_the_text(text: str) -> None:
    assert read(Typing(), alt(*(f"{byte:04}" for byte in text.encode()))) == text


def test_alt_mode_with_the_code_page_of_windows() -> None:
    assert read(Typing(), alt("65", "0252")) == "Aü"
    assert read(Typing(), alt("65", "129")) == "Aü"


@pytest.mark.parametrize("numbers", [("52725", "67"), ("29579", "067")], ids=["GBK", "Unicode"])
def test_alt_mode_with_a_number_for_each_chinese_character(numbers: tuple[str, ...]) -> None:
    assert read(Typing(), alt(*numbers)) == "王C"


def test_alt_mode_in_hexadecimal() -> None:
    events = [(ALT, True), *tap(78), *tap(PAD["7"]), *tap(PAD["3"]), *tap(PAD["8"]), *tap(48), (ALT, False)]
    assert read(Typing(), events) == "王"


def test_a_number_without_end_is_bounded_and_is_no_character() -> None:
    typing = Typing()
    assert read(typing, alt("9" * 5000)) in ("\ufffd", None)
    assert read(typing, typed("CP1:A")) == "CP1:A"
    assert MAX_ALT_DIGITS < 10


@pytest.mark.parametrize("identifier", ["]Q1", "]Q3", "]d1", "]C0"])
def test_a_code_identifier_is_taken_off(identifier: str) -> None:
    assert read(Typing(), typed(f"{identifier}{PASS}")) == PASS


def test_an_identifier_that_announces_character_sets_has_them_taken_off() -> None:
    assert read(Typing(), typed(r"]Q2\000026a\\b")) == r"a\b"


def test_a_prefix_and_a_suffix_of_the_configuration_are_taken_off() -> None:
    assert read(Typing(prefix="QR#", suffix="*"), typed(f"QR#]Q1{PASS}*")) == PASS


@pytest.mark.parametrize("layout", DETECTABLE)
@pytest.mark.parametrize("identifier", ["", "]Q1"])
def test_the_layout_that_a_scanner_is_set_to_is_found_by_a_pass(layout: str, identifier: str) -> None:
    typing = Typing()
    assert read(typing, typed(identifier + PASS, layout)) == PASS
    assert read(typing, typed("shc:/567", layout)) == "shc:/567"
    assert read(typing, typed("a-b_y", layout)) == "a-b_y"


@pytest.mark.parametrize("layout", LAYOUTS)
@given(text=st.text(st.sampled_from("abcxyzABCXYZ0123456789 $%*+-./:"), min_size=1, max_size=20))
def test_every_character_of_a_pass_is_read_in_every_layout(layout: str, text: str) -> None:
    assert read(Typing(layout), typed(text, layout)) == text


def test_control_characters_are_read_and_those_that_end_a_line_end_the_code() -> None:
    assert read(Typing(), [*typed("01"), *tap(27, CONTROL), *typed("17")]) == "01\x1d17"
    typing = Typing()
    events = [*typed("CP1:A"), *tap(50, CONTROL)]
    assert [text for key, down in events if (text := typing.press(key, down))] == ["CP1:A"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*KEYS, ALT, ALT_GR, SHIFT, CONTROL, ENTER, 58, 78, *PAD.values(), 600]), st.booleans()
        )
    )
)
def test_whatever_is_typed_ends_in_a_bounded_text_or_none(events: list[Event]) -> None:
    typing = Typing()
    for key, down in events:
        text = typing.press(key, down)
        assert text is None or 0 < len(text) <= 2 * LONGEST


def test_forgetting_lets_go_of_keys_and_keeps_the_layout() -> None:
    typing = Typing()
    read(typing, typed(PASS, "de"))
    for key in (SHIFT, ALT, 30):
        typing.press(key, True)
    typing.forget()
    assert read(typing, typed("a-b", "de")) == "a-b"
