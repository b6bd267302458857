"""The certificate of the supervisors' view, as ``station doctor`` finds it."""

import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from station.clock import utc_now
from station.commands.doctor_check import Check
from station.commands.doctor_term import term
from station.config import SupervisorSection

_NAME = "view's certificate"
_RENEW = "put a new one with its key there, then: systemctl restart station"


def look_at_supervisor(supervisor: SupervisorSection) -> Check:
    """Whether browsers will take it, apart from whom they trust."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(supervisor.cert, supervisor.key)
        certificate = x509.load_pem_x509_certificate(Path(supervisor.cert).read_bytes())
    except ssl.SSLError as error:
        remedy = "supervisor.cert and supervisor.key have to be PEM files that belong together"
        return Check(_NAME, False, f"{supervisor.cert}: {error.reason or error}", remedy)
    except (OSError, ValueError) as error:
        return Check(_NAME, False, f"{supervisor.cert}, {supervisor.key}: {error}", _RENEW)
    last = certificate.not_valid_after_utc
    found = f"{supervisor.cert}: until {last.date()}"
    if not isinstance(certificate.public_key(), EllipticCurvePublicKey | RSAPublicKey):
        return Check(
            _NAME, False, f"{found}: browsers do not know its kind of key", "have one with ECDSA (P-256) or RSA"
        )
    _, wrong = term(last, utc_now())
    if wrong:
        return Check(_NAME, False, f"{found}: {wrong}", _RENEW)
    return Check(_NAME, True, found)
