"""A public key with the time it is believed, as a trust list carries it: a JWK (RFC 8037) with members more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.domain.times import utc_text
from station.passes.roles import KeyRole
from station.passes.wire import base64url, from_base64url, moment_of


@dataclass(frozen=True, slots=True)
class ListedKey:
    """Believed from ``not_before`` until just before ``not_after``. Two keys whose times overlap are both believed."""

    key: Ed25519PublicKey
    not_before: datetime
    not_after: datetime
    role: KeyRole = KeyRole.DISTRICT

    def believed(self, at: datetime) -> bool:
        return self.not_before <= at < self.not_after


def jwk(key: Ed25519PublicKey) -> dict[str, str]:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url(raw)}


def key_member(listed: ListedKey) -> dict[str, str]:
    times = {"not_before": listed.not_before, "not_after": listed.not_after}
    role = dict.fromkeys(_role_members(listed.role), listed.role.value)
    return jwk(listed.key) | {name: utc_text(at, "seconds") for name, at in times.items()} | role


def listed_key(member: object) -> ListedKey:
    """:raises ValueError: no such key; the message says what is wrong with it."""
    if not isinstance(member, Mapping) or (member.get("kty"), member.get("crv")) != ("OKP", "Ed25519"):
        raise ValueError("kty OKP and crv Ed25519 expected")
    begins, ends = _time(member, "not_before"), _time(member, "not_after")
    if not begins < ends:
        raise ValueError("not_after: a time after not_before expected")
    key = Ed25519PublicKey.from_public_bytes(from_base64url(_text(member, "x")))
    return ListedKey(key, begins, ends, _role(member))


def _role_members(role: KeyRole) -> tuple[str, ...]:
    """Where a role is written. Earlier versions know ``role`` with orders alone, refuse a list with any other word
    there, and take every other key for an undivided one; so they go on as they did."""
    match role:
        case KeyRole.DISTRICT:
            return ()
        case KeyRole.ORDERS:
            return ("role",)
        case _:
            return ("only",)


def _role(member: Mapping[str, Any]) -> KeyRole:
    """A role that this station does not know is not believed for anything: the whole list is refused."""
    named = [member[name] for name in ("role", "only") if name in member]
    try:
        (role,) = named or (KeyRole.DISTRICT,)
        return KeyRole(role)
    except ValueError:
        raise ValueError(f"role, only: one of {', '.join(KeyRole)} expected") from None


def _time(member: Mapping[str, Any], name: str) -> datetime:
    try:
        return moment_of(_text(member, name))
    except (ValueError, OverflowError):
        raise ValueError(f"{name}: RFC 3339 expected") from None


def _text(member: Mapping[str, Any], name: str) -> str:
    value = member.get(name)
    if not isinstance(value, str) or not value.isascii():
        raise ValueError(f"{name}: ASCII text expected")
    return value
