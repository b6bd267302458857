"""What an enrolment brings beside a name: the district's keys, each for its role, and a place that is certified."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from enrolments import an_enrolment
from hypothesis import given
from hypothesis import strategies as st
from made import NOON, a_pass

from station.__main__ import main
from station.bootstrap.place import place_fault, placed
from station.config import load_station
from station.domain.passes import Pass
from station.enrolment import Enrolment, EnrolmentError
from station.enrolment.check import check
from station.enrolment.code import read_code, write_code
from station.enrolment.file import read_file, write_file
from station.enrolment.laying import files_of
from station.passes import cp1, read
from station.passes.keys import new_signing_key
from station.passes.roles import KeyRole, KeyUse
from station.passes.trust import TrustList, key_digest
from station.passes.trust_folder import load_trust

pytestmark = pytest.mark.clock  # certificates are issued and taken at the real time

HUB_TOML = """
[hub]
district = "pingyuan"

[signing]
{keys}

[authority]
folder = "{folder}/authority"
url = "mqtts://hub.pingyuan.example:8883"
"""
ENROLMENT = an_enrolment(until=NOON + timedelta(days=30))
raw_keys = st.lists(st.binary(min_size=32, max_size=32), max_size=3).map(tuple)
SIGNING_ROLES = [role for role in KeyRole if role is not KeyRole.DISTRICT]


def uses(trust: TrustList, key: Ed25519PrivateKey) -> list[KeyUse]:
    digest = key_digest(key.public_key())
    return [use for use in KeyUse if any(trust.candidates(digest, use))]


def laid(enrolment: Enrolment, folder: Path) -> TrustList:
    for path, content, _ in files_of(enrolment, folder, {"driver": "v4l2", "device": "/dev/video0"}):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return load_trust(folder / "trust").trust


class HubSite:
    """A hub that enrols; ``keys`` are lines of ``[signing]``."""

    def __init__(self, folder: Path, keys: str) -> None:
        self.folder = folder
        (folder / "hub.toml").write_text(HUB_TOML.format(folder=folder, keys=keys.format(folder)))
        assert main(["hub", "authority", "new", str(folder / "authority")]) == 0

    def make(self, name: str, role: KeyRole = KeyRole.DISTRICT) -> Ed25519PrivateKey:
        return new_signing_key(self.folder / f"{name}.key", role=role)

    def enrol(self, *words: str) -> Path:
        """:return: the folder of a station that took it."""
        station = ["hub", "enrol", "--config", str(self.folder / "hub.toml"), "--output", str(self.folder), "g1"]
        assert main([*station, *words]) == 0
        assert main(["enrol", str(self.folder / "g1.toml"), "--into", str(self.folder / "station"), "--replace"]) == 0
        return self.folder / "station"


def test_the_orders_key_beside_the_districts_comes_in_for_orders_alone(tmp_path: Path) -> None:
    site = HubSite(tmp_path, 'key = "{0}/district.key"\norder_key = "{0}/orders.key"')
    district, orders = site.make("district"), site.make("orders")
    station = site.enrol()
    trust = load_trust(station / "trust").trust
    assert uses(trust, orders) == [KeyUse.ORDERS]
    assert uses(trust, district) == list(KeyUse)
    text = cp1.issue(a_pass(), orders)
    assert not isinstance(read(text.encode(), text, trust), Pass)


def test_where_the_roles_are_divided_every_key_comes_in_for_its_own(tmp_path: Path) -> None:
    names = {
        KeyRole.TRUST: "root_key",
        KeyRole.PASSES: "key",
        KeyRole.LISTS: "list_signing_key",
        KeyRole.ORDERS: "order_key",
    }
    site = HubSite(tmp_path, "\n".join(f'{name} = "{{0}}/{role}.key"' for role, name in names.items()))
    keys = {role: site.make(role, role) for role in names}
    trust = load_trust(site.enrol() / "trust").trust
    assert {role: uses(trust, key) for role, key in keys.items()} == {role: [KeyUse(role)] for role in names}


def test_a_folder_of_the_hub_hands_on_the_roles_that_its_keys_have_there(tmp_path: Path) -> None:
    site = HubSite(tmp_path, 'key = "{0}/district.key"\norder_key = "{0}/orders.key"')
    known = tmp_path / "known"
    (known / "lists").mkdir(parents=True)
    district, orders, spare, lists = (site.make(name) for name in ("district", "orders", "a-spare", "lists-signing"))
    for name in ("district", "a-spare", "orders"):
        os.link(tmp_path / f"{name}.pub", known / f"{name}.pub")
    os.link(tmp_path / "lists-signing.pub", known / "lists" / "lists.pub")
    toml = tmp_path / "hub.toml"
    toml.write_text(toml.read_text() + f'trust_dir = "{known}"\n')
    trust = load_trust(site.enrol() / "trust").trust
    assert [uses(trust, key) for key in (orders, lists)] == [[KeyUse.ORDERS], [KeyUse.LISTS]]
    assert [uses(trust, key) for key in (district, spare)] == [list(KeyUse)] * 2
    (known / "a-spare.pub").unlink()
    station = site.enrol("--again")  # nothing of the earlier enrolment stays
    assert uses(load_trust(station / "trust").trust, spare) == []


@given(trust=raw_keys, roles=st.none() | st.dictionaries(st.sampled_from(SIGNING_ROLES), raw_keys, max_size=4))
def test_file_and_code_say_the_same_of_every_key(
    trust: tuple[bytes, ...], roles: dict[KeyRole, tuple[bytes, ...]] | None
) -> None:
    written = replace(ENROLMENT, trust=trust, roles=roles)
    for taken in (read_file(write_file(written).encode()), read_code(write_code(written))):
        assert taken is not None
        assert sorted(taken.keys) == sorted(written.keys)


def test_what_an_earlier_hub_wrote_is_its_root_and_then_keys_for_orders(tmp_path: Path) -> None:
    root, orders = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    keys = tuple(key.public_key().public_bytes_raw() for key in (root, orders))
    text = write_file(replace(ENROLMENT, trust=keys))
    assert "roles" not in text
    trust = laid(read_file(text.encode()), tmp_path)
    assert (uses(trust, root), uses(trust, orders)) == (list(KeyUse), [KeyUse.ORDERS])


def test_one_key_for_everything_is_written_as_earlier_stations_read_it(tmp_path: Path) -> None:
    site = HubSite(tmp_path, 'key = "{0}/district.key"\norder_key = "{0}/district.key"')
    district = site.make("district")
    station = site.enrol()
    assert "roles" not in (tmp_path / "g1.toml").read_text()
    assert (station / "trust" / "district-1.pub").read_bytes() == district.public_key().public_bytes_raw()


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        ('roles = { everything = ["AA=="] }', "no such role"),
        ("roles = 3", "give a table"),
        ('roles = { orders = "AA==" }', "enrolment.roles.orders: give a list"),
    ],
)
def test_roles_that_there_are_not_are_refused(harm: str, why: str) -> None:
    with pytest.raises(EnrolmentError, match=why):
        read_file(write_file(ENROLMENT).replace("trust = ", f"{harm}\ntrust = ").encode())


def test_one_key_under_two_roles_is_refused() -> None:
    with pytest.raises(EnrolmentError, match="twice"):
        check(replace(ENROLMENT, roles={KeyRole.ORDERS: ENROLMENT.trust}), None)


@pytest.mark.parametrize("use", ["lists", "trust", "passes"])
def test_the_hub_signs_nothing_else_with_the_key_that_it_has_for_orders(
    tmp_path: Path, use: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = HubSite(tmp_path, 'key = "{0}/district.key"\norder_key = "{0}/orders.key"')
    toml = tmp_path / "hub.toml"
    toml.write_text(toml.read_text().replace("[hub]", f'[hub]\ndata_dir = "{tmp_path}/data"'))
    site.make("district")
    site.make("orders", KeyRole.ORDERS if use == "passes" else KeyRole.DISTRICT)
    key = ["--key", str(tmp_path / "orders.key")]
    (tmp_path / "keys.csv").write_text("key,not_before,not_after\ndistrict.pub,2026-01-01,2027-01-01\n")
    sign = {
        "lists": ["pass", "revoke", "00" * 8, "--config", str(toml)],
        "trust": ["list", "set", "trust", "--file", str(tmp_path / "keys.csv"), "--config", str(toml)],
        "passes": ["pass", "issue", "--issuer", "pingyuan", "--plate", "豫G12345"],
    }[use]
    assert main([*sign, *key]) == 2
    said = capsys.readouterr().err
    assert f"key for {use}" in said or f"one for {use}" in said
    assert len(said.splitlines()) == 1


# The place


def test_a_certificate_says_where_its_station_stands_and_an_edited_file_is_refused(tmp_path: Path) -> None:
    site = HubSite(tmp_path, 'key = "{0}/district.key"')
    site.make("district")
    site.enrol("--level", "pingyuan/桥北")
    enrolment = read_file((tmp_path / "g1.toml").read_bytes())
    certificate = x509.load_pem_x509_certificate(enrolment.cert)
    assert certificate.subject.rfc4514_string() == "CN=g1,OU=桥北,OU=pingyuan"
    moved = {**enrolment.settings, "station": {**enrolment.settings["station"], "levels": ["pingyuan", "桥南"]}}
    with pytest.raises(EnrolmentError, match="the certificate says pingyuan/桥北"):
        check(replace(enrolment, settings=moved), None)


def test_a_station_stands_where_it_is_certified_and_says_what_its_configuration_says_otherwise(tmp_path: Path) -> None:
    site = HubSite(tmp_path, 'key = "{0}/district.key"')
    site.make("district")
    toml = site.enrol("--level", "pingyuan/qiaonan") / "station.toml"
    assert place_fault(load_station(toml)) == ""
    toml.write_text(toml.read_text().replace('"qiaonan"', '"qiaobei"'))
    config = load_station(toml)
    assert placed(config).station.levels == ("pingyuan", "qiaonan")
    assert "the certificate says pingyuan/qiaonan, which holds" in place_fault(config)


def test_a_certificate_from_before_there_were_places_leaves_the_configuration_its_own(tmp_path: Path) -> None:
    laid(ENROLMENT, tmp_path)
    config = load_station(tmp_path / "station.toml")
    assert placed(config) == config
    assert place_fault(config) == ""
