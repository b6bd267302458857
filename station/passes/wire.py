"""What third parties' certificates are wrapped in: DEFLATE, base64url, seconds since 1970."""

import base64
import binascii
import zlib
from datetime import UTC, datetime

from station.domain.reasons import Reason
from station.domain.times import parse_time
from station.passes.errors import BadPass

LARGEST = 64 * 1024
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
RAW, ZLIB = -zlib.MAX_WBITS, zlib.MAX_WBITS


def inflated(data: bytes, window: int) -> bytes:
    """Exactly one complete stream, inflated no further than ``LARGEST``. ``window`` is ``RAW`` or ``ZLIB``."""
    inflater = zlib.decompressobj(window)
    try:
        plain = inflater.decompress(data, LARGEST)
    except zlib.error:
        raise BadPass(Reason.MALFORMED, "not compressed as it should be") from None
    if not inflater.eof or inflater.unused_data:
        raise BadPass(Reason.MALFORMED, f"cut off, followed by more, or larger than {LARGEST} bytes")
    return plain


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """:raises ValueError: not base64url, or padded."""
    if not set("=+/").isdisjoint(text):
        raise ValueError("base64url without padding expected")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def seconds_since_1970(value: object) -> datetime:
    """Whole or with a fraction; what lies beyond the year 9998 is as good as never.

    :raises TypeError: (or ValueError, OverflowError, OSError) no such number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("seconds since 1970 expected")
    if not value >= 0:
        raise ValueError("seconds since 1970 expected")
    return datetime.fromtimestamp(min(value, NEVER.timestamp()), UTC)


def moment_of(text: str) -> datetime:
    """A date, its midnight UTC, or a time; of the years that every time zone's calendar can show.

    :raises ValueError: neither.
    """
    moment = parse_time(text)
    if not 1900 <= moment.year < NEVER.year:
        raise ValueError("a date of our times expected")
    return moment.astimezone(UTC)
