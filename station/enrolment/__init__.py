"""What turns a machine into one station of the district: its name, where the hub is, its key and certificate.

The hub's side issues it. It travels as a file on the boot partition (``file``) or as a QR code held up to the
station's own camera (``code``). Nobody signs it: a machine without a name believes the person who stands before it,
and one with a name takes no other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class EnrolmentError(ValueError):
    """An enrolment that cannot be taken; the message names the part and the remedy."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """``settings`` are the tables of station.toml without paths. ``ca``, ``cert`` and ``key`` are PEM; ``trust`` holds
    the district's public keys, 32 bytes each; ``list_key`` is empty or 32 bytes. ``until``: not taken after that."""

    settings: Mapping[str, Any]
    ca: bytes
    cert: bytes
    key: bytes
    trust: tuple[bytes, ...]
    list_key: bytes = b""
    until: datetime | None = None
