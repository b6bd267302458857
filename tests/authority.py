"""A throw-away certificate authority, as a district's own would be, and as strict as Python 3.13 is by default."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from station.clock import utc_now

_SIGNS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey


class Authority:
    """Signs with Ed25519, the smallest there is, unless ``curve`` asks for P-256.

    :param at: when it signs; None for the machine's time, which a TLS library goes by.
    """

    def __init__(self, name: str = "Pingyuan CA", *, curve: bool = False, at: datetime | None = None) -> None:
        self._at = at
        self._curve = curve
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = self._new_key()
        self.certificate = self._sign(
            self._name, self._key, timedelta(days=3650), x509.BasicConstraints(ca=True, path_length=0), _SIGNS
        )

    def issue(
        self, name: str, *extensions: x509.ExtensionType, lifetime: timedelta = timedelta(days=365)
    ) -> tuple[x509.Certificate, PrivateKey]:
        """A certificate whose common name is ``name``, and its key."""
        key = self._new_key()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return self._sign(subject, key, lifetime, *extensions), key

    def write(self, folder: Path, name: str, *extensions: x509.ExtensionType) -> tuple[Path, Path, Path]:
        """``ca.pem``, ``NAME.pem`` and ``NAME.key`` in ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        certificate, key = self.issue(name, *extensions)
        ca, cert, private = folder / "ca.pem", folder / f"{name}.pem", folder / f"{name}.key"
        ca.write_bytes(pem(self.certificate))
        cert.write_bytes(pem(certificate))
        private.write_bytes(key_pem(key))
        return ca, cert, private

    def revocations(self) -> bytes:
        """A list of nobody."""
        now = self._at or utc_now()
        builder = x509.CertificateRevocationListBuilder(self._name, now - timedelta(days=1), now + timedelta(days=365))
        listed = builder.sign(self._key, hashes.SHA256() if self._curve else None)
        return listed.public_bytes(serialization.Encoding.PEM)

    def _new_key(self) -> PrivateKey:
        return generate_private_key(SECP256R1()) if self._curve else Ed25519PrivateKey.generate()

    def _sign(
        self, subject: x509.Name, key: PrivateKey, lifetime: timedelta, *extensions: x509.ExtensionType
    ) -> x509.Certificate:
        now = self._at or utc_now()
        builder = x509.CertificateBuilder(
            issuer_name=self._name,
            subject_name=subject,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(days=1),
            not_valid_after=now + lifetime,
        )
        identifiers = (
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
        )
        for extension in (*extensions, *identifiers):
            critical = isinstance(extension, x509.BasicConstraints | x509.KeyUsage)
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self._key, hashes.SHA256() if self._curve else None)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def key_pem(key: PrivateKey) -> bytes:
    return _private(key, serialization.Encoding.PEM)


def key_der(key: PrivateKey) -> bytes:
    return _private(key, serialization.Encoding.DER)


def _private(key: PrivateKey, encoding: serialization.Encoding) -> bytes:
    return key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
