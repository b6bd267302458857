"""The district's own authority issues what the strictest reading of X.509 takes, which is Python 3.13's by default."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from authority import key_pem, pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from station.clock import utc_now
from station.enrolment.authority import (
    Authority,
    Issued,
    Revoked,
    issue_broker,
    issue_station,
    new_authority,
    revocations,
)
from station.tls import broker_context

pytestmark = pytest.mark.clock

HOST, STATION = "hub.pingyuan.example", "bridge-north"


@pytest.fixture
def authority() -> Authority:
    return new_authority("Pingyuan", utc_now(), 20)


def strict(
    folder: Path, authority: Authority, issued: Issued, purpose: ssl.Purpose, *revoked: Revoked
) -> ssl.SSLContext:
    """One side that shows ``issued`` and believes the authority alone, with its list of the revoked."""
    trusted = folder / "trusted.pem"
    trusted.write_bytes(pem(authority.certificate) + revocations(authority, revoked, utc_now(), None))
    context = ssl.create_default_context(purpose, cafile=str(trusted))
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_CRL_CHECK_LEAF
    shown = folder / "shown.pem"
    shown.write_bytes(pem(issued.certificate) + key_pem(issued.key))
    context.load_cert_chain(shown)
    return context


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext) -> None:
    """Both sides in memory. :raises ssl.SSLError: one of them does not take what the other shows."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=HOST)
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (ours, theirs, ours, theirs):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    assert ours.getpeercert()
    assert theirs.getpeercert() or server.verify_mode == ssl.CERT_NONE


def test_a_station_and_the_broker_take_one_another_under_strict_checks(tmp_path: Path, authority: Authority) -> None:
    broker = strict(tmp_path, authority, issue_broker(authority, [HOST], utc_now(), 30), ssl.Purpose.CLIENT_AUTH)
    station = strict(tmp_path, authority, issue_station(authority, STATION, utc_now(), 30), ssl.Purpose.SERVER_AUTH)
    shake_hands(station, broker)


def test_a_revoked_station_is_refused_under_strict_checks(tmp_path: Path, authority: Authority) -> None:
    lost = issue_station(authority, STATION, utc_now(), 30)
    revoked = Revoked(lost.certificate.serial_number, utc_now())
    shown = issue_broker(authority, [HOST], utc_now(), 30)
    broker = strict(tmp_path, authority, shown, ssl.Purpose.CLIENT_AUTH, revoked)
    station = strict(tmp_path, authority, lost, ssl.Purpose.SERVER_AUTH)
    with pytest.raises(ssl.SSLError, match="revoked"):
        shake_hands(station, broker)


def test_each_certificate_says_who_signed_it_and_what_it_is_for(authority: Authority) -> None:
    root = authority.certificate.extensions
    assert root.get_extension_for_class(x509.BasicConstraints).critical
    assert root.get_extension_for_class(x509.KeyUsage).critical
    known = root.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    for issued in (issue_station(authority, STATION, utc_now(), 30), issue_broker(authority, [HOST], utc_now(), 30)):
        found = issued.certificate.extensions
        issuer = found.get_extension_for_class(x509.AuthorityKeyIdentifier)
        assert (issuer.critical, issuer.value.key_identifier) == (False, known)
        assert not found.get_extension_for_class(x509.BasicConstraints).value.ca
        assert found.get_extension_for_class(x509.KeyUsage).value.digital_signature
        assert not found.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_the_hub_takes_a_brokers_certificate_on_every_python_as_stations_do(tmp_path: Path) -> None:
    """A district may have another authority, whose certificates do without an identifier of their issuer."""
    key, issuer = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")])
    root = plain(issuer, issuer, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    names = x509.SubjectAlternativeName([x509.DNSName(HOST)])
    shown = plain(issuer, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), key).add_extension(names, False)
    ca, chain = tmp_path / "ca.pem", tmp_path / "broker.pem"
    ca.write_bytes(pem(root.sign(key, hashes.SHA256())))
    chain.write_bytes(pem(shown.sign(key, hashes.SHA256())) + key_pem(key))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(chain)
    shake_hands(broker_context(str(ca), "", ""), server)


def plain(issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
    now = utc_now()
    return builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
