"""The supervisors' view, as ``station doctor`` finds it: its certificate, and whether its process gets at it."""

import grp
import os
import pwd
import ssl
import stat
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from station.clock import utc_now
from station.commands.doctor_check import Check
from station.commands.doctor_term import SET_CLOCK, term
from station.config import SupervisorSection, on_loopback
from station.domain.condition import Condition

_NAME = "view's certificate"
_USER, _GROUP = "station-supervisor", "station"
"""Those of ``station-supervisor.service``."""
_RENEW = "put a new one with its key there, then: systemctl restart station-supervisor"


def look_at_supervisor(supervisor: SupervisorSection) -> Check:
    """Whether browsers will take its certificate, apart from whom they trust, and its service can show it to them."""
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
    state, wrong = term(certificate.not_valid_before_utc, last, utc_now())
    if state is Condition.CERTIFICATE_NOT_YET:
        return Check(_NAME, False, f"{found}: {wrong}", SET_CLOCK)
    if wrong:
        return Check(_NAME, False, f"{found}: {wrong}", _RENEW)
    return _as_installed(supervisor) or Check(_NAME, True, found)


def _as_installed(supervisor: SupervisorSection) -> Check | None:
    """What keeps ``station-supervisor.service`` from serving; None where nothing does, or it is not installed here."""
    ids = view_ids()
    if ids is None:
        return None
    for file in (supervisor.cert, supervisor.key):
        if not _may_read(Path(file).stat(), *ids):
            remedy = f"chgrp {_GROUP} {file}; chmod g+r {file}; systemctl restart station-supervisor"
            return Check(_NAME, False, f"{file}: the group {_GROUP} may not read it, so the view cannot", remedy)
    if on_loopback(supervisor.listen):
        found = f"supervisor.listen: {supervisor.listen} is loopback, where station-supervisor.service answers nobody"
        remedy = "give 0.0.0.0:PORT or [::]:PORT, and let the firewall say who may come"
        return Check(_NAME, False, found, remedy)
    return None


def view_ids() -> tuple[int, int] | None:
    """User and group of the view's service; None where they are not on this machine."""
    try:
        return pwd.getpwnam(_USER).pw_uid, grp.getgrnam(_GROUP).gr_gid
    except KeyError:
        return None


def _may_read(file: os.stat_result, user: int, group: int) -> bool:
    if file.st_uid == user:
        return bool(file.st_mode & stat.S_IRUSR)
    return bool(file.st_mode & (stat.S_IRGRP if file.st_gid == group else stat.S_IROTH))
