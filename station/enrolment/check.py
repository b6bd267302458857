"""Whether an enrolment holds together: then a mistake shows here, and not as a station that never connects."""

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from station.enrolment import Enrolment, EnrolmentError
from station.enrolment.certified import certified_levels

_KEY_LENGTH = 32
_AGAIN = "have the hub issue it again"


def check(enrolment: Enrolment, now: datetime | None) -> None:
    """:param now: None while the clock cannot be trusted; then nothing is too old.

    :raises EnrolmentError: naming the part that does not fit.
    """
    station, uplink = (enrolment.settings.get(name) for name in ("station", "uplink"))
    if not isinstance(station, dict) or not isinstance(uplink, dict):
        raise EnrolmentError(f"has no station and uplink; {_AGAIN}")
    if not str(uplink.get("url", "")).startswith("mqtts://"):
        raise EnrolmentError("uplink.url: a station reaches its hub by mqtts://")
    keys = [key for _, key in enrolment.keys]
    if any(len(key) != _KEY_LENGTH for key in (*keys, enrolment.list_key or b"x" * _KEY_LENGTH)):
        raise EnrolmentError(f"the keys for passes and lists have {_KEY_LENGTH} bytes each; {_AGAIN}")
    if len(set(keys)) != len(keys):
        raise EnrolmentError(f"a key of the district stands in it twice, where each has one role; {_AGAIN}")
    certificate = _check_certificates(enrolment, str(station.get("id", "")))
    certified = certified_levels(certificate)
    if certified and certified != tuple(station.get("levels", ())):
        said = "/".join(map(str, station.get("levels", ())))
        raise EnrolmentError(f"station.levels: {said}, where the certificate says {'/'.join(certified)}; {_AGAIN}")
    if now is None:
        return
    if enrolment.until is not None and now > enrolment.until:
        raise EnrolmentError(f"was to be taken until {enrolment.until.isoformat()}; {_AGAIN}")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise EnrolmentError(f"the certificate is good until {certificate.not_valid_after_utc.date()}; {_AGAIN}")


def _check_certificates(enrolment: Enrolment, name: str) -> x509.Certificate:
    try:
        authority, certificate = map(x509.load_pem_x509_certificate, (enrolment.ca, enrolment.cert))
        key = serialization.load_pem_private_key(enrolment.key, password=None)
    except (ValueError, TypeError):
        raise EnrolmentError(f"ca, cert or key is no unencrypted PEM; {_AGAIN}") from None
    if key.public_key() != certificate.public_key():
        raise EnrolmentError(f"the key is not the certificate's; {_AGAIN}")
    named = [str(part.value) for part in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if named != [name]:
        raise EnrolmentError(f"the certificate is for {', '.join(named) or 'nobody'}, not for {name}; {_AGAIN}")
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        raise EnrolmentError(f"the certificate is not signed by ca; {_AGAIN}") from None
    return certificate
