import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import base45
import cbor2
import pytest
from certificates import DCC, DSC_KEY, PERSON, TEST, a_dsc, an_hcert, card_claims, key_set, signed, wrapped
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from made import KEY, NOON, TRUST, a_pass

from station import passes
from station.__main__ import main
from station.domain.passes import HealthKind, Pass, PassKind, Rejected, TestResult
from station.domain.reasons import Reason
from station.passes import TrustList, cp1
from station.passes.trust import TrustError, parse_keys
from station.passes.trust_folder import load_trust

DSC = a_dsc()
KEYS = TrustList(parse_keys(DSC, "dsc"))
PEM = DSC_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read(payload: bytes, trust: TrustList = KEYS) -> Pass | Rejected:
    return passes.read(payload, "", trust)


def reason(payload: bytes, trust: TrustList = KEYS) -> Reason:
    found = read(payload, trust)
    assert isinstance(found, Rejected)
    return found.reason


def test_a_certificate_is_read_with_its_evidence_and_the_name_apart() -> None:
    found = read(an_hcert())
    assert isinstance(found, Pass)
    assert (found.kind, found.format, found.issuer, found.label) == (PassKind.HEALTH, "HC1", "AT", "")
    assert found.health
    assert (found.health.kind, found.health.result) == (HealthKind.TEST, TestResult.NEGATIVE)
    assert found.health.name == "Gabriele Gößinger"
    assert "Gabriele" not in repr(found)


def test_it_is_valid_no_longer_than_its_signers_certificate() -> None:
    long = read(an_hcert(), TrustList(parse_keys(a_dsc(days=0), "dsc")))
    assert isinstance(long, Pass)
    assert long.expires == NOON + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("usages", "signs"),
    [
        ((), True),
        (("1.3.6.1.5.5.7.3.2",), True),
        (("1.3.6.1.4.1.1847.2021.1.1",), True),
        (("1.3.6.1.4.1.0.1847.2021.1.1", "1.3.6.1.4.1.0.1847.2021.1.2"), True),
        (("1.3.6.1.4.1.1847.2021.1.2",), False),
        (("1.3.6.1.4.1.0.1847.2021.1.3",), False),
    ],
)
def test_a_signer_signs_only_the_kinds_its_certificate_names(usages: tuple[str, ...], signs: bool) -> None:
    found = read(an_hcert(), TrustList(parse_keys(a_dsc(DSC_KEY, *usages), "dsc")))
    assert isinstance(found, Pass) is signs
    assert signs or found == Rejected(Reason.UNKNOWN_ISSUER, "", "HC1")


def test_keys_of_one_kind_of_pass_never_verify_another() -> None:
    ours = Ed25519PrivateKey.generate()
    everybody = TrustList([*parse_keys(DSC, "dsc"), KEY.public_key(), ours.public_key()])
    assert isinstance(read(an_hcert(), everybody), Pass)
    assert isinstance(read(cp1.issue(a_pass(), ours).encode(), everybody), Pass)
    assert reason(an_hcert(), TRUST) is Reason.UNKNOWN_ISSUER
    assert reason(cp1.issue(a_pass(), KEY).encode(), KEYS) is Reason.UNKNOWN_ISSUER


def test_a_bare_key_will_do_where_there_is_no_certificate() -> None:
    assert isinstance(read(an_hcert(), TrustList(parse_keys(PEM, "key"))), Pass)


def test_a_key_of_the_wrong_algorithm_is_no_key() -> None:
    trust = TrustList(parse_keys(a_dsc(rsa.generate_private_key(65537, 2048)), "dsc"))
    assert reason(an_hcert(), trust) is Reason.FORGED


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP521R1()), rsa.generate_private_key(65537, 1024)])
def test_a_certificate_of_a_key_that_no_certificate_is_signed_with_is_told(key: Any) -> None:
    with pytest.raises(TrustError, match="that no pass is signed with"):
        parse_keys(a_dsc(key), "dsc")


def test_a_trust_folder_holds_all_kinds_of_keys_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "dsc.der").write_bytes(DSC)
    (tmp_path / "both.pem").write_bytes(PEM)
    (tmp_path / "cards.json").write_bytes(key_set())
    (tmp_path / "district.raw").write_bytes(KEY.public_key().public_bytes_raw())
    assert len(load_trust(tmp_path).trust) == 4


@pytest.mark.parametrize(
    "changed",
    [
        {"ver": "1"},
        {"nam": {"fn": "A"}},
        {"nam": PERSON | {"gnt": ""}},
        {"nam": PERSON | {"fnt": "a"}},
        {"dob": "1815-08-24"},
        {"dob": "2030-01-01"},
        {"dob": None},
        {"t": []},
        {"t": [TEST, TEST]},
        {"v": [TEST]},
        {"t": None},
        {"t": [TEST | {"co": "XY"}]},
        {"t": [TEST | {"sc": "yesterday"}]},
        {"t": [TEST | {"ma": "9999"}]},
        {"t": [TEST | {"ci": ""}]},
        {"t": [{key: value for key, value in TEST.items() if key != "tr"}]},
        {"t": None, "v": [TEST | {"vp": "", "mp": "", "ma": "ORG-99999999", "dn": 1, "sd": 1, "dt": "2021-01-01"}]},
        {"t": None, "v": [TEST | {"vp": "", "mp": "", "ma": "", "dn": True, "sd": 1, "dt": "2021-01-01"}]},
    ],
)
def test_what_does_not_keep_to_the_schema_is_malformed(changed: dict[str, Any]) -> None:
    assert reason(an_hcert(DCC | changed)) is Reason.MALFORMED


@pytest.mark.parametrize(
    "payload",
    [
        b"HC1:",
        b"HC1:6",
        b"HC1::::",
        b"HC1:abc",
        b"HC1:" + base45.b45encode(b"not compressed"),
        wrapped(b""),
        wrapped(cbor2.dumps([b"", {}, b"", b""])),
        wrapped(cbor2.dumps(7)),
        an_hcert() + b"00",
        an_hcert(claims={}),
        an_hcert(claims={4: "soon", 6: 1, -260: {1: DCC}}),
        an_hcert(claims={4: float("nan"), 6: 1, -260: {1: DCC}}),
        an_hcert(claims=card_claims()),
        signed(cbor2.dumps({1: -8}), b""),
    ],
)
def test_a_broken_certificate_is_malformed(payload: bytes) -> None:
    assert reason(payload) is Reason.MALFORMED


def test_a_strangers_certificate_is_told_from_a_forged_one() -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert reason(an_hcert(kid=b"stranger", key=stranger)) is Reason.UNKNOWN_ISSUER
    assert reason(an_hcert(key=stranger)) is Reason.FORGED


def test_a_time_beyond_all_calendars_is_as_good_as_never() -> None:
    forever = an_hcert(claims={1: "AT", 4: 2**63, 6: 0, -260: {1: DCC | {"dob": ""}}})
    assert isinstance(read(forever), Pass)


def test_verify_tells_kind_age_and_result_and_holds_back_the_name_which_show_gives(tmp_path: Path, capsys) -> None:
    keys, file = tmp_path / "keys", tmp_path / "certificate.txt"
    keys.mkdir()
    (keys / "dsc.der").write_bytes(DSC)
    file.write_bytes(an_hcert())
    capsys.readouterr()
    assert main(["pass", "verify", "--trust", str(keys), "--at", NOON.isoformat(), str(file)]) == 0
    said = capsys.readouterr().out
    assert json.loads(said)["claims"]["health"] == {
        "kind": "test",
        "on": "2026-03-01T10:00:00+00:00",
        "result": "negative",
        "dose": 0,
        "doses": 0,
        "country": "AT",
    }
    assert "Gabriele" not in said
    main(["pass", "show", "--trust", str(keys), str(file)])
    assert json.loads(capsys.readouterr().out)["claims"]["name"] == "Gabriele Gößinger"
