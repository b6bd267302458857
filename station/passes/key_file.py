"""The public keys in one file, whatever else lies in it: those that can be used, and what is wrong with the rest.

A folder of keys is filled by many hands: national lists, export tools, file managers. One odd file, or one odd key in
a file of two hundred, costs itself and nothing else.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.passes.signers import Signer, SignerError, read_key_set, signer_of_certificate, signer_of_key

MAX_FILE_BYTES = 8 * 1024**2
NO_KEY = "is no public key or certificate; give PEM, DER, JWKS or 32 raw bytes"
_RAW_ED25519 = 32
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLOCK = re.compile(rb"(?=-----BEGIN [^\n-]+-----)")
_LABEL = re.compile(rb"-----BEGIN ([^\n-]+)-----")
_CERTIFICATES = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE")
# What reading a certificate or a key that is odd may raise.
_UNREADABLE = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)

Key = Ed25519PublicKey | Signer


@dataclass(frozen=True, slots=True)
class KeyFile:
    """``faults`` are sentences about the file, each of which begins where its name ends."""

    keys: tuple[Key, ...] = ()
    faults: tuple[str, ...] = ()


def read_key_file(data: bytes) -> KeyFile:
    """Read PEM public keys and certificates, one DER key or certificate, 32 raw bytes, or a JSON Web Key Set."""
    if len(data) == _RAW_ED25519:
        return KeyFile((Ed25519PublicKey.from_public_bytes(data),))
    if len(data) > MAX_FILE_BYTES:
        return KeyFile(faults=(f"has more than {MAX_FILE_BYTES} bytes; {NO_KEY}",))
    text = data.removeprefix(_BYTE_ORDER_MARK).strip()
    if not text:
        return KeyFile(faults=(f"is empty; {NO_KEY}",))
    if text.startswith(b"{"):
        return KeyFile(*read_key_set(text))
    if _LABEL.search(text):
        return _of_blocks([part for part in _BLOCK.split(text) if _LABEL.match(part)])
    try:
        return KeyFile((_of_der(data),))
    except SignerError as error:
        return KeyFile(faults=(str(error),))
    except _UNREADABLE:
        return KeyFile(faults=(NO_KEY,))


def _of_blocks(blocks: list[bytes]) -> KeyFile:
    """PEM. A damaged block is told by its place, and the others are taken."""
    keys: list[Key] = []
    faults: list[str] = []
    for place, block in enumerate(blocks, 1):
        where = f"block {place} " if len(blocks) > 1 else ""
        try:
            keys.append(_of_block(block))
        except SignerError as error:
            faults.append(f"{where}{error}")
        except _UNREADABLE:
            faults.append(f"{where}is damaged; {NO_KEY}" if where else NO_KEY)
    return KeyFile(tuple(keys), tuple(faults))


def _of_block(block: bytes) -> Key:
    """:raises SignerError: (or one of ``_UNREADABLE``) no key of this kind."""
    label = _LABEL.match(block)
    assert label is not None  # a block begins with one
    if b"PRIVATE KEY" in label[1]:
        raise SignerError("is a private key, which belongs nowhere but where it signs; put its public half here")
    if label[1] in _CERTIFICATES:
        return _key_of(x509.load_pem_x509_certificate(block))
    return _key_of(serialization.load_pem_public_key(block))


def _of_der(data: bytes) -> Key:
    """DER, also with line ends behind it, as editors add them, or written in base64.

    :raises SignerError: (or one of ``_UNREADABLE``) no key of this kind.
    """
    for form in _forms(data):
        loaders: tuple[Callable[[bytes], object], ...] = (
            serialization.load_der_public_key,
            x509.load_der_x509_certificate,
        )
        for load in loaders:
            try:
                found = load(form)
            except _UNREADABLE:
                continue
            return _key_of(found)
    raise ValueError("no key")


def _forms(data: bytes) -> Iterator[bytes]:
    yield data
    if (cut := data.rstrip(b"\r\n")) != data:
        yield cut
    try:
        yield base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error:
        return


def _key_of(found: object) -> Key:
    """:raises SignerError: a kind of key that no pass is signed with."""
    key = found.public_key() if isinstance(found, x509.Certificate) else found
    if isinstance(key, Ed25519PublicKey):
        return key
    return signer_of_certificate(found) if isinstance(found, x509.Certificate) else signer_of_key(found)
