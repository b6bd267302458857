import random

import base45
import cbor2
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from made import DETAILS, KEY, TRUST, a_pass, flipped

from station import passes
from station.domain.passes import Attestation, Must, Pass, PassKind, Rejected, Scope, TrafficKind
from station.domain.reasons import Reason
from station.passes import BadPass, TrustList, cp1
from station.passes.trust import key_digest

ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def read(text: str, trust: TrustList = TRUST) -> "Pass | Rejected":
    return passes.read(text.encode(), text, trust)


@pytest.mark.parametrize("kind", PassKind)
def test_an_issued_pass_reads_back_as_it_was_issued(kind: PassKind) -> None:
    issued = a_pass(
        kind=kind,
        details=DETAILS.get(kind),
        traffic=TrafficKind.BUS,
        party=43,
        scope=Scope(levels=("pingyuan",), grids=("g7",), lanes=("1", "2"), route=("a", "b"), drop_offs=("gate 3",)),
        musts={Must.IDENTITY: Attestation.DECLARED, Must.TEST: Attestation.ATTESTED},
    )
    assert read(cp1.issue(issued, KEY)) == issued


def test_a_pass_is_qr_alphanumeric_and_a_usual_one_fits_version_9_at_level_m() -> None:
    text = cp1.issue(a_pass(scope=Scope(levels=("qiaobei",))), KEY)
    assert set(text) <= ALPHANUMERIC
    code = segno.make(text, error="m", boost_error=False, micro=False)
    assert code.mode == "alphanumeric"
    assert int(code.version) <= 9


def test_one_wrong_bit_anywhere_never_gives_a_pass() -> None:
    chance = random.Random(7)
    envelope = base45.b45decode(cp1.issue(a_pass(), KEY)[4:])
    for _ in range(400):
        text = "CP1:" + base45.b45encode(flipped(envelope, chance)).decode()
        assert isinstance(read(text), Rejected)


def test_a_changed_claim_is_forged() -> None:
    message = cbor2.loads(base45.b45decode(cp1.issue(a_pass(), KEY)[4:]))
    protected, _, payload, signature = message.value
    changed = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload.replace(b"12345", b"12346"), signature]))
    assert read("CP1:" + base45.b45encode(changed).decode()) == Rejected(
        Reason.FORGED, "CP1:" + base45.b45encode(changed).decode(), "CP1"
    )


def test_a_strangers_key_is_told_from_a_forged_signature() -> None:
    found = read(cp1.issue(a_pass(), Ed25519PrivateKey.generate()))
    assert isinstance(found, Rejected)
    assert found.reason is Reason.UNKNOWN_ISSUER


def test_unverified_says_what_a_text_says_whoever_signed_it() -> None:
    found = a_pass()
    assert cp1.unverified(cp1.issue(found, Ed25519PrivateKey.generate())) == found


@pytest.mark.parametrize("text", ["", "HC1:6BF", "CP1:", "CP1:!!!", "CP1:王"])
def test_unverified_refuses_what_is_no_text_of_ours_or_cannot_be_read(text: str) -> None:
    with pytest.raises(BadPass):
        cp1.unverified(text)


def test_every_key_of_the_same_id_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.passes.trust.key_digest", lambda key: b"the same digest")
    trust = TrustList([Ed25519PrivateKey.generate().public_key(), KEY.public_key()])
    assert isinstance(read(cp1.issue(a_pass(), KEY), trust), Pass)


def test_a_key_id_of_eight_bytes_as_an_hcert_has_it_is_found_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.passes.cp1.key_id", lambda key: key_digest(key)[:8])
    assert isinstance(read(cp1.issue(a_pass(), KEY)), Pass)


@pytest.mark.parametrize("text", ["", "hello", "https://example.org/", "cp1:", "HC2:6BF", "SHC:/56", "您好"])
def test_another_code_is_not_ours(text: str) -> None:
    assert read(text) == Rejected(Reason.NOT_A_PASS, text)


@pytest.mark.parametrize(
    "text",
    [
        "CP1:",
        "CP1:!!!",
        "CP1:" + "A" * 5000,
        "CP1:" + base45.b45encode(b"\x9f" * 600).decode(),
        "CP1:" + base45.b45encode(b"\x81" * 600).decode(),
        "CP1:" + base45.b45encode(cbor2.dumps({"a": 1})).decode(),
        "CP1:" + base45.b45encode(cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b"", b""]))).decode(),
    ],
)
def test_a_broken_pass_is_malformed(text: str) -> None:
    found = read(text)
    assert isinstance(found, Rejected)
    assert found.reason is Reason.MALFORMED


@given(st.binary(max_size=300))
def test_whatever_the_bytes_reading_ends_in_a_verdict(data: bytes) -> None:
    for payload in (data, b"CP1:" + data, b"CP1:" + base45.b45encode(data)):
        assert isinstance(passes.read(payload, "", TRUST), Rejected)


signed_nonsense = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=9)
    | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers(-70000, 9), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([1, 4, 5, 6, 7, -65537]), signed_nonsense))
def test_nonsense_signed_by_a_trusted_key_is_malformed_or_a_pass_but_never_an_exception(claims: object) -> None:
    protected = cbor2.dumps({1: -8})
    payload = cbor2.dumps(claims)
    signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    envelope = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
    found = read("CP1:" + base45.b45encode(envelope).decode())
    assert isinstance(found, Pass) or found.reason is Reason.MALFORMED
