"""The enrolment as a file: a ``station.toml`` with one table more, ``[enrolment]``, that holds what the paths name.

[enrolment]
ca = "-----BEGIN CERTIFICATE-----..."   # who signed the broker's certificate
cert = "..."                            # the station's, and its key
key = "..."
trust = ["base64 of 32 bytes"]          # the district's public keys that sign everything
roles = { orders = ["base64 of 32 bytes"] }   # optional: its keys that sign one thing: trust, passes, lists, orders
list_key = "base64 of 32 bytes"         # optional
until = 2026-12-01T00:00:00+08:00       # optional: not taken after that
"""

import base64
import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from station.enrolment import Enrolment, EnrolmentError
from station.enrolment.toml import to_toml
from station.passes.roles import KeyRole

LARGEST = 256 * 1024
_KNOWN = {"ca", "cert", "key", "trust", "roles", "list_key", "until"}


def read_file(data: bytes) -> Enrolment:
    """:raises EnrolmentError: naming the key that is wrong."""
    if len(data) > LARGEST:
        raise EnrolmentError(f"is larger than {LARGEST // 1024} KB; is it an enrolment file?")
    try:
        tables = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise EnrolmentError(f"is not TOML: {error}") from None
    own = tables.pop("enrolment", None)
    if not isinstance(own, dict):
        raise EnrolmentError("has no table [enrolment]; have the hub issue it again")
    if unknown := sorted(own.keys() - _KNOWN):
        raise EnrolmentError(f"enrolment.{unknown[0]}: no such key; there are {', '.join(sorted(_KNOWN))}")
    for name, table in tables.items():
        if not all(isinstance(one, dict) for one in (table if isinstance(table, list) else [table])):
            raise EnrolmentError(f"{name}: is no table; have the hub issue it again")
    return Enrolment(
        settings=tables,
        ca=_text(own, "ca").encode(),
        cert=_text(own, "cert").encode(),
        key=_text(own, "key").encode(),
        trust=_keys("trust", own.get("trust", [])),
        roles=_roles(own.get("roles")),
        list_key=_base64("list_key", own["list_key"]) if "list_key" in own else b"",
        until=_until(own),
    )


def write_file(enrolment: Enrolment) -> str:
    """The text of a file that ``read_file`` takes."""
    own: dict[str, object] = {
        "ca": enrolment.ca.decode(),
        "cert": enrolment.cert.decode(),
        "key": enrolment.key.decode(),
        "trust": _texts(enrolment.trust),
    }
    if enrolment.says_roles:
        own["roles"] = {role.value: _texts(keys) for role, keys in (enrolment.roles or {}).items()}
    if enrolment.list_key:
        own["list_key"] = base64.b64encode(enrolment.list_key).decode()
    if enrolment.until is not None:
        own["until"] = enrolment.until
    return to_toml({**enrolment.settings, "enrolment": own})


def _text(own: Mapping[str, Any], key: str) -> str:
    value = own.get(key)
    if not isinstance(value, str) or not value:
        raise EnrolmentError(f"enrolment.{key}: is missing; give it as PEM text")
    return value


def _texts(keys: tuple[bytes, ...]) -> list[str]:
    return [base64.b64encode(key).decode() for key in keys]


def _roles(given: object) -> Mapping[KeyRole, tuple[bytes, ...]] | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise EnrolmentError("enrolment.roles: give a table with a list of public keys for each role")
    roles = {role.value: role for role in KeyRole if role is not KeyRole.DISTRICT}
    if unknown := sorted(given.keys() - roles.keys()):
        raise EnrolmentError(f"enrolment.roles.{unknown[0]}: no such role; there are {', '.join(roles)}")
    return {roles[name]: _keys(f"roles.{name}", keys) for name, keys in given.items()}


def _keys(name: str, keys: object) -> tuple[bytes, ...]:
    if not isinstance(keys, list):
        raise EnrolmentError(f"enrolment.{name}: give a list of public keys in base64")
    return tuple(_base64(name, key) for key in keys)


def _base64(key: str, value: object) -> bytes:
    try:
        return base64.b64decode(value if isinstance(value, str) else "?", validate=True)
    except ValueError:
        raise EnrolmentError(f"enrolment.{key}: is not base64") from None


def _until(own: Mapping[str, Any]) -> datetime | None:
    until = own.get("until")
    if until is None:
        return None
    if not isinstance(until, datetime) or until.tzinfo is None:
        raise EnrolmentError("enrolment.until: give a time with its offset, such as 2026-12-01T00:00:00+08:00")
    return until
