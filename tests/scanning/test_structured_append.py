"""Codes that hold a part of a message are told, and no other code is taken for one."""

import random
from functools import reduce
from operator import xor

import cv2
import numpy as np
import pytest
import segno
from filmed_lane import png_of
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.scan import MessagePart
from station.passes.message_parts import FORGET_AFTER_S, MessageAssembler
from station.scanning.look import Reading, look
from station.scanning.structured_append import message_part

TEXTS = {
    "alphanumeric": "CP1:PASS" * 25,
    "Chinese": "谢谢你 hello " * 20,
    "digits": "0123456789" * 30,
    "long": "a" * 1500,
}


def readings(code: segno.QRCode) -> list[Reading]:
    image = cv2.imdecode(np.frombuffer(png_of(code, 4), np.uint8), cv2.IMREAD_GRAYSCALE)
    return list(look(np.asarray(image, np.uint8), "test").codes)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("symbols", [2, 5])
@pytest.mark.parametrize("level", "LH")
def test_each_symbol_of_a_message_tells_its_place_and_together_they_are_the_message(
    text: str, symbols: int, level: str
) -> None:
    codes = segno.make_sequence(text, symbol_count=symbols, error=level, boost_error=False)
    found = [reading for code in codes for reading in readings(code)]
    parts = [message_part(reading) for reading in found]
    assert [(part.number, part.total) for part in parts if part] == [(n, symbols) for n in range(1, symbols + 1)]
    assembler = MessageAssembler()
    joined = [assembler.add(part, reading.payload, 0.0) for part, reading in zip(parts, found, strict=True) if part]
    assert joined == [*[None] * (symbols - 1), b"".join(reading.payload for reading in found)]


def test_no_single_code_is_taken_for_a_part() -> None:
    chance = random.Random(7)
    for _ in range(60):
        text = "".join(chance.choice("0123456789ABCDEF:- é谢") for _ in range(chance.randint(1, 200)))
        for reading in readings(segno.make(text, error=chance.choice("LMQH"), micro=False)):
            assert message_part(reading) is None


def test_a_worn_code_of_its_own_is_never_a_part() -> None:
    """A wrong module makes mode 0010 (alphanumeric) mode 0011 (structured append)."""
    chance = random.Random(11)
    told = 0
    for _ in range(150):
        text = "CP1:" + "".join(chance.choice("0123456789ABCDEF") for _ in range(120))
        image = cv2.imdecode(np.frombuffer(png_of(segno.make(text, error="q", micro=False), 4), np.uint8), 0)
        side = len(image) // 4
        for _ in range(12):  # modules at the lower right, where the stream begins
            x, y = side - 5 - chance.randrange(4), side - 5 - chance.randrange(14)
            image[4 * y : 4 * y + 4, 4 * x : 4 * x + 4] = 255 - image[4 * y, 4 * x]
        found = look(np.asarray(image, np.uint8), "test").codes
        told += len(found)
        assert all(message_part(reading) is None for reading in found)
    assert told > 100


@settings(max_examples=60)
@given(st.lists(st.binary(min_size=1, max_size=20), min_size=2, max_size=8, unique=True), st.randoms())
def test_a_message_is_whole_in_any_order_and_with_repeats(pieces: list[bytes], chance: random.Random) -> None:
    whole = b"".join(pieces)
    parity = reduce(xor, whole, 0)
    order = list(range(len(pieces)))
    chance.shuffle(order)
    assembler = MessageAssembler()
    answers = []
    for place in [order[0], *order]:
        answers.append(assembler.add(MessagePart(place + 1, len(pieces), parity), pieces[place], 0.0))
    assert answers == [*[None] * len(pieces), whole]


def test_a_message_whose_parity_is_wrong_is_none() -> None:
    assembler = MessageAssembler()
    assert assembler.add(MessagePart(1, 2, 9), b"a", 0) is None
    assert assembler.add(MessagePart(2, 2, 9), b"b", 1) is None


def test_parts_of_long_ago_and_of_another_message_are_forgotten() -> None:
    parity = ord("a") ^ ord("b")
    assembler = MessageAssembler()
    assembler.add(MessagePart(1, 2, parity), b"a", 0)
    assert assembler.add(MessagePart(2, 2, parity), b"b", FORGET_AFTER_S + 1) is None
    assembler.add(MessagePart(1, 3, parity), b"c", FORGET_AFTER_S + 2)
    assert assembler.add(MessagePart(1, 2, parity), b"a", FORGET_AFTER_S + 3) is None
    assert assembler.add(MessagePart(2, 2, parity), b"b", FORGET_AFTER_S + 4) == b"ab"
