"""The names that a server's certificate is for."""

from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID


def certificate_names(file: str) -> tuple[str, ...]:
    """Its DNS names, some with ``*.``, its IP addresses and its common name; nothing where the file cannot be used,
    which whoever serves with it says better."""
    try:
        certificate = x509.load_pem_x509_certificates(Path(file).read_bytes())[0]
    except (OSError, ValueError):
        return ()
    common = [str(name.value) for name in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    try:
        others = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return tuple(common)
    addresses = (str(address) for address in others.get_values_for_type(x509.IPAddress))
    return (*others.get_values_for_type(x509.DNSName), *addresses, *common)
