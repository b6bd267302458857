"""Where a driver's libraries end: whatever they raise is a fault of that device, never of the station."""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from station.devices import DeviceError, EndOfStream

_CREDENTIALS = re.compile(r"//\S*@")


@contextmanager
def translated_errors(device: str, remedy: str) -> Iterator[None]:
    """Libraries raise what they like: ``termios.error`` out of pyserial, ``cv2.error``, ``lgpio.error``,
    ``RuntimeError`` out of libcamera, an ``AttributeError`` for a device that vanished between two of their own lines.
    A list of them would be true until the next release, and what it lacks would end every lane of the station.

    :param device: what the fault is of, as the screen shows it.
    :param remedy: what a person can do about it.
    :raises DeviceError: for every ``Exception`` but it and :exc:`EndOfStream`, which pass.
    """
    try:
        yield
    except (DeviceError, EndOfStream):
        raise
    except Exception as error:
        # What the library half made holds its pins and files until it is freed, and its frames hold it: in Python 3.13
        # for as long as nobody collects garbage.
        traceback.clear_frames(error.__traceback__)
        raise DeviceError(f"{device}: {_reason(error)}; {remedy}") from error


def _reason(error: Exception) -> str:
    """In one line and without a camera's password; an error without words is told by its kind."""
    strerror = getattr(error, "strerror", None)
    words = " ".join(str(strerror or error).split())
    words = _CREDENTIALS.sub("//***@", words)
    return words or type(error).__name__
