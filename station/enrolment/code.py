"""The enrolment as a QR code: ``EN1:`` + Base45( CBOR map with integer keys ), all of it QR alphanumeric.

With Ed25519 keys it is about 1,100 characters, a QR code of version 20 to 24: a sheet of paper or a phone's screen held
a hand's width before the camera. Nothing has to be fetched, so a station without a network has its name as well.
Whoever photographs it has the station's key: treat it as one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import base45
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.enrolment import Enrolment, EnrolmentError
from station.passes.cbor import decode_map, encode
from station.passes.errors import BadPass
from station.passes.roles import KeyRole

PREFIX = "EN1:"
LONGEST = 4296  # what the largest QR code holds
_PEM, _DER = serialization.Encoding.PEM, serialization.Encoding.DER
_SEED = 32
_MOST_KEYS = 16

# The numbers are on printed codes: append, never renumber.
_STATION = {1: "district", 2: "id", 3: "name", 4: "levels", 5: "grids", 6: "timezone"}
_URL, _CA, _CERT, _KEY, _TRUST, _LIST_KEY, _UNTIL, _ROLES = range(7, 15)
_ROLE_NUMBERS = {1: KeyRole.TRUST, 2: KeyRole.PASSES, 3: KeyRole.LISTS, 4: KeyRole.ORDERS}


def write_code(enrolment: Enrolment) -> str:
    """The text for a QR code in alphanumeric mode. Lanes do not travel this way: the code sets up one camera."""
    station = enrolment.settings["station"]
    fields: dict[int, object] = {
        number: station[name] for number, name in _STATION.items() if station.get(name) not in (None, "", [])
    }
    fields |= {
        _URL: enrolment.settings["uplink"]["url"],
        _CA: x509.load_pem_x509_certificate(enrolment.ca).public_bytes(_DER),
        _CERT: x509.load_pem_x509_certificate(enrolment.cert).public_bytes(_DER),
        _KEY: _key_bytes(enrolment.key),
        _TRUST: list(enrolment.trust),
    }
    if enrolment.says_roles:
        roles = enrolment.roles or {}
        fields[_ROLES] = {number: list(roles[role]) for number, role in _ROLE_NUMBERS.items() if role in roles}
    if enrolment.list_key:
        fields[_LIST_KEY] = enrolment.list_key
    if enrolment.until is not None:
        fields[_UNTIL] = int(enrolment.until.timestamp())
    text: bytes = base45.b45encode(encode(fields))
    if len(PREFIX) + len(text) > LONGEST:
        raise EnrolmentError("is too long for a QR code; use the file, or fewer trusted keys")
    return PREFIX + text.decode()


def read_code(text: str) -> Enrolment | None:
    """None for a text that is no enrolment code. :raises EnrolmentError: it is one, but cannot be read."""
    if not text.startswith(PREFIX):
        return None
    if len(text) > LONGEST:
        raise EnrolmentError("is longer than a QR code can be")
    try:
        fields = decode_map(base45.b45decode(text[len(PREFIX) :]), "the enrolment's fields")
    except (ValueError, BadPass):  # BadPass says what is wrong with a pass, which this is not
        raise EnrolmentError("is damaged: not Base45 of a CBOR map; print it again") from None
    try:
        return _enrolment_of(fields)
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise EnrolmentError(f"is damaged: {type(error).__name__}; have the hub issue it again") from None


def _enrolment_of(fields: Mapping[Any, Any]) -> Enrolment:
    station = {name: _plain(fields[number]) for number, name in _STATION.items() if number in fields}
    until = fields.get(_UNTIL)
    return Enrolment(
        settings={"station": station, "uplink": {"url": _text(fields[_URL])}},
        ca=x509.load_der_x509_certificate(_bytes(fields[_CA])).public_bytes(_PEM),
        cert=x509.load_der_x509_certificate(_bytes(fields[_CERT])).public_bytes(_PEM),
        key=_key_pem(_bytes(fields[_KEY])),
        trust=tuple(_bytes(key) for key in _list(fields[_TRUST])),
        list_key=_bytes(fields.get(_LIST_KEY, b"")),
        until=None if until is None else datetime.fromtimestamp(int(until), UTC),
        roles=_roles(fields[_ROLES]) if _ROLES in fields else None,
    )


def _roles(given: object) -> Mapping[KeyRole, tuple[bytes, ...]]:
    """:raises KeyError: a role that this version does not know."""
    if not isinstance(given, Mapping):
        raise TypeError
    return {_ROLE_NUMBERS[number]: tuple(_bytes(key) for key in _list(keys)) for number, keys in given.items()}


def _plain(value: object) -> str | list[str]:
    return _text(value) if isinstance(value, str) else [_text(item) for item in _list(value)]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list) or len(value) > _MOST_KEYS:
        raise TypeError
    return value


def _key_bytes(pem: bytes) -> bytes:
    """An Ed25519 key by its 32 bytes, any other in DER."""
    key = serialization.load_pem_private_key(pem, password=None)
    if isinstance(key, Ed25519PrivateKey):
        return key.private_bytes_raw()
    return key.private_bytes(_DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _key_pem(data: bytes) -> bytes:
    key = (
        Ed25519PrivateKey.from_private_bytes(data)
        if len(data) == _SEED
        else serialization.load_der_private_key(data, password=None)
    )
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
