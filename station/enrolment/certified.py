"""What a station's certificate says of the station beside its name: its place in the district's tree.

The levels are the subject's organizational units, from the district down (X.520 has several of them in one name). A
certificate from before there were any says nothing of a place.
"""

from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID


def level_attributes(levels: tuple[str, ...]) -> list[x509.NameAttribute[str]]:
    return [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, level) for level in levels]


def certified_levels(certificate: x509.Certificate) -> tuple[str, ...]:
    """Empty where the certificate names none."""
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return tuple(str(unit.value) for unit in units)


def levels_of_file(certificate: Path) -> tuple[str, ...]:
    """As ``certified_levels``, of a PEM; empty for one that cannot be read: whoever connects with it says so."""
    try:
        return certified_levels(x509.load_pem_x509_certificate(certificate.read_bytes()))
    except (OSError, ValueError):
        return ()
