"""The two ways of reading: a frame of a live lane within its budget, a still picture with everything there is."""

from dataclasses import replace

import cv2
import numpy as np

from station.domain.scan import Code, Frame, Image
from station.scanning.arrays import Gray
from station.scanning.doubt import Doubts
from station.scanning.gate import Due, Gate
from station.scanning.ladder import Ladder, zbar_readings
from station.scanning.live import LiveLooks
from station.scanning.look import Reading
from station.scanning.structured_append import message_part
from station.scanning.zbar import NAME as ZBAR
from station.scanning.zbar import ZbarReader

FORMAT = "QRCode"
ZXING = "zxing-cpp"
SECOND_READER_EVERY_S = 1.0
SECOND_READER_EMPTY_EVERY_S = 5.0
"""The same where zxing-cpp saw nothing like a code either."""


class LiveReader:
    """Reads the frames of one camera in order; one thread. A frame like the one before it is not looked at again, but
    never for longer than the gate's 200 ms, and what was in view is still in view.

    With ``second_reader`` zbar looks as well where zxing-cpp and all treatments read nothing and the budget has time
    left: once a second while something like a code is in view, else every five.
    """

    def __init__(self, *, second_reader: bool = False) -> None:
        self._gate = Gate()
        self._doubts = Doubts()
        self._first = LiveLooks(self._doubts)
        self._second = ZbarReader() if second_reader else None
        self._second_s = float("-inf")
        self._in_view: list[Code] = []

    def read(self, frame: Frame) -> list[Code]:
        due = self._gate.due(frame.image, frame.time)
        if due is not Due.NOT:
            gray = self._first.gray_of(frame.image)
            readings = self._first.read(gray, frame.time, due) or self._ask_second(gray, frame.time)
            self._in_view = [self._code_of(reading) for reading in readings]
        return self._in_view

    def _code_of(self, reading: Reading) -> Code:
        """With its place in a message of several symbols, which is looked for once while a code is in view."""
        known = next((code for code in self._in_view if code.payload == reading.payload), None)
        code = code_of(reading)
        return replace(code, part=known.part if known is not None else message_part(reading))

    def _ask_second(self, gray: Gray, now_s: float) -> list[Reading]:
        every_s = SECOND_READER_EVERY_S if self._first.sees_unread else SECOND_READER_EMPTY_EVERY_S
        if self._second is None or now_s - self._second_s < every_s or not self._first.time_left:
            return []
        self._second_s = now_s
        with self._first.spending():
            found = zbar_readings(self._second, gray)
        return [reading for reading in found if self._doubts.trusted(reading, now_s)]


def read_still(image: Image) -> list[Code]:
    """Every code in a still picture, by the whole ladder."""
    return [code_of(reading) for reading in Ladder(to_gray(image)).climb()]


def to_gray(image: Image) -> Gray:
    """Height x width, contiguous."""
    if image.ndim == 2:
        return np.ascontiguousarray(image)
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def code_of(reading: Reading) -> Code:
    """A reading as the rest of the station knows it."""
    first, second, third, fourth = ((round(x), round(y)) for x, y in reading.corners)
    decoder = ZBAR if reading.how.startswith(ZBAR) else ZXING
    modules = 17 + 4 * reading.version if reading.version else 0
    return Code(reading.payload, reading.text, FORMAT, (first, second, third, fourth), decoder, modules)
