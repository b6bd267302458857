"""The SMART Health Card: ``shc:/`` + digits of a JWS, signed ES256 over a FHIR bundle in raw DEFLATE.

Source: SMART Health Cards Framework 1.4.0; JWS RFC 7515, JWK thumbprint RFC 7638. A card too long for one code is
several, ``shc:/1/3/`` and digits: ``Joiner`` (``shc_parts``) gathers them before they are read.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from station.domain.passes import Pass, PassKind
from station.domain.reasons import Reason
from station.passes import cose
from station.passes.errors import BadPass
from station.passes.shc_bundle import health_of
from station.passes.shc_parts import LONGEST, PREFIX, part_of
from station.passes.signers import Scheme, Signer
from station.passes.trust import TrustList
from station.passes.wire import NEVER, RAW, from_base64url, inflated, seconds_since_1970

_HEALTH_CARD = "https://smarthealth.cards#health-card"


@dataclass(frozen=True, slots=True)
class Jws:
    kid: str
    payload: bytes
    signed: bytes
    signature: bytes


class Shc:
    name = "shc"

    def read(self, payload: bytes, trust: TrustList) -> Pass | None:
        if not payload.startswith(PREFIX):
            return None
        part = part_of(payload)
        if part:
            raise BadPass(Reason.INCOMPLETE, f"part {part.number} of {part.total}")
        if len(payload) > LONGEST:
            raise BadPass(Reason.MALFORMED, f"{len(payload)} bytes where a card has at most {LONGEST}")
        jws = open_jws(undigited(payload.removeprefix(PREFIX)))
        signer = _verified_by(jws, trust)
        return _pass_of(jws, json_object(inflated(jws.payload, RAW)), signer)


def undigited(digits: bytes) -> bytes:
    """Two digits are a character: its code less 45."""
    if len(digits) % 2 or not digits.isdigit():
        raise BadPass(Reason.MALFORMED, "pairs of digits expected")
    return bytes(45 + int(digits[place : place + 2]) for place in range(0, len(digits), 2))


def open_jws(text: bytes) -> Jws:
    try:
        head, body, signature = text.decode("ascii").split(".")
        header = json_object(from_base64url(head))
        jws = Jws(header["kid"], from_base64url(body), f"{head}.{body}".encode(), from_base64url(signature))
    except (ValueError, KeyError) as error:
        raise BadPass(Reason.MALFORMED, f"no JWS: {type(error).__name__}") from None
    if (header.get("alg"), header.get("zip")) != ("ES256", "DEF") or not isinstance(jws.kid, str):
        raise BadPass(Reason.MALFORMED, "not signed ES256 over DEFLATE")
    return jws


def json_object(data: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadPass(Reason.MALFORMED, f"no JSON: {type(error).__name__}") from None
    if not isinstance(value, dict):
        raise BadPass(Reason.MALFORMED, "no JSON object")
    return value


def _verified_by(jws: Jws, trust: TrustList) -> Signer:
    try:
        kid = from_base64url(jws.kid)
    except ValueError:
        raise BadPass(Reason.MALFORMED, "the key id is no thumbprint") from None
    tried = False
    for signer in trust.signers(Scheme.SHC, kid):
        tried = True
        if isinstance(signer.key, ec.EllipticCurvePublicKey) and cose.ecdsa_holds(
            signer.key, jws.signature, jws.signed
        ):
            return signer
    if tried:
        raise BadPass(Reason.FORGED, "the signature does not hold")
    raise BadPass(Reason.UNKNOWN_ISSUER, "no trusted key has the key id of this card")


def _pass_of(jws: Jws, claims: Mapping[str, Any], signer: Signer) -> Pass:
    try:
        issuer, credential = claims["iss"], claims["vc"]
        if _HEALTH_CARD not in credential["type"] or not issuer.encode():
            raise ValueError("no health card")
        not_before = max(seconds_since_1970(claims["nbf"]), signer.valid_from)
        found = Pass(
            format=Shc.name,
            kind=PassKind.HEALTH,
            id=_identifier(jws, credential.get("rid")),
            issuer=issuer,
            issued_at=not_before,
            not_before=not_before,
            expires=min(_expiry(claims), signer.valid_until),
            health=health_of(credential),
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        raise BadPass(Reason.MALFORMED, f"a claim is missing or wrong: {type(error).__name__}") from None
    if signer.issuer not in ("", found.issuer):
        raise BadPass(Reason.UNKNOWN_ISSUER, "its key is trusted for another issuer")
    return found


def _expiry(claims: Mapping[str, Any]) -> datetime:
    """A card need not expire."""
    return seconds_since_1970(claims["exp"]) if "exp" in claims else NEVER


def _identifier(jws: Jws, revocation_id: object) -> str:
    """By what a card is revoked: its key and revocation id; one that has none can only be named by itself."""
    named = f"{jws.kid}.{revocation_id}".encode() if isinstance(revocation_id, str) else jws.signed
    return hashlib.sha256(named).hexdigest()
