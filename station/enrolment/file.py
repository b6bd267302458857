"""The enrolment as a file: a ``station.toml`` with one table more, ``[enrolment]``, that holds what the paths name.

[enrolment]
ca = "-----BEGIN CERTIFICATE-----..."   # who signed the broker's certificate
cert = "..."                            # the station's, and its key
key = "..."
trust = ["base64 of 32 bytes"]          # the district's public keys, for passes
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

LARGEST = 256 * 1024
_KNOWN = {"ca", "cert", "key", "trust", "list_key", "until"}


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
        trust=_trust(own),
        list_key=_base64("list_key", own["list_key"]) if "list_key" in own else b"",
        until=_until(own),
    )


def write_file(enrolment: Enrolment) -> str:
    """The text of a file that ``read_file`` takes."""
    own: dict[str, object] = {
        "ca": enrolment.ca.decode(),
        "cert": enrolment.cert.decode(),
        "key": enrolment.key.decode(),
        "trust": [base64.b64encode(key).decode() for key in enrolment.trust],
    }
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


def _trust(own: Mapping[str, Any]) -> tuple[bytes, ...]:
    keys = own.get("trust", [])
    if not isinstance(keys, list):
        raise EnrolmentError("enrolment.trust: give a list of public keys in base64")
    return tuple(_base64("trust", key) for key in keys)


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
