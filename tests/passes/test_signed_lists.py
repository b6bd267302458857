"""Signed lists read: genuine ones as they were signed, any other bytes refused with the list's own error."""

import base64
import contextlib
import json
import random
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey
from made import KEY, NOON, TRUST, flipped
from made_lists import DIGESTS, a_listing, believed, digested, place_of, revoking, trusting

from station.passes.digests import id_entry
from station.passes.entries import Entries
from station.passes.envelope import EnvelopeError, open_envelope, seal
from station.passes.roles import KeyRole
from station.passes.signed_lists import (
    Digested,
    ListError,
    ListName,
    Revocations,
    Trusted,
    UnknownSigner,
    read,
    sign,
)
from station.passes.trust import TrustList
from station.passes.wire import base64url, from_base64url

REVOCATIONS = place_of(ListName.REVOCATIONS)
MESSAGE = revoking("00112233445566ff", "ff")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


def payload_of(message: bytes) -> dict:
    return json.loads(open_envelope(message).payload)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (ListName.REVOCATIONS, Revocations(Entries([id_entry("0a"), id_entry("0b" * 32)]))),
        (ListName.WATCHLIST, Digested(DIGESTS.key_id, Entries([DIGESTS.plate("豫G12345")]))),
        (ListName.RESIDENTS, Digested(DIGESTS.key_id, Entries())),
        (ListName.TRUST, Trusted((believed(KEY), believed(Ed25519PrivateKey.generate(), 1, 2)))),
        (ListName.TRUST, Trusted((replace(believed(KEY), role=KeyRole.ORDERS),))),
    ],
)
def test_a_list_reads_as_it_was_signed(name: ListName, body: object) -> None:
    listing = a_listing(name, body, version=41)
    signed = read(sign(listing, KEY), listing.place, TRUST.candidates)
    assert (signed.listing, signed.signer) == (listing, KEY.public_key())


def test_a_list_is_a_json_object_with_v_1_that_another_jose_library_verifies() -> None:
    message = json.loads(MESSAGE)
    assert message["v"] == 1
    checked = jws.deserialize_json(message, OKPKey.import_key(KEY.public_key()), algorithms=["Ed25519"])
    assert json.loads(checked.payload) == {
        "name": "revocations",
        "district": "pingyuan",
        "station": "all",
        "version": 1,
        "issued_at": "2026-03-02T03:00:00Z",
        "expires": "2026-03-09T04:00:00Z",
        "entries": base64url(bytes.fromhex("00112233445566ffff00000000000000")),
    }


def test_a_list_that_another_jose_library_signed_is_read() -> None:
    header = {"alg": "Ed25519", "kid": open_envelope(MESSAGE).kid.hex()}
    payload = json.dumps(payload_of(MESSAGE) | {"new": [1]}).encode()
    message = jws.serialize_json({"protected": header}, payload, OKPKey.import_key(KEY), algorithms=["Ed25519"])
    signed = read(json.dumps({"v": 1, "more": 0, **message}).encode(), REVOCATIONS, TRUST.candidates)
    assert signed.listing.size == 2


def test_the_documented_message_and_the_documented_digests_are_what_they_say() -> None:
    page = (Path(__file__).parents[2] / "docs" / "lists.md").read_text(encoding="utf-8")
    message, payload = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (key,) = re.findall(r"signed with the key `(.+?)`", page)
    trust = TrustList([Ed25519PublicKey.from_public_bytes(base64.b64decode(key))])
    signed = read(message.encode(), REVOCATIONS, trust.candidates)
    assert payload_of(message.encode()) == json.loads(payload)
    assert id_entry("5a0c97d050ac3b7c") in signed.listing.body.entries
    assert payload_of(message.encode())["entries"] == json.loads(payload)["entries"]
    stated = dict(re.findall(r"^\| `(.+?)` \| .* \| `([0-9a-f]{16})` \|$", page, re.MULTILINE))
    assert stated == {
        "plate:豫G12345": DIGESTS.plate("豫G12345").hex(),
        "pass:5a0c97d050ac3b7c": DIGESTS.pass_id("5a0c97d050ac3b7c").hex(),
        "household:3号楼/502": DIGESTS.household("3号楼", "502").hex(),
        "list-key": DIGESTS.key_id,
    }


@pytest.mark.parametrize(
    ("place", "member"),
    [
        (place_of(ListName.REVOCATIONS, district="another"), "district"),
        (place_of(ListName.REVOCATIONS, station="g107-bridge-north"), "station"),
        (place_of(ListName.WATCHLIST), "name"),
    ],
)
def test_a_list_for_another_place_than_its_topic_is_refused(place, member: str) -> None:
    with pytest.raises(ListError, match=member):
        read(MESSAGE, place, TRUST.candidates)


def test_a_list_of_a_stranger_and_a_forged_one_are_told_apart() -> None:
    with pytest.raises(UnknownSigner, match="not believed"):
        read(revoking("ff", key=Ed25519PrivateKey.generate()), REVOCATIONS, TRUST.candidates)
    message = json.loads(MESSAGE)
    message["payload"] = json.loads(revoking("ee"))["payload"]
    with pytest.raises(ListError, match="does not hold"):
        read(json.dumps(message).encode(), REVOCATIONS, TRUST.candidates)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "EdDSA"},
        {"alg": "none"},
        {"crit": ["exp"]},
        {"b64": False},
        {"kid": "00"},
        {"kid": "no hex, sixteen "},
        {"kid": 7},
    ],
)
def test_a_header_with_another_algorithm_or_something_critical_is_refused(header: dict) -> None:
    message = json.loads(MESSAGE)
    known = json.loads(from_base64url(message["protected"]))
    message["protected"] = base64url(json.dumps(known | header).encode())
    with pytest.raises(ListError, match=r"protected|kid"):
        read(json.dumps(message).encode(), REVOCATIONS, TRUST.candidates)


@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"version": 0}, "version"),
        ({"version": True}, "version"),
        ({"version": 2**53}, "version"),
        ({"version": "1"}, "version"),
        ({"issued_at": "2026-03-02T03:00:00"}, "issued_at"),
        ({"expires": "2026-03-02T03:00:00Z"}, "expires"),
        ({"expires": "9999-12-31T23:59:59-14:00"}, "expires"),
        ({"entries": base64url(b"too short")}, "entries"),
        ({"entries": base64url(b"bbbbbbbbaaaaaaaa")}, "entries"),
        ({"entries": base64url(b"aaaaaaaaaaaaaaaa")}, "entries"),
        ({"entries": ["x"]}, "entries"),
    ],
)
def test_what_a_genuine_signature_is_over_is_held_to_its_form_too(changed: dict, member: str) -> None:
    message = seal(json.dumps(payload_of(MESSAGE) | changed).encode(), KEY)
    with pytest.raises(ListError, match=member):
        read(message, REVOCATIONS, TRUST.candidates)


def test_a_trust_list_with_a_key_that_is_none_is_refused() -> None:
    said = payload_of(trusting(KEY))
    for changed in (
        {"x": "AA"},
        {"kty": "EC"},
        {"not_after": said["keys"][0]["not_before"]},
        {"not_before": None},
        {"role": "x"},
    ):
        message = seal(json.dumps(said | {"keys": [said["keys"][0] | changed]}).encode(), KEY)
        with pytest.raises(ListError, match="keys"):
            read(message, place_of(ListName.TRUST), TRUST.candidates)


def test_a_message_larger_than_a_list_may_be_is_not_even_looked_at() -> None:
    with pytest.raises(EnvelopeError, match="at most 2000000"):
        open_envelope(b"[" * 2_000_001)


@given(st.one_of(st.binary(max_size=300), JSON.map(lambda value: json.dumps(value).encode())))
def test_no_bytes_whatever_raise_anything_but_the_lists_own_error(data: bytes) -> None:
    with pytest.raises(ListError):
        read(data, REVOCATIONS, TRUST.candidates)


@given(st.dictionaries(st.sampled_from(["v", "payload", "protected", "signature", "header"]), JSON, max_size=5))
def test_no_envelope_with_hostile_members_raises_anything_else(members: dict) -> None:
    with pytest.raises(ListError):
        read(json.dumps(json.loads(MESSAGE) | {"payload": ""} | members).encode(), REVOCATIONS, TRUST.candidates)


@given(st.sampled_from(list(ListName)), st.dictionaries(st.sampled_from(sorted(payload_of(MESSAGE))), JSON), JSON)
def test_no_hostile_content_under_a_genuine_signature_raises_anything_else(name, members: dict, keys: object) -> None:
    said = payload_of(MESSAGE) | {"name": name.value, "keys": keys, "key_id": keys} | members
    with contextlib.suppress(ListError):
        read(seal(json.dumps(said).encode(), KEY), place_of(name), TRUST.candidates)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (ListName.REVOCATIONS, MESSAGE),
        (ListName.WATCHLIST, digested(ListName.WATCHLIST, DIGESTS.plate("豫G1"))),
        (ListName.TRUST, trusting(KEY)),
    ],
)
def test_no_flipped_bit_changes_what_a_list_says(name: ListName, message: bytes) -> None:
    """Base64 has bits that mean nothing; any other is noticed."""
    chance, refused = random.Random(7), 0
    genuine = read(message, place_of(name), TRUST.candidates).listing
    for _ in range(300):
        try:
            assert read(flipped(message, chance), place_of(name), TRUST.candidates).listing == genuine
        except ListError:
            refused += 1
    assert refused > 280


@given(st.sets(st.binary(min_size=8, max_size=8), max_size=60), st.binary(min_size=8, max_size=8))
def test_entries_are_a_set_that_keeps_its_order_on_the_wire(members: set[bytes], other: bytes) -> None:
    entries = Entries(members)
    assert list(entries) == sorted(members)
    assert entries.packed() == b"".join(sorted(members))
    assert Entries.unpacked(entries.packed()) == entries
    assert all(member in entries for member in members)
    assert (other in entries) == (other in members)


@pytest.mark.parametrize(
    ("one", "other"),
    [("豫G12345", "豫ｇ·123 45"), ("豫G-12345", "豫G12345")],
)
def test_a_plate_has_one_digest_however_it_is_written(one: str, other: str) -> None:
    assert DIGESTS.plate(one) == DIGESTS.plate(other)


def test_households_are_told_apart_where_dashes_and_slashes_matter() -> None:
    pairs = [("3-2", "5"), ("32", "5"), ("3/2", "5"), ("3", "2/5"), ("3", "2%2F5")]
    assert len({DIGESTS.household(*pair) for pair in pairs}) == len(pairs)
    assert DIGESTS.household("３号楼", " 502 ") == DIGESTS.household("3号楼", "502")


def test_expiry_is_no_reason_to_refuse_a_list() -> None:
    late = revoking("ff", issued_at=NOON - timedelta(days=90), expires=NOON - timedelta(days=60))
    assert read(late, REVOCATIONS, TRUST.candidates).listing.expires < NOON
