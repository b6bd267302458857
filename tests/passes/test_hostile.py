"""Whatever a stranger shows, reading ends in a verdict, and soon."""

import time
import zlib
from typing import Any

import base45
import cbor2
import pytest
from certificates import DCC, SHC_KEY, TEST, a_bundle, a_card, a_dsc, an_hcert, card_claims, digited, key_set, signed
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from made import KEY

from station import passes
from station.domain.passes import Pass, Rejected
from station.domain.reasons import Reason
from station.passes import TrustList
from station.passes.shc_parts import Joiner
from station.passes.trust import parse_keys

# In time of this process, so that a busy machine does not fail it.
LIMIT_S = 0.050
TRUST = TrustList([KEY.public_key(), *parse_keys(a_dsc(), "dsc"), *parse_keys(key_set(), "keys")])
CHARSETS = "(?i)" + "[\U00000100-\U0000ffff]" * 100  # takes seconds to compile
HEADER = cbor2.dumps({1: -7})


def read(payload: bytes, trust: TrustList = TRUST) -> Pass | Rejected:
    began = time.process_time()
    found = passes.read(payload, "", trust)
    assert time.process_time() - began < LIMIT_S
    return found


def hc1(data: bytes) -> bytes:
    return b"HC1:" + base45.b45encode(data)


def raw_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(data) + deflater.flush()


def unsigned_card(body: bytes) -> bytes:
    return digited(b"eyJhbGciOiJFUzI1NiIsInppcCI6IkRFRiIsImtpZCI6IkFBQUEifQ." + body + b".AAAA")


ATTACKS = {
    "nothing": b"",
    "4 KB of nothing": b"\0" * 4096,
    "a megabyte": b"HC1:" + b"A" * 1_000_000,
    "4 KB of base45": b"HC1:" + b"A" * 4092,
    "an inflation bomb": hc1(zlib.compress(b"\0" * 2_500_000, 9)),
    "a bomb of bombs": hc1(zlib.compress(zlib.compress(b"\0" * 10_000_000, 9), 9)),
    "deep CBOR": hc1(zlib.compress(b"\x81" * 60_000, 9)),
    "deep maps": hc1(zlib.compress(b"\xa1\x00" * 30_000, 9)),
    "endless CBOR": hc1(zlib.compress(b"\x9f" * 60_000, 9)),
    "a long promise": hc1(zlib.compress(b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff", 9)),
    "many small items": hc1(zlib.compress(b"\x99\xff\x00" + b"\x00" * 65_280, 9)),
    "a regular expression": hc1(zlib.compress(cbor2.dumps(cbor2.CBORTag(35, CHARSETS)), 9)),
    "a regular expression in ours": b"CP1:" + base45.b45encode(cbor2.dumps(cbor2.CBORTag(35, CHARSETS))),
    "an e-mail": hc1(zlib.compress(cbor2.dumps(cbor2.CBORTag(36, "a: b\r\n" * 10_000)), 9)),
    "a giant number": hc1(zlib.compress(b"\xc2\x59\xff\x00" + b"\xff" * 65_280, 9)),
    "a broken giant": hc1(zlib.compress(cbor2.dumps(cbor2.CBORTag(5, [2**60, 1])), 9)),
    "a long card": b"shc:/" + b"56" * 9_990,
    "a card too long": b"shc:/" + b"56" * 1_000_000,
    "a long part": b"shc:/1/3/" + b"56" * 1_000_000,
    "a card without end": unsigned_card(b"A" * 9_900),
    "a card that is a bomb": a_card(payload=raw_deflate(b" " * 5_000_000)),
    "a card of brackets": a_card(payload=raw_deflate(b"[" * 65_000)),
    "a card of objects": a_card(payload=raw_deflate(b'{"a":' * 13_000)),
    "a card of a number": a_card(payload=raw_deflate(b'{"nbf":' + b"9" * 65_000 + b"}")),
    "a card of half characters": a_card(card_claims(iss="\ud800")),
    "a card of many entries": a_card(card_claims(a_bundle(*[{}] * 3_000))),
    "signed deep claims": signed(HEADER, b"\x81" * 60_000),
    "signed regular expression": signed(HEADER, cbor2.dumps(cbor2.CBORTag(35, CHARSETS))),
    "a signed crowd": an_hcert(DCC | {"t": [TEST] * 200}),
    "a signed long name": an_hcert(DCC | {"nam": {"fnt": "<" * 60_000}}),
}


@pytest.mark.parametrize("payload", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_refused_soon(payload: bytes) -> None:
    found = read(payload)
    assert isinstance(found, Rejected)
    assert found.reason in {Reason.NOT_A_PASS, Reason.MALFORMED, Reason.UNKNOWN_ISSUER}


def test_a_certificate_that_names_no_key_is_soon_tried_against_a_long_trust_list() -> None:
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(64)]
    trust = TrustList(key for one in keys for key in parse_keys(a_dsc(one), "dsc"))
    assert isinstance(read(signed(HEADER, b"\0" * 1000), trust), Rejected)


@given(st.binary(max_size=400), st.sampled_from([b"", b"CP1:", b"HC1:", b"shc:/", b"shc:/1/2/"]))
def test_whatever_the_bytes_reading_ends_in_a_verdict(data: bytes, prefix: bytes) -> None:
    for payload in (prefix + data, prefix + base45.b45encode(data), hc1(zlib.compress(data)), digited_bytes(data)):
        assert isinstance(read(payload), Rejected)


def digited_bytes(data: bytes) -> bytes:
    return b"shc:/" + b"".join(b"%02d" % (byte % 100) for byte in data)


@given(st.text(max_size=200))
def test_whatever_the_text_reading_ends_in_a_verdict(text: str) -> None:
    assert isinstance(read(text.encode("utf-8", "surrogatepass")), Rejected)


NONSENSE: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=9)
    | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.dictionaries(st.sampled_from([*DCC, "v", "r"]), NONSENSE)


@given(
    st.dictionaries(st.sampled_from([1, 4, 6, -260]), NONSENSE),
    MEMBERS,
    st.dictionaries(st.sampled_from([*TEST]), NONSENSE),
)
def test_nonsense_that_a_trusted_signer_signed_is_malformed_or_a_certificate(claims: Any, dcc: Any, test: Any) -> None:
    for payload in (an_hcert(claims=claims), an_hcert(DCC | dcc), an_hcert(DCC | {"t": [TEST | test]})):
        found = read(payload)
        assert isinstance(found, Pass) or found.reason is Reason.MALFORMED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
RESOURCE = st.dictionaries(
    st.sampled_from(
        ["resourceType", "status", "name", "effectiveDateTime", "occurrenceDateTime", "valueCodeableConcept"]
    ),
    st.sampled_from(["Patient", "Observation", "Immunization", "final", "completed", "2021"]) | JSON,
)


@given(st.dictionaries(st.sampled_from(["iss", "nbf", "exp", "vc"]), JSON), st.lists(RESOURCE, max_size=3))
def test_nonsense_on_a_card_that_a_trusted_key_signed_is_malformed_or_a_card(claims: Any, resources: Any) -> None:
    for said in (card_claims(**claims), card_claims(a_bundle(*resources))):
        found = read(a_card(said, SHC_KEY))
        assert isinstance(found, Pass) or found.reason is Reason.MALFORMED


@given(
    st.lists(
        st.tuples(
            st.binary(max_size=20) | st.from_regex(rb"shc:/[1-9]/[1-9]/\d{1,9}", fullmatch=True), st.floats(0, 999)
        )
    )
)
def test_a_joiner_takes_whatever_it_is_shown_and_stays_small(shown: list[tuple[bytes, float]]) -> None:
    joiner = Joiner()
    for payload, now in shown:
        assert isinstance(joiner.join(payload, now), bytes)
        assert len(joiner.missing) <= 9
