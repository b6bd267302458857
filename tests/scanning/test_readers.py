"""Both readers on real codes: the payload's own bytes, and text that is never garbled."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.scan import Code
from station.scanning.look import look
from station.scanning.reader import code_of
from station.scanning.text import payload_text
from station.scanning.zbar import ZbarReader


class ZxingReader:
    """One plain look, as every frame gets it."""

    def read(self, gray: np.ndarray) -> list[Code]:
        return [code_of(reading) for reading in look(gray, "plain").codes]


READERS = [ZxingReader, ZbarReader]


def picture(content: str | bytes, *, encoding: str | None = None, scale: int = 4, **options: object) -> np.ndarray:
    code = segno.make(content, encoding=encoding, micro=False, **options)
    modules = np.array([[0 if dark else 255 for dark in row] for row in code.matrix_iter(border=4)], np.uint8)
    return np.ascontiguousarray(np.kron(modules, np.ones((scale, scale), np.uint8)))


@pytest.mark.parametrize("reader", READERS)
def test_chinese_in_utf8_is_not_garbled(reader) -> None:
    (code,) = reader().read(picture("车牌豫G12345，请出示通行证", encoding="utf-8"))
    assert code.text == "车牌豫G12345，请出示通行证"
    assert code.payload == code.text.encode()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", ["您好，黄河桥北岸卡点", "新疆维吾尔自治区", "豫A·D12345（新能源）"])
def test_chinese_in_gb18030_is_not_garbled(reader, text: str) -> None:
    (code,) = reader().read(picture(text.encode("gb18030"), mode="byte"))
    assert (code.text, code.payload) == (text, text.encode("gb18030"))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "payload",
    [b"a\x00b\x01\x1b[31mc\r\n", b"<script>alert(1)</script>", b"\xff\xfe\x80raw", "\u202eabc".encode(), b" " * 40],
)
def test_control_characters_and_markup_come_through_to_the_byte(reader, payload: bytes) -> None:
    (code,) = reader().read(picture(payload, mode="byte"))
    assert code.payload == payload


@pytest.mark.parametrize("reader", READERS)
def test_a_payload_of_nearly_three_kilobytes_comes_through(reader) -> None:
    payload = bytes(range(32, 127)) * 30
    (code,) = reader().read(picture(payload[:2900], mode="byte", error="l", scale=5))
    assert code.payload == payload[:2900]


@pytest.mark.parametrize("reader", READERS)
def test_several_codes_in_one_picture_are_all_read(reader) -> None:
    texts = [f"passenger {number}" for number in range(4)]
    codes = reader().read(np.hstack([picture(text, version=3) for text in texts]))
    assert sorted(code.text for code in codes) == texts


@pytest.mark.parametrize("reader", READERS)
def test_corners_go_clockwise_from_the_codes_own_top_left(reader) -> None:
    upright = picture("corners", version=3)
    for turns in range(4):
        (code,) = reader().read(np.ascontiguousarray(np.rot90(upright, -turns)))
        corners = np.array(code.corners, float)
        expected = np.array([[16, 16], [132, 16], [132, 132], [16, 132]], float)
        assert np.abs(corners - np.roll(expected, -turns, axis=0)).max() < 8


def test_nothing_in_view_is_no_code() -> None:
    for reader in READERS:
        assert reader().read(np.full((720, 1280), 127, np.uint8)) == []


def test_the_readers_let_other_threads_work_meanwhile() -> None:
    image = cv2.resize(picture("parallel"), (1280, 1280))
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: ZxingReader().read(image)[0].text, range(16)))
    assert results == ["parallel"] * 16


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=200))
def test_whatever_the_bytes_are_both_readers_agree_on_them(payload: bytes) -> None:
    image = picture(payload, mode="byte")
    for reader in READERS:
        assert [code.payload for code in reader().read(image)] == [payload]


@given(st.binary(max_size=300))
def test_any_payload_has_a_text(payload: bytes) -> None:
    assert isinstance(payload_text(payload), str)


@given(st.text())
def test_utf8_always_reads_as_itself(text: str) -> None:
    assert payload_text(text.encode("utf-8", "ignore")) == text.encode("utf-8", "ignore").decode()
