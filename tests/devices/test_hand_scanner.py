"""A USB scanner: evdev's own device object, reading real input events from a pipe in place of /dev/input."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("evdev", reason="evdev has no wheel for this machine; install python3-evdev to drive the scanner")
from evdev import DeviceInfo, InputDevice, ecodes

from station.config import EvdevReaderConfig
from station.devices import DeviceError
from station.devices.reader import evdev as reader
from station.devices.reader.evdev import FORGOTTEN_AFTER, EvdevReader
from station.devices.reader.keys import LONGEST, Typing

PATH = "/dev/input/by-id/usb-SCANNER-event-kbd"
EVENT = struct.Struct("llHHi")
UPPER = '!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"~|ZXCVBNM<>?'
LOWER = "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./"
ROWS = (range(2, 14), range(16, 28), range(30, 42), range(43, 54))
CODES = [code for row in ROWS for code in row]
KEYS = {letter: (code, False) for letter, code in zip(LOWER, CODES, strict=True)}
KEYS |= {letter: (code, True) for letter, code in zip(UPPER, CODES, strict=True)} | {" ": (57, False)}


class Piped(InputDevice):
    """evdev's device on a pipe: no /dev/input on the machine that runs this. What it reads and how is evdev's own."""

    pipes: dict[str, int] = {}  # noqa: RUF012 - the machine's devices, by path
    taken: set[str] = set()  # noqa: RUF012 - by another program

    def __init__(self, path: str) -> None:
        if path not in self.pipes:
            raise FileNotFoundError(2, "No such file or directory")
        self.path, self.fd = path, os.dup(self.pipes[path])
        self.info = DeviceInfo(3, 0x05E0, 0x1200, 1)
        self.grabbed = 0

    def grab(self) -> None:
        if self.path in self.taken:
            raise OSError(16, "Device or resource busy")
        self.grabbed += 1

    def capabilities(self) -> dict[int, list[int]]:
        return {ecodes.EV_KEY: [ecodes.KEY_ENTER] if "kbd" in self.path else []}


class Hand:
    now = 50.0

    def clock(self) -> float:
        return self.now


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The end of the pipe that the scanner types into."""
    out, into = os.pipe()
    os.set_blocking(out, False)
    monkeypatch.setattr(Piped, "pipes", {PATH: out})
    monkeypatch.setattr(Piped, "taken", set())
    monkeypatch.setattr(reader, "InputDevice", Piped)
    monkeypatch.setattr(reader, "input_devices", lambda: ["/dev/input/event0", *Piped.pipes])
    yield into
    os.close(out)
    os.close(into)


def press(code: int, *values: int) -> bytes:
    return b"".join(EVENT.pack(0, 0, kind, key, value) for value in values for kind, key, value in _report(code, value))


def _report(code: int, value: int) -> list[tuple[int, int, int]]:
    return [(ecodes.EV_MSC, ecodes.MSC_SCAN, code), (ecodes.EV_KEY, code, value), (ecodes.EV_SYN, 0, 0)]


def typed(text: str, end: int = ecodes.KEY_ENTER) -> bytes:
    found = b""
    for letter in text:
        code, shift = KEYS[letter]
        held = press(ecodes.KEY_LEFTSHIFT, 1), press(ecodes.KEY_LEFTSHIFT, 0)
        found += held[0] * shift + press(code, 1, 0) + held[1] * shift
    return found + press(end, 1, 0)


def opened(device: str = PATH, clock: Hand | None = None) -> EvdevReader:
    made = EvdevReader(EvdevReaderConfig(device=device), (clock or Hand()).clock)
    made.open()
    return made


def read(made: EvdevReader) -> list[str]:
    found = [made.wait(0) for _ in range(12)]
    return [text for text in found if text is not None]


def test_every_character_of_a_pass_is_read_as_it_was_typed(scanner: int) -> None:
    text = "CP1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    os.write(scanner, typed(text))
    assert read(opened()) == [text]


@pytest.mark.parametrize("text", [UPPER, LOWER, "https://example.org/b/7?x=1&y=_~"])
def test_every_key_of_the_us_layout_is_read_as_it_was_typed(scanner: int, text: str) -> None:
    os.write(scanner, typed(text))
    assert read(opened()) == [text]


@pytest.mark.parametrize("end", [ecodes.KEY_ENTER, ecodes.KEY_KPENTER, ecodes.KEY_TAB])
def test_two_codes_in_one_go_are_two(scanner: int, end: int) -> None:
    os.write(scanner, typed("CP1:A", end) + typed("CP1:B", end))
    assert read(opened()) == ["CP1:A", "CP1:B"]


def test_a_key_held_down_is_typed_once_and_an_end_alone_is_nothing(scanner: int) -> None:
    os.write(scanner, press(ecodes.KEY_A, 1, 2, 2, 0) + press(ecodes.KEY_ENTER, 1, 0) * 2)
    assert read(opened()) == ["a"]


def test_caps_lock_turns_letters_round_and_nothing_else(scanner: int) -> None:
    os.write(scanner, press(ecodes.KEY_CAPSLOCK, 1, 0) + typed("aB1:"))
    assert read(opened()) == ["Ab1:"]


def test_a_code_that_was_cut_off_is_not_the_beginning_of_the_next(scanner: int) -> None:
    hand = Hand()
    made = opened(clock=hand)
    os.write(scanner, typed("CP1:HALF")[: -len(press(ecodes.KEY_ENTER, 1, 0))])
    assert read(made) == []
    hand.now += FORGOTTEN_AFTER + 0.1
    os.write(scanner, typed("CP1:WHOLE"))
    assert read(made) == ["CP1:WHOLE"]


def test_what_types_without_an_end_is_forgotten_and_not_kept() -> None:
    typing = Typing()
    for _ in range(LONGEST + 10):
        assert typing.press(ecodes.KEY_A, True) is None
    assert len(typing._typed) == LONGEST + 1
    assert typing.press(ecodes.KEY_ENTER, True) is None
    assert [typing.press(code, True) for code in (ecodes.KEY_A, ecodes.KEY_ENTER)] == [None, "a"]


def test_it_is_taken_for_the_station_alone_and_given_back(scanner: int) -> None:
    made = opened()
    device = made._device
    assert device is not None
    assert device.grabbed == 1
    made.close()
    made.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(device.fd)


def test_it_is_found_by_vendor_and_product_and_not_mistaken_for_another_device_of_that_make(scanner: int) -> None:
    Piped.pipes["/dev/input/event0"] = Piped.pipes[PATH]
    os.write(scanner, typed("x"))
    made = opened("05e0:1200")
    assert made._device is not None
    assert made._device.path == PATH
    assert read(made) == ["x"]
    with pytest.raises(DeviceError, match=r"scanner 05e0:9999: is not there; plug it in"):
        opened("05e0:9999")


def test_one_that_another_program_has_taken_is_told_with_the_remedy(scanner: int) -> None:
    Piped.taken.add(PATH)
    with pytest.raises(DeviceError, match="another program has taken it; stop that one"):
        opened()


def test_one_that_is_unplugged_is_told_in_one_line_and_works_again_once_plugged(
    scanner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = opened()

    def gone(device: Piped) -> Iterator[object]:
        raise OSError(19, "No such device")

    os.write(scanner, typed("lost"))
    with monkeypatch.context() as patched:
        patched.setattr(Piped, "read", gone)
        with pytest.raises(DeviceError, match="unplugged; plug it in"):
            made.wait(0)
    made.close()
    os.read(Piped.pipes[PATH], 100_000)
    made.open()
    os.write(scanner, typed("found"))
    assert read(made) == ["found"]


def test_a_machine_without_the_scanner_says_so_in_one_line(tmp_path: Path) -> None:
    made = EvdevReader(EvdevReaderConfig(device="/dev/input/by-id/nothing-here"))
    with pytest.raises(DeviceError, match=r"scanner /dev/input/by-id/nothing-here: No such file or directory; plug it"):
        made.open()
    with pytest.raises(DeviceError, match="is not open"):
        made.wait(0)
