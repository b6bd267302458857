"""Third parties' keys: who may sign which health certificates, and when. Read from certificates and key sets."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from station.domain.passes import HealthKind
from station.passes.wire import NEVER, base64url, from_base64url

MAX_KEYS_IN_SET = 1000
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_CURVES = ("secp256r1", "secp384r1")
_RSA_BITS = range(2048, 4097)
# eHealth Network, certificate governance: what a signer certificate's extended key usage says it may sign. The
# second arc is a misprint of the first that many countries' certificates carry.
_ARCS = ("1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1.")
_USAGES = {"1": HealthKind.TEST, "2": HealthKind.VACCINATION, "3": HealthKind.RECOVERY}


class Scheme(StrEnum):
    """Which kind of health certificate a key is for. A key for one never verifies the other."""

    HCERT = "HC1"
    SHC = "shc"


class SignerError(ValueError):
    """A key that no health certificate is signed with; the message says why."""


@dataclass(frozen=True, slots=True)
class Signer:
    """``digest`` is what its key ids are the beginning of. ``issuer`` binds it to one name where it is not empty."""

    scheme: Scheme
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    digest: bytes
    kinds: frozenset[HealthKind] = frozenset(HealthKind)
    valid_from: datetime = ALWAYS
    valid_until: datetime = NEVER
    issuer: str = ""


def signer_of_key(key: object) -> Signer:
    """A bare public key for HCERT: named by its DER form, unrestricted.

    :raises SignerError: a kind of key that HCERT does not have.
    """
    usable = _usable(key)
    der = usable.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Signer(Scheme.HCERT, usable, hashlib.sha256(der).digest())


def signer_of_certificate(certificate: x509.Certificate) -> Signer:
    """Named by the certificate itself (HCERT), for the kinds its extended key usage allows, while it is valid.

    :raises SignerError: a kind of key that HCERT does not have.
    """
    return Signer(
        scheme=Scheme.HCERT,
        key=_usable(certificate.public_key()),
        digest=hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).digest(),
        kinds=_kinds(certificate),
        valid_from=certificate.not_valid_before_utc,
        # An X.509 period includes its last second.
        valid_until=min(certificate.not_valid_after_utc, NEVER) + timedelta(seconds=1),
    )


def read_key_set(data: bytes) -> tuple[tuple[Signer, ...], tuple[str, ...]]:
    """The P-256 keys of a JSON Web Key Set, for SMART Health Cards. A member ``iss`` beside ``keys`` binds them to
    that issuer.

    :return: those that can be used, and what is wrong with each of the others, by its place in the set.
    """
    try:
        key_set = json.loads(data)
        issuer, members = key_set.get("iss", ""), list(key_set["keys"])
        if not isinstance(issuer, str):
            raise TypeError("iss: text expected")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return (), (f"is no set of EC P-256 keys: {type(error).__name__}",)
    if len(members) > MAX_KEYS_IN_SET:
        return (), (f"holds {len(members)} keys where a set has at most {MAX_KEYS_IN_SET}",)
    signers: list[Signer] = []
    faults: list[str] = []
    for place, member in enumerate(members, 1):
        try:
            signers.append(_signer_of_member(member, issuer))
        except SignerError as error:
            faults.append(f"key {place} {error}")
    return tuple(signers), tuple(faults)


def _signer_of_member(member: Any, issuer: str) -> Signer:
    """:raises SignerError: no key that SMART Health Cards are signed with."""
    try:
        key, digest, kid = _curve_point(member), thumbprint(member), member.get("kid")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SignerError(f"is no EC P-256 key: {type(error).__name__}") from None
    if kid not in (None, base64url(digest)):
        raise SignerError("is named otherwise than by its thumbprint, as SMART Health Cards ask")
    return Signer(Scheme.SHC, key, digest, issuer=issuer)


def thumbprint(jwk: Mapping[str, Any]) -> bytes:
    """RFC 7638."""
    needed = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return hashlib.sha256(json.dumps(needed, separators=(",", ":")).encode()).digest()


def _usable(key: object) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    match key:
        case ec.EllipticCurvePublicKey() if key.curve.name in _CURVES:
            return key
        case rsa.RSAPublicKey() if key.key_size in _RSA_BITS:
            return key
        case _:
            raise SignerError(f"holds a {type(key).__name__} that no pass is signed with")


def _kinds(certificate: x509.Certificate) -> frozenset[HealthKind]:
    """A certificate that names none of the kinds may sign all of them."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return frozenset(HealthKind)
    named = {_USAGES.get(oid.dotted_string.removeprefix(arc)) for oid in usage for arc in _ARCS}
    return frozenset(kind for kind in named if kind) or frozenset(HealthKind)


def _curve_point(jwk: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise ValueError("EC P-256 expected")
    x, y = (int.from_bytes(from_base64url(jwk[name])) for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
