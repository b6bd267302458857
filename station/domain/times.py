"""Times as text, RFC 3339: how all of the station and the hub write them, and how people and other programs may."""

from datetime import UTC, datetime
from typing import Literal

Fineness = Literal["seconds", "milliseconds", "auto"]


def utc_text(at: datetime, fineness: Fineness = "milliseconds") -> str:
    """In UTC, ending in Z. ``auto`` is as fine as the time is; the others have one width, so that text compares as
    time does."""
    return at.astimezone(UTC).isoformat(timespec=fineness).replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """A time without an offset is UTC, a date its midnight. :raises ValueError: neither a time nor a date."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
