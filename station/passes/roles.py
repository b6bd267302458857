"""What a key of the district may sign: its role, and the label by which its file says so.

A role binds at three places, and each is checked: the folder or the trust list through which a station knows the key,
the label in the key's own file, and the use that whoever verifies a signature names.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_LABEL = re.compile(rb"^(?:\xef\xbb\xbf)?Checkpoint-Key-Role: ([a-z]{1,20})[ \r]*$", re.MULTILINE)
_BEGIN = b"-----BEGIN"


class KeyUse(StrEnum):
    """What a signature is under. Whoever verifies one names it, and a key of another use does not count."""

    TRUST = "trust"
    PASSES = "passes"
    LISTS = "lists"
    ORDERS = "orders"


class KeyRole(StrEnum):
    """``TRUST`` is a root: it signs trust lists, which say who signs what. ``DISTRICT`` is the undivided key of a
    district that has one key for everything."""

    DISTRICT = "district"
    TRUST = "trust"
    PASSES = "passes"
    LISTS = "lists"
    ORDERS = "orders"

    @property
    def uses(self) -> frozenset[KeyUse]:
        return frozenset(KeyUse) if self is KeyRole.DISTRICT else frozenset({KeyUse(self.value)})


class RoleError(ValueError):
    """A key whose file names no role that there is, or another than its place does; the message says which."""


@dataclass(frozen=True, slots=True)
class DistrictKey:
    """A public key of the district, with what it may sign."""

    key: Ed25519PublicKey
    uses: frozenset[KeyUse] = frozenset(KeyUse)


def role_label(role: KeyRole) -> bytes:
    """The line that stands before a PEM; readers of PEM pass over it (RFC 7468 section 2). An undivided key has none,
    as keys from before there were roles have none."""
    return b"" if role is KeyRole.DISTRICT else b"Checkpoint-Key-Role: " + role.value.encode() + b"\n"


def labelled_role(data: bytes) -> KeyRole | None:
    """The role that a key's file names; None where it names none.

    :raises RoleError: a role that this version does not know.
    """
    head, begin, _ = data.partition(_BEGIN)
    label = _LABEL.search(head) if begin else None
    if label is None:
        return None
    try:
        return KeyRole(label[1].decode())
    except ValueError:
        raise RoleError(f"has the role {label[1].decode()!r}; there are {', '.join(KeyRole)}") from None
