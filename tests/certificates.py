"""Health certificates made for tests, by libraries that the product does not use for reading them."""

import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import base45
import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jws
from joserfc.jwk import ECKey
from made import NOON

TEST = {
    "tg": "840539006",
    "tt": "LP6464-4",
    "sc": "2026-03-01T10:00:00Z",
    "tr": "260415000",
    "tc": "Centre 1",
    "co": "AT",
    "is": "Ministry",
    "ci": "URN:UVCI:01:AT:1#A",
}
PERSON = {"fn": "Gößinger", "fnt": "GOESSINGER", "gn": "Gabriele", "gnt": "GABRIELE"}
DCC = {"ver": "1.3.0", "nam": PERSON, "dob": "1998-02-26", "t": [TEST]}
DSC_KEY = ec.generate_private_key(ec.SECP256R1())
SHC_KEY = ECKey.generate_key("P-256", private=True)


def a_dsc(key: Any = DSC_KEY, *usages: str, days: int = 30) -> bytes:
    """A signer's certificate, DER."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "AT")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(NOON - timedelta(days=30)).not_valid_after(NOON + timedelta(days=days))
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(map(x509.ObjectIdentifier, usages)), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def an_hcert(dcc: object = DCC, kid: bytes | None = None, key: Any = DSC_KEY, claims: Any = None) -> bytes:
    header = {1: -7} if kid is None else {1: -7, 4: kid}
    issued = int(NOON.timestamp()) - 3600
    usual = {1: "AT", 4: issued + 86400, 6: issued, -260: {1: dcc}}
    return signed(cbor2.dumps(header), cbor2.dumps(usual if claims is None else claims), key)


def signed(protected: bytes, payload: bytes, key: Any = DSC_KEY) -> bytes:
    to_sign = cbor2.dumps(["Signature1", protected, b"", payload])
    r, s = decode_dss_signature(key.sign(to_sign, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return wrapped(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature])))


def wrapped(envelope: bytes) -> bytes:
    text: bytes = base45.b45encode(zlib.compress(envelope, 9))
    return b"HC1:" + text


def a_bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    patient = {"resourceType": "Patient", "name": [{"family": "Anyperson", "given": ["John", "B."]}]}
    entries = [{"fullUrl": f"resource:{n}", "resource": one} for n, one in enumerate((patient, *resources))]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def an_observation(day: str = "2026-03-01", code: str = "260415000") -> dict[str, Any]:
    value = {"coding": [{"system": "http://snomed.info/sct", "code": code}]}
    return {
        "resourceType": "Observation",
        "status": "final",
        "effectiveDateTime": day,
        "valueCodeableConcept": value,
    }


def an_immunization(day: str) -> dict[str, Any]:
    return {"resourceType": "Immunization", "status": "completed", "occurrenceDateTime": day}


def card_claims(bundle: object = None, at: datetime = NOON, **changes: Any) -> dict[str, Any]:
    types = ["https://smarthealth.cards#health-card", "https://smarthealth.cards#covid19"]
    subject = {"fhirVersion": "4.0.1", "fhirBundle": bundle or a_bundle(an_observation())}
    vc = {"type": types, "credentialSubject": subject, "rid": "r1"}
    return {"iss": "https://issuer.example", "nbf": at.astimezone(UTC).timestamp() - 3600, "vc": vc} | changes


def a_card(claims: object = None, key: ECKey = SHC_KEY, payload: bytes | None = None, **header: Any) -> bytes:
    """Signed and named by joserfc."""
    if payload is None:
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        payload = deflater.compress(json.dumps(claims or card_claims()).encode()) + deflater.flush()
    protected = {"zip": "DEF", "alg": "ES256", "kid": key.thumbprint()} | header
    registry = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
    return digited(jws.serialize_compact(protected, payload, key, registry=registry).encode())


def digited(text: bytes) -> bytes:
    return b"shc:/" + b"".join(b"%02d" % (character - 45) for character in text)


def parts_of(card: bytes, total: int) -> list[bytes]:
    digits = card.removeprefix(b"shc:/")
    size = -(-len(digits) // total)
    chunks = [digits[place : place + size] for place in range(0, len(digits), size)]
    return [b"shc:/%d/%d/%s" % (number, total, chunk) for number, chunk in enumerate(chunks, 1)]


def key_set(key: ECKey = SHC_KEY, **members: Any) -> bytes:
    return json.dumps({"keys": [key.as_dict(private=False) | {"kid": key.thumbprint()}], **members}).encode()
