"""The way to the hub, as ``station doctor`` finds it: certificates with their last day, and a broker that answers."""

import socket
import ssl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from station.clock import utc_now
from station.commands.doctor_check import Check
from station.commands.doctor_term import SET_CLOCK, term
from station.config import UplinkSection
from station.domain.condition import Condition
from station.tls import broker_context

ANSWER_WITHIN = 5.0
_RENEW = "have the hub issue a new one, then: station enrol FILE --replace"


def look_at_uplink(uplink: UplinkSection, station: str) -> Iterator[Check]:
    yield from look_at_certificates(uplink, station)
    yield _broker(uplink)


def look_at_certificates(uplink: UplinkSection, station: str) -> Iterator[Check]:
    now = utc_now()
    if uplink.ca:
        yield _certificate("authority's certificate", Path(uplink.ca), now)
    if uplink.cert:
        yield _certificate("station's certificate", Path(uplink.cert), now, station)
        yield _key(Path(uplink.key), Path(uplink.cert))


def _certificate(name: str, path: Path, now: datetime, holder: str = "") -> Check:
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        return Check(name, False, f"{path}: {_reason(error)}", _RENEW, Condition.CERTIFICATE_UNREADABLE)
    named = [str(part.value) for part in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    last = certificate.not_valid_after_utc
    found, day = f"{path}: for {', '.join(named)}, until {last.date()}", {"day": last.date().isoformat()}
    if holder and named != [holder]:
        remedy = f"it has to be for {holder}: the broker refuses everything else"
        return Check(name, False, found, remedy, Condition.CERTIFICATE_OF_ANOTHER)
    state, wrong = term(certificate.not_valid_before_utc, last, now)
    if state is Condition.CERTIFICATE_NOT_YET:
        return Check(name, False, f"{found}: {wrong}", SET_CLOCK, state, {"day": now.date().isoformat()})
    if wrong:
        return Check(name, False, f"{found}: {wrong}", _RENEW, state, day)
    return Check(name, True, found, condition=state, values=day)


def _key(path: Path, cert: Path) -> Check:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        fits = key.public_key() == x509.load_pem_x509_certificate(cert.read_bytes()).public_key()
    except (OSError, ValueError, TypeError) as error:
        return Check("station's key", False, f"{path}: {_reason(error)}", _RENEW)
    if not fits:
        return Check("station's key", False, f"{path} is not the certificate's", _RENEW)
    if path.stat().st_mode & 0o077:
        return Check("station's key", False, f"{path} can be read by others", f"chmod 600 {path}")
    return Check("station's key", True, str(path))


def _broker(uplink: UplinkSection) -> Check:
    """Reach it, and shake hands where TLS is spoken. Nobody logs in: that would throw the running station off."""
    address = urlsplit(uplink.url)
    secure = address.scheme == "mqtts"
    host, port = address.hostname or "", address.port or (8883 if secure else 1883)
    remedy = "check the network, the address and that the broker runs"
    try:
        with socket.create_connection((host, port), ANSWER_WITHIN) as plain:
            if secure:
                with broker_context(uplink.ca, uplink.cert, uplink.key).wrap_socket(
                    plain, server_hostname=host
                ) as shaken:
                    return Check("broker", True, f"{uplink.url} answers, {shaken.version()}")
    except ssl.SSLError as error:
        return Check("broker", False, f"{uplink.url}: {_reason(error)}", "check uplink.ca and the broker's certificate")
    except OSError as error:
        return Check("broker", False, f"{uplink.url}: {_reason(error)}", remedy)
    return Check("broker", True, f"{uplink.url} answers")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
