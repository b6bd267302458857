"""A signed message: the flattened JSON serialization of a JWS (RFC 7515 section 7.2.2), signed with Ed25519.

Read here and not by a JOSE library, for what comes is a stranger's bytes of up to two megabytes: joserfc 1.8 stops at
128 KB and lets Python's own errors through. The tests hold this file to that library in both directions.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from station.domain.lists import LARGEST_LIST
from station.passes.trust import key_digest
from station.passes.wire import base64url, from_base64url

VERSION = 1
ALGORITHM = "Ed25519"  # RFC 9864; it takes the place of RFC 8037's "EdDSA", which leaves the curve open
KEY_ID_BYTES = 8
_LONGEST_HEADER = 512


class EnvelopeError(ValueError):
    """Bytes that are no signed message, or one nobody here trusts; the message says which."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was signed and by which key, not verified yet. ``kid`` is the beginning of the key's digest."""

    kid: bytes
    payload: bytes
    signed: bytes
    signature: bytes

    def signer(self, candidates: Iterable[Ed25519PublicKey]) -> Ed25519PublicKey | None:
        """The one of the keys whose signature holds."""
        for key in candidates:
            try:
                key.verify(self.signature, self.signed)
            except InvalidSignature:
                continue
            return key
        return None


def seal(payload: bytes, key: Ed25519PrivateKey) -> bytes:
    """Sign a payload; gives the UTF-8 JSON object that travels."""
    kid = key_digest(key.public_key())[:KEY_ID_BYTES].hex()
    protected = base64url(json.dumps({"alg": ALGORITHM, "kid": kid}, separators=(",", ":")).encode())
    body = base64url(payload)
    signature = base64url(key.sign(f"{protected}.{body}".encode()))
    message = {"v": VERSION, "payload": body, "protected": protected, "signature": signature}
    return json.dumps(message, separators=(",", ":")).encode()


def open_envelope(data: bytes) -> Envelope:
    """Take a message apart; whose signature it is, ``signer`` says. :raises EnvelopeError: it is none."""
    if len(data) > LARGEST_LIST:
        raise EnvelopeError(f"{len(data)} bytes where a message has at most {LARGEST_LIST}")
    message = json_object(data, "the message")
    if message.get("v") != VERSION:
        raise EnvelopeError(f'no object with "v": {VERSION}')
    head, body = text_of(message, "protected"), text_of(message, "payload")
    kid = _key_id(head)
    try:
        return Envelope(
            kid, from_base64url(body), f"{head}.{body}".encode(), from_base64url(text_of(message, "signature"))
        )
    except ValueError as error:
        raise EnvelopeError(f"not base64url: {error}") from None


def _key_id(head: str) -> bytes:
    """The header names the algorithm and the key; anything it calls critical is more than we know of."""
    if len(head) > _LONGEST_HEADER:
        raise EnvelopeError(f"protected: at most {_LONGEST_HEADER} characters expected")
    try:
        header = json_object(from_base64url(head), "protected")
        kid = bytes.fromhex(text_of(header, "kid"))
    except EnvelopeError:
        raise
    except ValueError as error:
        raise EnvelopeError(f"protected: {error}") from None
    if header.get("alg") != ALGORITHM or "crit" in header or "b64" in header:
        raise EnvelopeError(f"protected: alg {ALGORITHM} and nothing critical expected")
    if len(kid) < KEY_ID_BYTES:
        raise EnvelopeError(f"kid: at least {KEY_ID_BYTES} bytes in hex expected")
    return kid


def json_object(data: bytes, what: str) -> Mapping[str, Any]:
    """:raises EnvelopeError: not UTF-8, no JSON, or no object."""
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise EnvelopeError(f"{what}: no JSON: {type(error).__name__}") from None
    if not isinstance(value, dict):
        raise EnvelopeError(f"{what}: no JSON object")
    return value


def text_of(body: Mapping[str, Any], name: str) -> str:
    """:raises EnvelopeError: no such member, or no ASCII text."""
    value = body.get(name)
    if not isinstance(value, str) or not value.isascii():
        raise EnvelopeError(f"{name}: ASCII text expected")
    return value
