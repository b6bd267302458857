"""Our own pass: ``CP1:`` + Base45( COSE_Sign1( CWT ) ), signed with Ed25519.

The way of the EU's HCERT without its compression, so that the whole text is QR alphanumeric. Sources: Base45
RFC 9285, COSE_Sign1 RFC 9052 section 4.2, EdDSA RFC 9053 section 2.2, CWT claims RFC 8392.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.domain.details import Details
from station.domain.passes import Attestation, Must, Pass, PassKind, Scope, TrafficKind
from station.domain.reasons import Reason
from station.passes.cbor import decode as _decode
from station.passes.cbor import decode_map as _decode_map
from station.passes.cbor import encode as _encode
from station.passes.errors import BadPass
from station.passes.kinds import kind_of
from station.passes.roles import KeyUse
from station.passes.trust import TrustList, key_id

T = TypeVar("T")

PREFIX = "CP1:"
LONGEST = 4096

_COSE_SIGN1 = 18
_ALG, _KID = 1, 4
_EDDSA = -8
_ISSUER, _EXPIRES, _NOT_BEFORE, _ISSUED_AT, _ID = 1, 4, 5, 6, 7
# RFC 8392 leaves claim keys below -65536 to private use.
_PRIVATE = -65537
_KIND, _LABEL, _PLATE, _PARTY, _ORIGIN, _SCOPE, _MUSTS, _TRAFFIC, _DETAILS = range(1, 10)

# The numbers are on printed passes: append, never renumber.
_KINDS = dict(enumerate(PassKind, 1))
_TRAFFIC_KINDS = dict(enumerate(TrafficKind, 1))
_SCOPE_MEMBERS = {1: "levels", 2: "grids", 3: "lanes", 4: "route", 5: "drop_offs"}
_MUST_ORDER = tuple(Must)


class Cp1:
    name = "CP1"

    def read(self, payload: bytes, trust: TrustList) -> Pass | None:
        if not payload.startswith(PREFIX.encode()):
            return None
        if len(payload) > LONGEST:
            raise BadPass(Reason.MALFORMED, f"{len(payload)} bytes where a pass has at most {LONGEST}")
        protected, claims_bytes, signature = _open_envelope(payload[len(PREFIX) :])
        _check_signature(protected, claims_bytes, signature, trust)
        return _pass_of(_decode_map(claims_bytes, "claims"))


def unverified(text: str) -> Pass:
    """What a text says, whoever signed it: to print in words beside the code that carries the proof, and to decide
    nothing.

    :raises BadPass: it cannot be read, or is no text of ours.
    """
    if not text.startswith(PREFIX):
        raise BadPass(Reason.NOT_A_PASS, f"a pass begins with {PREFIX}")
    _, claims, _ = _open_envelope(text[len(PREFIX) :].encode())
    return _pass_of(_decode_map(claims, "claims"))


def issue(new: Pass, key: Ed25519PrivateKey) -> str:
    """Sign a pass and give its text, ready for a QR code in alphanumeric mode."""
    protected = _encode({_ALG: _EDDSA, _KID: key_id(key.public_key())})
    payload = _encode(_claims_of(new))
    signature = key.sign(_signed_bytes(protected, payload))
    envelope = _encode(cbor2.CBORTag(_COSE_SIGN1, [protected, {}, payload, signature]))
    text: bytes = base45.b45encode(envelope)
    return PREFIX + text.decode()


def _signed_bytes(protected: bytes, payload: bytes) -> bytes:
    return _encode(["Signature1", protected, b"", payload])


def _open_envelope(text: bytes) -> tuple[bytes, bytes, bytes]:
    """Base45 text to the protected header, the payload and the signature of a COSE_Sign1."""
    try:
        data = base45.b45decode(text)
    except ValueError:
        raise BadPass(Reason.MALFORMED, "the text is not Base45") from None
    message = _decode(data, "the envelope")
    if isinstance(message, cbor2.CBORTag) and message.tag == _COSE_SIGN1:
        message = message.value
    match message:
        case [bytes() as protected, Mapping(), bytes() as payload, bytes() as signature]:
            return protected, payload, signature
        case _:
            raise BadPass(Reason.MALFORMED, "the envelope is not a COSE_Sign1")


def _check_signature(protected: bytes, payload: bytes, signature: bytes, trust: TrustList) -> None:
    header = _decode_map(protected, "the protected header")
    if header.get(_ALG) != _EDDSA:
        raise BadPass(Reason.MALFORMED, "the signature is not EdDSA")
    kid = header.get(_KID)
    signed = _signed_bytes(protected, payload)
    tried = 0
    for key in trust.candidates(kid if isinstance(kid, bytes) else None, KeyUse.PASSES):
        tried += 1
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            continue
        return
    if tried:
        raise BadPass(Reason.FORGED, "the signature does not hold")
    raise BadPass(Reason.UNKNOWN_ISSUER, "no trusted key has the key id of this pass")


def _claims_of(new: Pass) -> dict[int, object]:
    scope = {
        number: list(getattr(new.scope, member))
        for number, member in _SCOPE_MEMBERS.items()
        if getattr(new.scope, member)
    }
    private: dict[int, object] = {_KIND: _number_of(_KINDS, new.kind), _PARTY: new.party}
    optional = {
        _LABEL: new.label,
        _PLATE: new.plate,
        _ORIGIN: int(new.origin) if new.origin else 0,
        _SCOPE: scope,
        _MUSTS: _bits_of(new.musts),
        _TRAFFIC: _number_of(_TRAFFIC_KINDS, new.traffic) if new.traffic else 0,
        _DETAILS: _details_of(new),
    }
    private.update({number: value for number, value in optional.items() if value})
    return {
        _ISSUER: new.issuer,
        _EXPIRES: int(new.expires.timestamp()),
        _NOT_BEFORE: int(new.not_before.timestamp()),
        _ISSUED_AT: int(new.issued_at.timestamp()),
        _ID: bytes.fromhex(new.id),
        _PRIVATE: private,
    }


def _pass_of(claims: Mapping[Any, Any]) -> Pass:
    """Signed claims to a pass. Signed by a trusted key, but possibly by a newer or a careless issuer."""
    try:
        private = claims[_PRIVATE]
        origin = private.get(_ORIGIN, 0)
        return Pass(
            format=Cp1.name,
            kind=_KINDS[private[_KIND]],
            id=_typed(claims[_ID], bytes).hex(),
            issuer=_typed(claims[_ISSUER], str),
            issued_at=_time(claims[_ISSUED_AT]),
            not_before=_time(claims.get(_NOT_BEFORE, claims[_ISSUED_AT])),
            expires=_time(claims[_EXPIRES]),
            label=_typed(private.get(_LABEL, ""), str),
            plate=_typed(private.get(_PLATE, ""), str),
            traffic=_TRAFFIC_KINDS[private[_TRAFFIC]] if _TRAFFIC in private else None,
            party=_party(private.get(_PARTY, 1)),
            origin=f"{_typed(origin, int):06d}" if origin else "",
            scope=_scope(private.get(_SCOPE, {})),
            musts=_musts(_typed(private.get(_MUSTS, 0), int)),
            details=_details(_KINDS[private[_KIND]], private),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        raise BadPass(Reason.MALFORMED, f"a claim is missing or wrong: {type(error).__name__}") from None


def _typed(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{kind.__name__} expected")
    return value


def _time(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("seconds since 1970 expected")
    return datetime.fromtimestamp(value, UTC)


def _party(value: object) -> int:
    party = _typed(value, int)
    if not 1 <= party <= 999:
        raise ValueError("a party is 1 to 999 persons")
    return party


def _scope(members: Mapping[int, Any]) -> Scope:
    named = {_SCOPE_MEMBERS[number]: tuple(_typed(item, str) for item in items) for number, items in members.items()}
    return Scope(**cast(Any, named))


def _details_of(new: Pass) -> dict[int, object]:
    described = kind_of(new.kind)
    return described.to_claims(new.details) if described and new.details else {}


def _details(kind: PassKind, private: Mapping[int, Any]) -> Details | None:
    described = kind_of(kind)
    if described is None or _DETAILS not in private:
        return None
    return described.of_claims(private[_DETAILS])


def _bits_of(musts: Mapping[Must, Attestation]) -> int:
    """Five low bits: declared; five above: attested."""
    bits = 0
    for must, attestation in musts.items():
        shift = 0 if attestation is Attestation.DECLARED else len(_MUST_ORDER)
        bits |= 1 << (_MUST_ORDER.index(must) + shift)
    return bits


def _musts(bits: int) -> dict[Must, Attestation]:
    found: dict[Must, Attestation] = {}
    for place, must in enumerate(_MUST_ORDER):
        if bits >> place & 1:
            found[must] = Attestation.DECLARED
        if bits >> (place + len(_MUST_ORDER)) & 1:
            found[must] = Attestation.ATTESTED
    return found


def _number_of(numbers: Mapping[int, object], value: object) -> int:
    return next(number for number, named in numbers.items() if named is value)
