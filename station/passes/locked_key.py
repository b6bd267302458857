"""A private key under a passphrase: PKCS #8 with PBES2 (RFC 8018), readable by OpenSSL and by ``cryptography``.

Written here because ``cryptography`` writes it with 2,048 rounds of PBKDF2 and cannot be told otherwise: a thief with
the file then tries thousands of passphrases a second on any machine.
"""

import base64
import hashlib
import secrets
import textwrap

from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

ROUNDS = 600_000
BEGIN, END = b"-----BEGIN ENCRYPTED PRIVATE KEY-----", b"-----END ENCRYPTED PRIVATE KEY-----"

_SEQUENCE, _INTEGER, _OCTETS, _OID, _NULL = 0x30, 0x02, 0x04, 0x06, 0x05
_PBES2 = bytes.fromhex("2a864886f70d01050d")
_PBKDF2 = bytes.fromhex("2a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("2a864886f70d0209")
_AES256_CBC = bytes.fromhex("60864801650304012a")


def locked_pem(key: Ed25519PrivateKey, passphrase: bytes) -> bytes:
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    salt, start = secrets.token_bytes(16), secrets.token_bytes(16)
    padder = padding.PKCS7(AES256.block_size).padder()
    padded = padder.update(plain) + padder.finalize()
    derived = hashlib.pbkdf2_hmac("sha256", passphrase, salt, ROUNDS)
    encryptor = Cipher(AES256(derived), CBC(start)).encryptor()
    body = base64.b64encode(_encrypted_key_info(salt, start, encryptor.update(padded) + encryptor.finalize())).decode()
    return b"\n".join((BEGIN, *(line.encode() for line in textwrap.wrap(body, 64)), END, b""))


def _encrypted_key_info(salt: bytes, start: bytes, encrypted: bytes) -> bytes:
    """RFC 5958 EncryptedPrivateKeyInfo."""
    rounds = _der(_INTEGER, ROUNDS.to_bytes(4).lstrip(b"\0"))  # its first bit is 0, so it is no negative number
    prf = _der(_SEQUENCE, _der(_OID, _HMAC_SHA256), _der(_NULL))
    derivation = _der(_SEQUENCE, _der(_OID, _PBKDF2), _der(_SEQUENCE, _der(_OCTETS, salt), rounds, prf))
    cipher = _der(_SEQUENCE, _der(_OID, _AES256_CBC), _der(_OCTETS, start))
    scheme = _der(_SEQUENCE, _der(_OID, _PBES2), _der(_SEQUENCE, derivation, cipher))
    return _der(_SEQUENCE, scheme, _der(_OCTETS, encrypted))


def _der(tag: int, *parts: bytes) -> bytes:
    """One value of at most 255 bytes, which is all that a key needs."""
    content = b"".join(parts)
    length = bytes([len(content)]) if len(content) < 128 else bytes([0x81, len(content)])
    return bytes([tag]) + length + content
