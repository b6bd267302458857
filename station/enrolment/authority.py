"""The district's own certificate authority: it says who is a station, and which broker is the district's.

Ed25519 throughout: mosquitto and OpenSSL take it, and its certificates are so small that an enrolment is one QR code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from station.enrolment.certified import level_attributes

_YEAR = timedelta(days=365.25)
_EARLIER = timedelta(hours=1)  # a machine whose clock is behind takes what was issued just now
_MOMENT = timedelta(seconds=1)


class AuthorityError(ValueError):
    """An authority that cannot do what it is asked for; the message names the file or the name, and the remedy."""


@dataclass(frozen=True, slots=True)
class Authority:
    certificate: x509.Certificate
    key: Ed25519PrivateKey

    @property
    def ends(self) -> datetime:
        return self.certificate.not_valid_after_utc


@dataclass(frozen=True, slots=True)
class Issued:
    certificate: x509.Certificate
    key: Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Revoked:
    serial: int
    at: datetime


def new_authority(name: str, now: datetime, years: int) -> Authority:
    """It signs stations and brokers, and no other authority."""
    key, named = Ed25519PrivateKey.generate(), _named(name)
    builder = _builder(named, named, key.public_key(), now, now + years * _YEAR)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return Authority(builder.sign(key, None), key)


def issue_station(authority: Authority, station: str, now: datetime, days: int, levels: tuple[str, ...] = ()) -> Issued:
    """What lets in by the stations' door as ``station``, says that it is at these levels, and is no broker's."""
    use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    return _issue(authority, _named(station, levels), now, days, use)


def issue_broker(authority: Authority, names: Sequence[str], now: datetime, days: int) -> Issued:
    """For the names or addresses by which stations call the broker; it lets nobody in as a station."""
    use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    called = x509.SubjectAlternativeName([_called(name) for name in names])
    return _issue(authority, _named(names[0]), now, days, use, called)


def revocations(authority: Authority, revoked: Iterable[Revoked], now: datetime, last: bytes | None) -> bytes:
    """The revocation list as PEM. It never expires before the authority: a broker would then let nobody in.

    :param last: the list before this one. A broker that is reloaded holds both and believes the one made later, to
        the second; so this one is.
    """
    made = now - _EARLIER
    if last is not None:
        made = max(made, x509.load_pem_x509_crl(last).last_update_utc + _MOMENT)
    builder = x509.CertificateRevocationListBuilder(authority.certificate.subject, made, authority.ends)
    builder = builder.add_extension(_issuer_of(authority), critical=False)
    for one in revoked:
        entry = x509.RevokedCertificateBuilder(serial_number=one.serial, revocation_date=one.at)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(authority.key, None).public_bytes(Encoding.PEM)


def _issue(authority: Authority, name: x509.Name, now: datetime, days: int, *extensions: x509.ExtensionType) -> Issued:
    """:raises AuthorityError: the authority itself has ended."""
    if now >= authority.ends:
        raise AuthorityError(f"the authority ended on {authority.ends.date()}; make a new one and enrol all again")
    key, until = Ed25519PrivateKey.generate(), min(now + timedelta(days=days), authority.ends)
    builder = _builder(authority.certificate.subject, name, key.public_key(), now, until)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    for extension in (*extensions, _issuer_of(authority)):
        builder = builder.add_extension(extension, critical=False)
    return Issued(builder.sign(authority.key, None), key)


def _builder(
    issuer: x509.Name, subject: x509.Name, key: Ed25519PublicKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key,
        serial_number=x509.random_serial_number(),
        not_valid_before=now - _EARLIER,
        not_valid_after=until,
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """An authority's key signs certificates and lists of the revoked, any other key the handshakes of TLS."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_of(authority: Authority) -> x509.AuthorityKeyIdentifier:
    """Tells two authorities of one name apart."""
    known = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)


def _named(name: str, levels: tuple[str, ...] = ()) -> x509.Name:
    return x509.Name([*level_attributes(levels), x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _called(name: str) -> x509.GeneralName:
    """:raises AuthorityError: neither a host's name nor an address."""
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name)
    except ValueError:
        raise AuthorityError(
            f"{name}: is no host name in ASCII; give the name that stations call the broker by"
        ) from None
