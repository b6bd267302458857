"""JPEG pictures over HTTP: an endless response with one after the other (MJPEG), or a new request for each (snapshot).

Cameras differ in what they send around a picture: no first boundary, boundaries of another name, no length. So
pictures are found by JPEG's own markers (ITU-T T.81, annex B), whatever stands between them.
"""

import http.client
import time
from collections.abc import Callable
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    ProxyHandler,
    Request,
    build_opener,
)

from station.devices.camera.camera_url import CameraUrl

TIMEOUT_S = 2.0
SNAPSHOT_INTERVAL_S = 0.2
MAX_PICTURE_BYTES = 8 * 1024 * 1024
MAX_PREAMBLE_BYTES = 64 * 1024
"""Bytes without the beginning of a picture, after which a stream is no stream of JPEG."""

_READ_BYTES = 64 * 1024
_START, _MARKER, _END, _FIRST = b"\xff\xd8", 0xFF, 0xD9, 0xD8
_ALONE = frozenset({0x00, 0x01, _FIRST, *range(0xD0, 0xD8)})  # without a segment: a plain 0xFF, TEM, RST0 to RST7


class HttpJpegError(Exception):
    """No picture comes; the message says why."""


class Response(Protocol):
    def read1(self, n: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class JpegStream:
    """Pictures out of bytes that come in any pieces."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._seen = 0  # of the picture's bytes: how far its markers were followed

    def feed(self, data: bytes) -> None:
        """:raises HttpJpegError: a picture, or what stands between pictures, is too long."""
        self._data += data
        if not self._seen:
            self._find_start()
        if len(self._data) > MAX_PICTURE_BYTES:
            raise HttpJpegError(f"a picture has more than {MAX_PICTURE_BYTES} bytes")

    def take(self) -> bytes | None:
        """The next whole picture, if it has come."""
        end = self._find_end() if self._seen else 0
        if not end:
            return None
        picture = bytes(self._data[:end])
        del self._data[:end]
        self._seen = 0
        self._find_start()
        return picture

    def _find_start(self) -> None:
        start = self._data.find(_START)
        if start >= 0:
            del self._data[:start]
            self._seen = len(_START)
        elif len(self._data) > MAX_PREAMBLE_BYTES:
            raise HttpJpegError("what it sends is no JPEG")

    def _find_end(self) -> int:
        """Follow the markers from where they were left. A thumbnail inside a segment is passed over with it."""
        data = self._data
        while (place := data.find(_MARKER, self._seen)) >= 0 and place + 1 < len(data):
            marker = data[place + 1]
            if marker == _END:
                return place + 2
            if marker == _MARKER:  # a fill byte
                self._seen = place + 1
            elif marker in _ALONE:
                self._seen = place + 2
            elif place + 4 > len(data):
                break
            else:
                self._seen = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        return 0


class HttpJpegReader:
    """One connection for a stream; for a camera that gives snapshots, a request each ``SNAPSHOT_INTERVAL_S``."""

    def __init__(
        self,
        url: CameraUrl,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url.target
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, self._url, url.user, url.password)
        handlers = [HTTPDigestAuthHandler(passwords), HTTPBasicAuthHandler(passwords)] if url.user else []
        self._opener = build_opener(ProxyHandler({}), *handlers)
        self._clock, self._wait = clock, wait
        self._response: Response | None = None
        self._snapshots = False
        self._first: bytes | None = None
        self._stream = JpegStream()
        self._asked = float("-inf")

    def open(self) -> bool:
        """Ask for the first picture. :return: whether what comes is JPEG; another reader may know what does not.

        :raises HttpJpegError: no answer, or refused.
        """
        self.close()
        self._asked = self._clock()
        kind = self._request()
        self._snapshots = kind.startswith("image/")
        if not kind.startswith(("image/", "multipart/")):
            self.close()
            return False
        try:
            self._first = self._wait_for_picture()
        except HttpJpegError:
            self.close()
            raise
        return True

    def picture(self) -> bytes:
        """The next picture's bytes, waiting ``TIMEOUT_S`` at most. :raises HttpJpegError: none comes."""
        first, self._first = self._first, None
        return first if first is not None else self._wait_for_picture()

    def _wait_for_picture(self) -> bytes:
        deadline = self._clock() + TIMEOUT_S
        if self._snapshots and self._response is None:
            self._wait(max(0.0, self._asked + SNAPSHOT_INTERVAL_S - self._clock()))
            self._asked = self._clock()
            self._request()
        newest = self._newest()
        while newest is None:
            if self._clock() > deadline:
                raise HttpJpegError(f"no whole picture came within {TIMEOUT_S:g} s")
            self._stream.feed(self._read())
            newest = self._newest()
        if self._snapshots:
            self._hang_up()
        return newest

    def _newest(self) -> bytes | None:
        """Whoever falls behind skips pictures: what is shown is never old."""
        newest = None
        while (picture := self._stream.take()) is not None:
            newest = picture
        return newest

    def close(self) -> None:
        self._first = None
        self._hang_up()

    def _hang_up(self) -> None:
        response, self._response = self._response, None
        self._stream = JpegStream()
        if response is not None:
            response.close()

    def _request(self) -> str:
        """:return: the media type."""
        try:
            response = self._opener.open(Request(self._url), timeout=TIMEOUT_S)
        except HTTPError as refusal:
            refusal.close()
            raise HttpJpegError(str(refusal.reason)) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise HttpJpegError(str(reason) or type(error).__name__) from None
        self._response = response
        return str(response.headers.get_content_type())

    def _read(self) -> bytes:
        if self._response is None:
            raise HttpJpegError("is not open")
        try:
            data = self._response.read1(_READ_BYTES)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise HttpJpegError(str(error) or type(error).__name__) from None
        if not data:
            raise HttpJpegError("the stream has broken off")
        return data
