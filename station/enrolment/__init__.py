"""What turns a machine into one station of the district: its name, where the hub is, its key and certificate.

The hub's side issues it. It travels as a file on the boot partition (``file``) or as a QR code held up to the
station's own camera (``code``). Nobody signs it: a machine without a name believes the person who stands before it,
and one with a name takes no other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from station.passes.roles import KeyRole


class EnrolmentError(ValueError):
    """An enrolment that cannot be taken; the message names the part and the remedy."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """``settings`` are the tables of station.toml without paths. ``ca``, ``cert`` and ``key`` are PEM; ``trust`` holds
    the district's undivided public keys, ``roles`` those that sign one thing, 32 bytes each; ``list_key`` is empty or
    32 bytes. ``until``: not taken after that. ``roles`` is None in an enrolment from before keys had roles."""

    settings: Mapping[str, Any]
    ca: bytes
    cert: bytes
    key: bytes
    trust: tuple[bytes, ...]
    list_key: bytes = b""
    until: datetime | None = None
    roles: Mapping[KeyRole, tuple[bytes, ...]] | None = None

    @property
    def keys(self) -> Iterator[tuple[KeyRole, bytes]]:
        """The district's keys with their roles. Before there were roles, the orders key stood behind the root."""
        for number, key in enumerate(self.trust):
            yield KeyRole.ORDERS if number and self.roles is None else KeyRole.DISTRICT, key
        for role, keys in (self.roles or {}).items():
            yield from ((role, key) for key in keys)

    @property
    def says_roles(self) -> bool:
        """Whether it has to be written what each key may sign. Where it need not be, earlier versions take it too."""
        return bool(self.roles) or (self.roles is not None and len(self.trust) > 1)
