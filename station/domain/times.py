"""Times as text, RFC 3339: how all of the station and the hub write them, and how people and other programs may."""

import re
from datetime import UTC, datetime
from typing import Literal

Fineness = Literal["seconds", "milliseconds", "auto"]
_NORMAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def utc_text(at: datetime, fineness: Fineness = "milliseconds") -> str:
    """In UTC, ending in Z. ``auto`` is as fine as the time is; the others have one width, so that text compares as
    time does."""
    return at.astimezone(UTC).isoformat(timespec=fineness).replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """A time without an offset is UTC, a date its midnight. :raises ValueError: neither a time nor a date."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def normalize_time(text: str) -> str:
    """A time that was checked before, as ``utc_text`` writes it in milliseconds. Stations write it so, and to see that
    takes a sixth of the time."""
    return text if _NORMAL.fullmatch(text) else utc_text(parse_time(text))
