"""The district's authority and its stations' enrolments, by the commands that make them."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from station.__main__ import main
from station.clock import utc_now
from station.config import load_station
from station.enrolment.file import read_file
from station.passes.keys import new_list_key, new_signing_key

pytestmark = pytest.mark.clock

HUB_TOML = """
[hub]
district = "pingyuan"

[signing]
key = "{0}/district.key"
list_key = "{0}/list.key"

[authority]
folder = "{0}/authority"
url = "mqtts://hub.pingyuan.example:8883"
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    new_signing_key(tmp_path / "district.key")
    new_list_key(tmp_path / "list.key")
    (tmp_path / "hub.toml").write_text(HUB_TOML.format(tmp_path))
    assert main(["hub", "authority", "new", str(tmp_path / "authority")]) == 0
    return tmp_path


def enrol(site: Path, *words: str) -> int:
    return main(["hub", "enrol", "--config", str(site / "hub.toml"), *words])


def issue(site: Path, *words: str) -> int:
    return enrol(site, "--output", str(site / "out"), *words)


def certificate(site: Path, station: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(read_file((site / "out" / f"{station}.toml").read_bytes()).cert)


def test_a_station_is_given_all_that_makes_a_machine_one(site: Path, tmp_path: Path) -> None:
    assert issue(site, "--name", "107国道黄河桥北岸", "--level", "pingyuan/qiaobei", "bridge-north") == 0
    into = tmp_path / "station"
    assert main(["enrol", str(site / "out" / "bridge-north.toml"), "--into", str(into)]) == 0
    config = load_station(into / "station.toml")
    assert (config.station.id, config.station.name) == ("bridge-north", "107国道黄河桥北岸")
    assert (config.station.district, config.station.levels) == ("pingyuan", ("pingyuan", "qiaobei"))
    assert config.uplink is not None
    assert config.uplink.url == "mqtts://hub.pingyuan.example:8883"
    public = raw_public(site / "district.pub")
    assert (into / "trust" / "district-1.pub").read_bytes() == public
    assert (into / "list.key").read_bytes() == (site / "list.key").read_bytes()


def test_a_certificate_names_the_station_opens_no_other_door_and_ends(site: Path) -> None:
    assert issue(site, "--days", "10", "bridge-north") == 0
    found = certificate(site, "bridge-north")
    (name,) = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    uses = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert (name.value, list(uses)) == ("bridge-north", [ExtendedKeyUsageOID.CLIENT_AUTH])
    assert abs(found.not_valid_after_utc - utc_now() - timedelta(days=10)) < timedelta(minutes=10)


def test_no_certificate_outlives_the_authority(site: Path) -> None:
    assert issue(site, "--days", "20000", "bridge-north") == 0
    authority = x509.load_pem_x509_certificate((site / "authority" / "ca.pem").read_bytes())
    assert certificate(site, "bridge-north").not_valid_after_utc == authority.not_valid_after_utc
    constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)


def test_a_sheet_held_before_a_camera_does_what_the_file_does(site: Path, tmp_path: Path) -> None:
    assert issue(site, "--name", "黄河桥", "bridge-north", "--take-within", "5") == 0
    picture, into = tmp_path / "seen.png", tmp_path / "station"
    page = pypdfium2.PdfDocument(str(site / "out" / "sheets.pdf"))[0]
    page.render(scale=3).to_pil().save(picture)
    assert main(["enrol", "--camera", str(picture), "--into", str(into)]) == 0
    written = read_file((site / "out" / "bridge-north.toml").read_bytes())
    assert (into / "tls" / "station.key").read_bytes() == written.key
    assert load_station(into / "station.toml").station.name == "黄河桥"


def test_a_table_enrols_many_each_at_its_place(site: Path) -> None:
    rows = "id,name,level,grids\nb-1,北一,pingyuan/qiaobei,g1 g2\nb-2,,,\n"
    (site / "stations.csv").write_text(rows, encoding="utf-8")
    assert issue(site, "--csv", str(site / "stations.csv")) == 0
    stations = [read_file((site / "out" / f"{name}.toml").read_bytes()).settings["station"] for name in ("b-1", "b-2")]
    assert [(one["name"], one["levels"], one.get("grids")) for one in stations] == [
        ("北一", ["pingyuan", "qiaobei"], ["g1", "g2"]),
        ("b-2", ["pingyuan"], None),
    ]
    assert len(pypdfium2.PdfDocument(str(site / "out" / "sheets.pdf"))) == 2


def test_who_is_enrolled_is_enrolled_again_only_on_purpose_or_once_revoked(site: Path, capsys) -> None:
    assert issue(site, "bridge-north") == 0
    first = certificate(site, "bridge-north")
    assert issue(site, "bridge-south", "bridge-north") == 2
    assert "--revoke takes that back, --again issues another" in capsys.readouterr().err
    assert not (site / "out" / "bridge-south.toml").exists()
    assert issue(site, "--again", "bridge-north") == 0
    second = certificate(site, "bridge-north")
    assert enrol(site, "--revoke", "bridge-north") == 0
    listed = x509.load_pem_x509_crl((site / "authority" / "revoked.pem").read_bytes())
    assert {one.serial_number for one in listed} == {first.serial_number, second.serial_number}
    assert issue(site, "bridge-north") == 0
    assert certificate(site, "bridge-north").serial_number not in {one.serial_number for one in listed}


def test_every_list_of_the_revoked_is_later_than_the_one_before_and_never_of_the_future(site: Path) -> None:
    made = [x509.load_pem_x509_crl((site / "authority" / "revoked.pem").read_bytes()).last_update_utc]
    for name in ("b-1", "b-2", "b-3"):
        assert issue(site, name) == 0
        assert enrol(site, "--revoke", name) == 0
        made.append(x509.load_pem_x509_crl((site / "authority" / "revoked.pem").read_bytes()).last_update_utc)
    assert made == sorted(set(made))
    assert made[-1] < utc_now()


def test_the_list_says_who_is_enrolled_until_when_and_who_no_longer(site: Path, capsys) -> None:
    assert issue(site, "--days", "10", "b-1", "b-2") == 0
    assert enrol(site, "--revoke", "b-2") == 0
    capsys.readouterr()
    assert enrol(site, "--list", "--json") == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["station"], one["standing"]) for one in found] == [("b-1", "enrolled"), ("b-2", "revoked")]
    assert found[0]["serial"] == f"{certificate(site, 'b-1').serial_number:040x}"
    assert found[0]["not_after"][:19] == certificate(site, "b-1").not_valid_after_utc.isoformat()[:19]
    assert enrol(site, "--list", "b-2") == 0
    assert capsys.readouterr().out.startswith("b-2  revoked  until ")


def test_what_holds_a_key_is_for_its_user_alone(site: Path) -> None:
    assert issue(site, "b-1") == 0
    assert main(["hub", "authority", "broker", str(site / "authority"), "hub", "--output", str(site / "mosq")]) == 0
    for file in ("authority/ca.key", "authority/issued.jsonl", "out/b-1.toml", "out/sheets.pdf", "mosq/broker.key"):
        assert stat.S_IMODE((site / file).stat().st_mode) == 0o600, file


def test_an_encrypted_authority_signs_with_its_passphrase_only(tmp_path: Path, capsys) -> None:
    (tmp_path / "word").write_text("correct horse\n")
    (tmp_path / "wrong").write_text("guessed\n")
    folder = str(tmp_path / "authority")
    assert main(["hub", "authority", "new", folder, "--passphrase-file", str(tmp_path / "word")]) == 0
    assert b"ENCRYPTED" in (tmp_path / "authority" / "ca.key").read_bytes()
    broker = ["hub", "authority", "broker", folder, "hub.example", "10.0.0.1", "--output", str(tmp_path / "mosq")]
    assert main([*broker, "--passphrase-file", str(tmp_path / "wrong")]) == 2
    assert "does not open with this passphrase" in capsys.readouterr().err
    assert main([*broker, "--passphrase-file", str(tmp_path / "word")]) == 0
    found = x509.load_pem_x509_certificate((tmp_path / "mosq" / "broker.pem").read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["hub.example"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.1"]


@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_without_its_list_of_the_revoked_nobody_is_revoked_by_half(site: Path, capsys, damage: str) -> None:
    assert issue(site, "b-1") == 0
    file = site / "authority" / "revoked.pem"
    file.unlink() if damage == "gone" else file.write_bytes(file.read_bytes()[:100])
    assert enrol(site, "--revoke", "b-1") == 2
    assert "revoked.pem is missing or damaged; put a copy of it back" in capsys.readouterr().err
    assert enrol(site, "--list") == 0
    assert "b-1  enrolled" in capsys.readouterr().out


@pytest.mark.parametrize("file", ["ca.pem", "ca.key"])
def test_parts_of_two_authorities_are_not_one(site: Path, capsys, file: str) -> None:
    assert main(["hub", "authority", "new", str(site / "other")]) == 0
    (site / "other" / file).replace(site / "authority" / file)
    assert issue(site, "b-1") == 2
    assert "ca.key is not the key of ca.pem" in capsys.readouterr().err


def test_a_damaged_register_is_named_and_left_as_it_is(site: Path, capsys) -> None:
    assert issue(site, "b-1") == 0
    register = site / "authority" / "issued.jsonl"
    register.write_text(register.read_text() + "{}\n")
    assert issue(site, "b-2") == 2
    assert "issued.jsonl line 2: is no entry" in capsys.readouterr().err
    assert register.read_text().endswith("{}\n")


def test_an_authority_is_never_written_over(site: Path, capsys) -> None:
    assert main(["hub", "authority", "new", str(site / "authority")]) == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Bridge"], "'Bridge' is no station's id"),
        (["all"], "stands for every station"),
        (["b-1", "b-1"], "is named 2 times"),
        ([], "no station is named"),
        (["--level", "other/qiaobei", "b-1"], "the first is pingyuan"),
        (["--name", "two", "b-1", "b-2"], "--name: is for one station"),
        (["--days", "0", "b-1"], "--days 0: give 1 to"),
        (["--revoke", "b-1"], "b-1: give stations that were enrolled"),
    ],
)
def test_what_cannot_be_is_said_in_one_line_and_nobody_is_enrolled(site: Path, capsys, words: list[str], said) -> None:
    capsys.readouterr()
    assert issue(site, *words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (site / "out").exists()
    assert enrol(site, "--list") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("/authority", "/nowhere", "make one with 'station hub authority new'"),
        ('url = "mqtts://hub.pingyuan.example:8883"', "", "authority.url: is missing"),
        ("/district.key", "/gone.key", "gone.pub"),
        ("/list.key", "/gone.key", "signing.list_key"),
    ],
)
def test_what_the_configuration_lacks_is_named(site: Path, capsys, old: str, new: str, said: str) -> None:
    config = site / "hub.toml"
    config.write_text(config.read_text().replace(old, new))
    assert issue(site, "b-1") == 2
    assert said in capsys.readouterr().err


def raw_public(file: Path) -> bytes:
    key = load_pem_public_key(file.read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    return key.public_bytes_raw()
