"""The district's secrets on disk: for one user alone, locked if a passphrase is given, never written over."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from station.passes.keys import (
    SigningKeyError,
    is_encrypted,
    load_list_key,
    load_signing_key,
    new_list_key,
    new_signing_key,
    public_pem,
    read_passphrase,
)

PASSPHRASE = "忘れない three words".encode()


def test_a_new_key_is_its_users_alone_and_its_public_half_lies_beside_it(tmp_path: Path) -> None:
    key = new_signing_key(tmp_path / "d.key")
    assert (tmp_path / "d.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "d.pub").read_bytes() == public_pem(key)
    assert public_pem(load_signing_key(tmp_path / "d.key")) == public_pem(key)
    assert not is_encrypted(tmp_path / "d.key")


def test_a_locked_key_opens_with_its_passphrase_and_with_no_other(tmp_path: Path) -> None:
    path = tmp_path / "d.key"
    key = new_signing_key(path, PASSPHRASE)
    assert is_encrypted(path)
    assert public_pem(load_signing_key(path, PASSPHRASE)) == public_pem(key)
    with pytest.raises(SigningKeyError, match="does not open with this passphrase"):
        load_signing_key(path, b"another")
    with pytest.raises(SigningKeyError, match="is encrypted"):
        load_signing_key(path)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl, which is not installed here")
def test_a_locked_key_is_what_openssl_reads_and_costs_a_guesser_600000_rounds(tmp_path: Path) -> None:
    path, secret = tmp_path / "d.key", tmp_path / "passphrase"
    key = new_signing_key(path, PASSPHRASE)
    secret.write_bytes(PASSPHRASE)
    shown = subprocess.run(
        ["openssl", "pkey", "-in", path, "-passin", f"file:{secret}", "-pubout"], check=True, capture_output=True
    )
    assert shown.stdout == public_pem(key)
    parsed = subprocess.run(["openssl", "asn1parse", "-in", path], check=True, capture_output=True, text=True)
    assert f"INTEGER           :{600_000:06X}" in parsed.stdout


def test_a_passphrase_is_no_hindrance_to_a_plain_key(tmp_path: Path) -> None:
    key = new_signing_key(tmp_path / "d.key")
    assert public_pem(load_signing_key(tmp_path / "d.key", PASSPHRASE)) == public_pem(key)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_secret_that_others_may_read_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    new_signing_key(tmp_path / "d.key")
    new_list_key(tmp_path / "list.key")
    for path, load in ((tmp_path / "d.key", load_signing_key), (tmp_path / "list.key", load_list_key)):
        path.chmod(mode)
        with pytest.raises(SigningKeyError, match=f"chmod 600 {path}"):
            load(path)


def test_secrets_are_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "d.key").write_text("precious")
    for make in (new_signing_key, new_list_key):
        with pytest.raises(FileExistsError):
            make(tmp_path / "d.key")
    assert (tmp_path / "d.key").read_text() == "precious"


def test_a_list_key_is_32_random_bytes_of_its_user_alone(tmp_path: Path) -> None:
    new_list_key(tmp_path / "one.key")
    new_list_key(tmp_path / "two.key")
    assert (tmp_path / "one.key").stat().st_mode & 0o777 == 0o600
    assert len(load_list_key(tmp_path / "one.key")) == 32
    assert load_list_key(tmp_path / "one.key") != load_list_key(tmp_path / "two.key")


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"])
def test_what_is_no_key_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "d.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SigningKeyError, match=str(path)):
        load_signing_key(path, PASSPHRASE)
    with pytest.raises(SigningKeyError, match=f"{path} holds {len(content)} bytes"):
        load_list_key(path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    path = tmp_path / "d.key"
    other = generate_private_key(SECP256R1())
    path.write_bytes(
        other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    path.chmod(0o600)
    with pytest.raises(SigningKeyError, match="another kind of key"):
        load_signing_key(path)


def test_a_passphrase_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(PASSPHRASE + b"\r\nnot this\n")
    assert read_passphrase(tmp_path / "p") == PASSPHRASE
    (tmp_path / "p").write_bytes(b"\n")
    with pytest.raises(SigningKeyError, match="empty"):
        read_passphrase(tmp_path / "p")
