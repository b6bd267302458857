"""Every key has a role, and at every use of a key the role is checked."""

import base64
import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from duty_rig import an_order
from hypothesis import given
from hypothesis import strategies as st
from lanes import HandClock
from made import NOON, a_moment, a_pass
from made_lists import DISTRICT, STATION, believed, place_of, revoking, trusting

from station.__main__ import main
from station.domain.passes import Pass
from station.lists import Lists
from station.lists.believed import believed as weighed
from station.lists.shelf import Shelf
from station.passes import TrustList, cp1, read
from station.passes.keys import SigningKeyError, load_signing_key, new_signing_key, public_pem
from station.passes.listed_keys import key_member, listed_key
from station.passes.roles import DistrictKey, KeyRole, KeyUse, role_label
from station.passes.signed_lists import ListError, ListName
from station.passes.signed_lists import read as read_list
from station.passes.signed_orders import OrderError
from station.passes.signed_orders import read as read_order
from station.passes.trust_folder import load_trust

ROOT, KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
PAIRS = list(itertools.product(KeyRole, KeyUse))
roles, uses = st.sampled_from(KeyRole), st.sampled_from(KeyUse)


def accepts_pass(trust: TrustList, key: Ed25519PrivateKey) -> bool:
    text = cp1.issue(a_pass(), key)
    return isinstance(read(text.encode(), text, trust), Pass)


def accepts_list(trust: TrustList, message: bytes, name: ListName) -> bool:
    try:
        read_list(message, place_of(name), trust.candidates)
    except ListError:
        return False
    return True


def accepts_order(trust: TrustList, key: Ed25519PrivateKey) -> bool:
    try:
        read_order(an_order(key=key), DISTRICT, trust)
    except OrderError:
        return False
    return True


ACCEPTS: dict[KeyUse, Callable[[TrustList, Ed25519PrivateKey], bool]] = {
    KeyUse.PASSES: accepts_pass,
    KeyUse.LISTS: lambda trust, key: accepts_list(trust, revoking("00" * 8, key=key), ListName.REVOCATIONS),
    KeyUse.TRUST: lambda trust, key: accepts_list(trust, trusting(key, key=key), ListName.TRUST),
    KeyUse.ORDERS: accepts_order,
}


def pem(key: Ed25519PrivateKey) -> bytes:
    return public_pem(key)


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


@pytest.mark.parametrize(("role", "use"), PAIRS)
def test_a_key_is_accepted_where_its_role_is_asked_for_and_nowhere_else(role: KeyRole, use: KeyUse) -> None:
    trust = TrustList([DistrictKey(KEY.public_key(), role.uses)])
    assert ACCEPTS[use](trust, KEY) == (use in role.uses)


@pytest.mark.parametrize(("role", "use"), PAIRS)
def test_the_folder_that_a_key_lies_in_says_what_it_signs(tmp_path: Path, role: KeyRole, use: KeyUse) -> None:
    (tmp_path / role).mkdir()
    (tmp_path / role / "key.pub").write_bytes(raw(KEY))
    assert ACCEPTS[use](load_trust(tmp_path).trust, KEY) == (use in role.uses)


@pytest.mark.parametrize(("role", "use"), PAIRS)
def test_a_trust_list_says_what_a_key_signs(role: KeyRole, use: KeyUse) -> None:
    listed = listed_key(key_member(replace(believed(KEY), role=role)))
    assert listed.role is role
    trust = weighed(TrustList([ROOT.public_key()]), (listed,), a_moment()).keys
    assert ACCEPTS[use](trust, KEY) == (use in role.uses)
    assert ACCEPTS[use](trust, ROOT)


@given(placed=roles, named=st.lists(roles, max_size=3), use=uses)
def test_no_trust_list_gives_a_key_more_than_every_one_of_its_entries_grants(
    placed: KeyRole, named: list[KeyRole], use: KeyUse
) -> None:
    listed = tuple(replace(believed(KEY), role=role) for role in named)
    trust = weighed(TrustList([DistrictKey(KEY.public_key(), placed.uses)]), listed, a_moment()).keys
    may = any(trust.candidates(None, use))
    granted = all(use in role.uses for role in named) if named else use in placed.uses
    assert may == (granted or (use is KeyUse.TRUST and use in placed.uses))


def test_what_earlier_stations_read_of_a_role_is_what_they_always_read() -> None:
    """They know ``role`` with one word, and refuse a list with any other."""
    assert {role: key_member(replace(believed(KEY), role=role)).get("role") for role in KeyRole} == dict.fromkeys(
        KeyRole, None
    ) | {KeyRole.ORDERS: "orders"}


@pytest.mark.parametrize("member", [{"only": "everything"}, {"role": "orders", "only": "passes"}, {"only": ["passes"]}])
def test_a_role_that_is_not_known_makes_the_whole_list_refused(member: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="role, only"):
        listed_key(key_member(believed(KEY)) | member)


# The folder


def test_keys_without_a_place_are_undivided_until_there_is_a_root_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "district.pub").write_bytes(pem(KEY))
    assert all(ACCEPTS[use](load_trust(tmp_path).trust, KEY) for use in KeyUse)
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "root.pub").write_bytes(pem(ROOT))
    trust = load_trust(tmp_path).trust
    assert [use for use in KeyUse if ACCEPTS[use](trust, KEY)] == [KeyUse.PASSES]
    assert [use for use in KeyUse if ACCEPTS[use](trust, ROOT)] == [KeyUse.TRUST]


def test_a_key_that_an_earlier_enrolment_laid_behind_the_root_signs_orders_alone(tmp_path: Path) -> None:
    (tmp_path / "district-1.pub").write_bytes(raw(ROOT))
    (tmp_path / "district-2.pub").write_bytes(raw(KEY))
    trust = load_trust(tmp_path).trust
    assert [use for use in KeyUse if ACCEPTS[use](trust, KEY)] == [KeyUse.ORDERS]
    assert all(ACCEPTS[use](trust, ROOT) for use in KeyUse)


def test_a_labelled_key_keeps_its_role_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "orders.pub").write_bytes(role_label(KeyRole.ORDERS) + pem(KEY))
    trust = load_trust(tmp_path).trust
    assert [use for use in KeyUse if ACCEPTS[use](trust, KEY)] == [KeyUse.ORDERS]
    (tmp_path / "passes").mkdir()
    (tmp_path / "orders.pub").rename(tmp_path / "passes" / "orders.pub")
    found = load_trust(tmp_path)
    assert not len(found.trust)
    assert "move it to orders/" in found.faults[0]


# The hub's side


@pytest.mark.parametrize(("role", "use"), PAIRS)
def test_a_key_made_for_one_thing_opens_for_nothing_else(tmp_path: Path, role: KeyRole, use: KeyUse) -> None:
    path = tmp_path / "a.key"
    key = new_signing_key(path, role=role)
    if use in role.uses:
        assert raw(load_signing_key(path, use=use)) == raw(key)
        return
    with pytest.raises(SigningKeyError, match=f"is a key for {role}.*one for {use}"):
        load_signing_key(path, use=use)


@pytest.mark.parametrize("role", [role for role in KeyRole if KeyUse.PASSES not in role.uses])
def test_no_pass_is_issued_or_verified_with_a_key_of_another_role(
    tmp_path: Path, role: KeyRole, capsys: pytest.CaptureFixture[str]
) -> None:
    key = new_signing_key(tmp_path / "a.key", role=role)
    issue = ["pass", "issue", "--key", str(tmp_path / "a.key"), "--issuer", "pingyuan", "--plate", "豫G12345"]
    assert main(issue) == 2
    assert f"is a key for {role}" in capsys.readouterr().err
    trust = tmp_path / "keys"
    (trust / role).mkdir(parents=True)
    (tmp_path / "a.pub").rename(trust / role / "a.pub")
    (tmp_path / "pass.txt").write_text(cp1.issue(a_pass(), key))
    verify = ["pass", "verify", "--trust", str(trust), "--at", NOON.isoformat(), str(tmp_path / "pass.txt")]
    assert main(verify) == 1
    assert json.loads(capsys.readouterr().out)["reasons"] == ["unknown_issuer"]


def test_keys_that_a_batch_names_are_keys_for_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labelled = role_label(KeyRole.ORDERS) + pem(KEY)
    text = cp1.issue(a_pass(), KEY)
    lines = [
        json.dumps({"text": text, "at": NOON.isoformat(), "trust": [base64.b64encode(key).decode()]})
        for key in (raw(KEY), labelled)
    ]
    (tmp_path / "batch").write_text("\n".join(lines))
    assert main(["pass", "verify", "--batch", str(tmp_path / "batch")]) == 0
    plain, for_orders = map(json.loads, capsys.readouterr().out.splitlines())
    assert plain["valid"]
    assert for_orders["reasons"] == ["unknown_issuer"]


# A station that an earlier version enrolled


def test_the_orders_key_of_an_enrolment_expels_nobody_and_what_it_expelled_before_is_back(tmp_path: Path) -> None:
    trust, folder = tmp_path / "trust", tmp_path / "lists"
    trust.mkdir()
    (trust / "district-1.pub").write_bytes(raw(ROOT))
    (trust / "district-2.pub").write_bytes(raw(KEY))
    shelf = Shelf(folder, DISTRICT, STATION)
    expelling = trusting(believed(ROOT, -9, -1), KEY, version=7, key=KEY)
    # As the version before took it: every key of the folder was a root.
    undivided = Lists(shelf, TrustList([ROOT.public_key(), KEY.public_key()]), None, HandClock().now)
    undivided.receive("all", "trust", expelling)
    assert undivided.fault == ""
    assert not accepts_pass(undivided.trust(), ROOT)

    lists = Lists(shelf, load_trust(trust).trust, None, HandClock().now)
    assert accepts_pass(lists.trust(), ROOT)
    assert not accepts_pass(lists.trust(), KEY)
    lists.receive("all", "trust", expelling)
    assert "not believed" in lists.fault
    assert accepts_pass(lists.trust(), ROOT)
    lists.receive("all", "trust", trusting(ROOT, replace(believed(KEY), role=KeyRole.ORDERS), version=3, key=ROOT))
    assert lists.fault == ""
