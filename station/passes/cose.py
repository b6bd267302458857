"""COSE_Sign1 (RFC 9052 section 4.2) as an HCERT uses it: opened, and checked with a third party's key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from station.domain.reasons import Reason
from station.passes.cbor import decode, decode_map, encode
from station.passes.errors import BadPass

ALGORITHM, KEY_ID = 1, 4
ES256, PS256 = -7, -37
_TAGS = (61, 18)  # a CWT may say so itself (RFC 8392 section 6) around the COSE_Sign1


@dataclass(frozen=True, slots=True)
class Sign1:
    """``header`` is the protected one decoded. What stands in ``unprotected`` alone is no more than a hint."""

    protected: bytes
    header: Mapping[Any, Any]
    unprotected: Mapping[Any, Any]
    payload: bytes
    signature: bytes

    @property
    def kid(self) -> bytes | None:
        """The protected key id; only where there is none, the unprotected one."""
        kid = self.header.get(KEY_ID, self.unprotected.get(KEY_ID))
        return kid if isinstance(kid, bytes) else None

    @property
    def signed(self) -> bytes:
        return encode(["Signature1", self.protected, b"", self.payload])


def open_sign1(data: bytes) -> Sign1:
    """:raises BadPass: no COSE_Sign1."""
    message = decode(data, "the envelope")
    for tag in _TAGS:
        if isinstance(message, cbor2.CBORTag) and message.tag == tag:
            message = message.value
    match message:
        case [bytes() as protected, Mapping() as unprotected, bytes() as payload, bytes() as signature]:
            header = decode_map(protected, "the protected header") if protected else {}
            return Sign1(protected, header, unprotected, payload, signature)
        case _:
            raise BadPass(Reason.MALFORMED, "the envelope is not a COSE_Sign1")


def holds(message: Sign1, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bool:
    """Is the signature this key's, by the algorithm that the message names and the key is made for?

    :raises BadPass: an algorithm that no HCERT has.
    """
    algorithm = message.header.get(ALGORITHM, message.unprotected.get(ALGORITHM))
    if algorithm not in (ES256, PS256):
        raise BadPass(Reason.MALFORMED, "the signature is neither ES256 nor PS256")
    if algorithm == ES256:
        return isinstance(key, ec.EllipticCurvePublicKey) and ecdsa_holds(key, message.signature, message.signed)
    return isinstance(key, rsa.RSAPublicKey) and _pss_holds(key, message.signature, message.signed)


def ecdsa_holds(key: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    """ECDSA with SHA-256 over any curve (RFC 9053 section 2.1); the signature is r and s, each as long as the curve."""
    half = (key.key_size + 7) // 8
    if len(signature) != 2 * half:
        return False
    r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    try:
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _pss_holds(key: rsa.RSAPublicKey, signature: bytes, signed: bytes) -> bool:
    """RSASSA-PSS with SHA-256 and a salt as long as the digest (RFC 8230 section 2)."""
    digest = hashes.SHA256()
    try:
        key.verify(signature, signed, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    except InvalidSignature:
        return False
    return True
