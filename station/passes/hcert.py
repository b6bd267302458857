"""The EU Digital COVID Certificate: ``HC1:`` + Base45( zlib( COSE_Sign1( CWT ) ) ), the model of a third party's
health code.

Sources: eHealth Network, Electronic Health Certificate Specification 1.0.5 (HCERT) and Digital COVID Certificate
schema 1.3.0; Base45 RFC 9285, COSE RFC 9052 and 9053, CWT RFC 8392.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import base45

from station.domain.passes import HealthKind, Pass, PassKind
from station.domain.reasons import Reason
from station.passes import cose, hcert_schema
from station.passes.cbor import decode_map
from station.passes.errors import BadPass
from station.passes.signers import Scheme, Signer
from station.passes.trust import TrustList
from station.passes.wire import ZLIB, inflated, seconds_since_1970

PREFIX = b"HC1:"
LONGEST = 4296  # what a QR code holds in alphanumeric mode
_ISSUER, _EXPIRES, _ISSUED_AT = 1, 4, 6
_HEALTH, _DCC = -260, 1


@dataclass(frozen=True, slots=True)
class Claims:
    issuer: str
    issued_at: datetime
    expires: datetime
    certificate: Mapping[Any, Any]


class Hcert:
    name = "HC1"

    def read(self, payload: bytes, trust: TrustList) -> Pass | None:
        text = unprefixed(payload)
        if text is None:
            return None
        if len(payload) > LONGEST:
            raise BadPass(Reason.MALFORMED, f"{len(payload)} bytes where a code holds at most {LONGEST}")
        message = cose.open_sign1(inflated(base45_decoded(text), ZLIB))
        signer = verified_by(message, trust)
        claims = claims_of(message.payload)
        check_usage(signer, hcert_schema.kind_of(claims.certificate))
        return _pass_of(claims, signer)


def unprefixed(payload: bytes) -> bytes | None:
    return payload.removeprefix(PREFIX) if payload.startswith(PREFIX) else None


def base45_decoded(text: bytes) -> bytes:
    try:
        decoded: bytes = base45.b45decode(text)
    except ValueError:
        raise BadPass(Reason.MALFORMED, "the text is not Base45") from None
    return decoded


def verified_by(message: cose.Sign1, trust: TrustList) -> Signer:
    """The trusted signer whose signature it is."""
    tried = False
    for signer in trust.signers(Scheme.HCERT, message.kid):
        tried = True
        if cose.holds(message, signer.key):
            return signer
    if tried:
        raise BadPass(Reason.FORGED, "the signature does not hold")
    raise BadPass(Reason.UNKNOWN_ISSUER, "no trusted certificate has the key id of this one")


def claims_of(payload: bytes) -> Claims:
    claims = decode_map(payload, "the claims")
    try:
        certificate = claims[_HEALTH][_DCC]
        if not isinstance(certificate, Mapping):
            raise TypeError("a map expected")
        issuer = claims.get(_ISSUER, "")
        # The last second is included, as the vectors of the specification have it and as in the signer's certificate.
        return Claims(
            issuer=issuer if isinstance(issuer, str) else "",
            issued_at=seconds_since_1970(claims[_ISSUED_AT]),
            expires=seconds_since_1970(claims[_EXPIRES]) + timedelta(seconds=1),
            certificate=certificate,
        )
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, OSError) as error:
        raise BadPass(Reason.MALFORMED, f"a claim is missing or wrong: {type(error).__name__}") from None


def check_usage(signer: Signer, kind: HealthKind) -> None:
    if kind not in signer.kinds:
        raise BadPass(Reason.UNKNOWN_ISSUER, f"its signer may not sign a {kind}")


def period_of(claims: Claims, signer: Signer) -> tuple[datetime, datetime]:
    """Valid while both the certificate and its signer's are: from, and until just before."""
    return max(claims.issued_at, signer.valid_from), min(claims.expires, signer.valid_until)


def _pass_of(claims: Claims, signer: Signer) -> Pass:
    identifier, health = hcert_schema.health_of(claims.certificate, claims.issued_at)
    not_before, expires = period_of(claims, signer)
    return Pass(
        format=Hcert.name,
        kind=PassKind.HEALTH,
        id=hashlib.sha256(identifier.encode()).hexdigest(),
        issuer=claims.issuer,
        issued_at=claims.issued_at,
        not_before=not_before,
        expires=expires,
        health=health,
    )
