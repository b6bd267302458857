"""What lies in a trust folder beside good keys costs itself and nothing else, and is told by file and place."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from certificates import DSC_KEY, a_dsc, key_set
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from made import KEY

from station.passes.key_file import read_key_file
from station.passes.keys import public_pem
from station.passes.trust_folder import load_trust

DSC = a_dsc()
PEM = x509.load_der_x509_certificate(DSC).public_bytes(serialization.Encoding.PEM)
BROKEN_PEM = (
    b"-----BEGIN CERTIFICATE-----\n"
    + base64.encodebytes(DSC[:90] + b"\0" * 40 + DSC[130:])
    + b"-----END CERTIFICATE-----\n"
)
GOOD_FILES = (DSC, PEM, key_set(), public_pem(KEY), a_dsc(DSC_KEY, "1.2.3"))
PRIVATE = Ed25519PrivateKey.generate().private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
ODD_FILES = {
    "brainpool.der": a_dsc(ec.generate_private_key(ec.BrainpoolP256R1())),
    "rsa1024.der": a_dsc(rsa.generate_private_key(65537, 1024)),
    "Thumbs.db": b"\xd0\xcf\x11\xe0" + bytes(500),
    "desktop.ini": "[.ShellClassInfo]\r\nLocalizedResourceName=密钥\r\n".encode("gb18030"),
    "empty.pem": b"",
    "half.der": DSC[: len(DSC) // 2],
    "private.pem": PRIVATE,
    "request.pem": b"-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n",
    "deep.json": b'{"keys": ' + b"[" * 100_000,
    "other.json": b'{"keys": 7}',
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_an_odd_file_costs_itself_alone_and_is_told_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "district.pub").write_bytes(public_pem(KEY))
    (tmp_path / "good.der").write_bytes(DSC)
    (tmp_path / name).write_bytes(ODD_FILES[name])
    found = load_trust(tmp_path)
    assert (len(found.trust.district), len(found.trust.third_parties)) == (1, 1)
    (fault,) = found.faults
    assert fault.startswith(f"{tmp_path / name} ")


@pytest.mark.parametrize(
    "form",
    [
        lambda der: der + b"\n",
        lambda der: der + b"\r\n\r\n",
        lambda der: base64.encodebytes(der),
        lambda der: b"\xef\xbb\xbf" + PEM,
        lambda der: b"subject=C = AT\n" + PEM.replace(b"\n", b"\r\n"),
    ],
    ids=["newline", "line ends", "base64", "byte order mark", "text before"],
)
def test_what_editors_and_tools_add_to_a_good_certificate_hinders_nobody(form: Callable[[bytes], bytes]) -> None:
    found = read_key_file(form(DSC))
    assert (len(found.keys), found.faults) == (1, ())


@pytest.mark.parametrize("damaged", [BROKEN_PEM, PEM[: len(PEM) // 2] + b"\n", PRIVATE])
def test_one_damaged_block_of_a_bundle_is_told_by_its_place(damaged: bytes) -> None:
    found = read_key_file(PEM + damaged + PEM)
    assert len(found.keys) == 2
    (fault,) = found.faults
    assert fault.startswith("block 2 ")


def test_one_odd_key_of_a_key_set_is_told_by_its_place_and_the_others_are_believed() -> None:
    good = json.loads(key_set())["keys"][0]
    off_curve = good | {"y": good["x"], "kid": None}
    odd = [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}, off_curve, good | {"kid": "other"}, 7, None, {}, good | {"x": 5}]
    found = read_key_file(json.dumps({"keys": [good, *odd]}).encode())
    assert len(found.keys) == 1
    assert [fault.split()[1] for fault in found.faults] == [str(place) for place in range(2, 9)]


def test_a_key_set_that_is_bound_to_what_is_no_name_is_bound_to_nobody() -> None:
    assert read_key_file(json.dumps(json.loads(key_set()) | {"iss": ["x"]}).encode()).keys == ()


@given(st.data())
def test_whatever_a_file_holds_reading_it_never_raises(data: st.DataObject) -> None:
    changed = bytearray(data.draw(st.sampled_from(GOOD_FILES)))
    for _ in range(data.draw(st.integers(0, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    read_key_file(bytes(changed[: data.draw(st.integers(0, len(changed)))]) or b"")
    read_key_file(bytes(changed))


def test_folders_and_hidden_files_are_passed_over_and_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()
    (tmp_path / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (tmp_path / "gone.der").symlink_to(tmp_path / "nowhere")
    found = load_trust(tmp_path)
    assert [fault.split()[0] for fault in found.faults] == [str(tmp_path / "gone.der")]
