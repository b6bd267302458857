"""From a file or a code to a station that has its name and its key."""

import base64
import stat
import tomllib
from pathlib import Path

import pytest
import segno
from authority import Authority, key_pem, pem

from station.__main__ import main
from station.config import load_station
from station.enrolment.code import write_code
from station.enrolment.file import read_file

pytestmark = pytest.mark.clock

NAME = "g107-bridge-north"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """As the hub issues it, with a lane of its own."""
    authority = Authority()
    certificate, key = authority.issue(NAME)
    path = tmp_path / "enrol.toml"
    path.write_text(
        f'''[station]
id = "{NAME}"
name = "107国道黄河桥北岸"
district = "pingyuan"
levels = ["pingyuan", "qiaobei"]

[[lanes]]
id = "2"
camera = {{ driver = "v4l2", device = "/dev/camera-1.2", size = [640, 480], fps = 10 }}

[uplink]
url = "mqtts://hub.pingyuan.example:8883"

[policy]
musts = ["identity"]

[enrolment]
ca = """{pem(authority.certificate).decode()}"""
cert = """{pem(certificate).decode()}"""
key = """{key_pem(key).decode()}"""
trust = ["{base64.b64encode(bytes(range(32))).decode()}"]
list_key = "{base64.b64encode(bytes(32)).decode()}"
''',
        encoding="utf-8",
    )
    return path


def code_of(file: Path, picture: Path) -> Path:
    text = write_code(read_file(file.read_bytes()))
    segno.make(text, error="m", micro=False).save(str(picture), scale=5)
    return picture


def test_a_file_becomes_a_station_with_its_key_for_nobody_else(file: Path, tmp_path: Path, capsys) -> None:
    into = tmp_path / "station"
    assert main(["enrol", str(file), "--into", str(into)]) == 0
    assert f"this machine is {NAME} (107国道黄河桥北岸) of pingyuan" in capsys.readouterr().out
    config = load_station(into / "station.toml")
    assert (config.station.id, config.lanes[0].id, config.policy.musts) == (NAME, "2", ("identity",))
    assert config.lanes[0].camera.device == "/dev/camera-1.2"
    assert config.uplink is not None
    assert (config.uplink.key, config.uplink.cert) == (str(into / "tls/station.key"), str(into / "tls/station.pem"))
    for secret in (into / "tls" / "station.key", into / "list.key"):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert (into / "trust" / "district-1.pub").read_bytes() == bytes(range(32))
    assert (into / "list.key").read_bytes() == bytes(32)
    assert "PRIVATE" not in (into / "station.toml").read_text()


def test_a_code_before_the_camera_does_the_same_with_that_camera(file: Path, tmp_path: Path, capsys) -> None:
    picture, into = code_of(file, tmp_path / "code.png"), tmp_path / "station"
    assert main(["enrol", "--camera", str(picture), "--into", str(into)]) == 0
    config = load_station(into / "station.toml")
    assert (config.station.id, config.lanes[0].camera.path) == (NAME, str(picture))
    assert (into / "tls" / "station.key").read_bytes() == read_file(file.read_bytes()).key


def test_a_camera_that_sees_no_enrolment_code_ends_with_the_reason(tmp_path: Path, capsys) -> None:
    segno.make("EN1:NOT REALLY", micro=False).save(str(tmp_path / "other.png"), scale=5)
    assert main(["enrol", "--camera", str(tmp_path / "other.png"), "--into", str(tmp_path / "station")]) == 2
    said = capsys.readouterr()
    assert "is damaged" in said.out
    assert said.err.endswith("played to its end: no enrolment code was seen\n")
    assert not (tmp_path / "station").exists()


def test_the_file_on_the_boot_partition_is_removed_once_it_was_taken(file: Path, tmp_path: Path, capsys) -> None:
    assert main(["enrol", "--first-boot", str(file), "--into", str(tmp_path / "station")]) == 0
    assert not file.exists()


def test_a_machine_with_a_name_takes_no_other_unless_it_is_given_up(file: Path, tmp_path: Path, capsys) -> None:
    into = tmp_path / "station"
    (into / "trust").mkdir(parents=True)
    (into / "trust" / "district-9.pub").write_bytes(bytes(32))
    (into / "station.toml").write_text("mine")
    assert main(["enrol", str(file), "--into", str(into)]) == 2
    assert "--replace gives it up" in capsys.readouterr().err
    assert (into / "station.toml").read_text() == "mine"
    assert main(["enrol", str(file), "--into", str(into), "--replace"]) == 0
    assert [key.name for key in (into / "trust").iterdir()] == ["district-1.pub"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[enrolment]", "[other]", "no table [enrolment]"),
        ("trust = ", "turst = ", "enrolment.turst: no such key"),
        ('list_key = "', 'list_key = "!', "enrolment.list_key: is not base64"),
        ('id = "g107-bridge-north"', 'id = "bridge-south"', "the certificate is for g107-bridge-north"),
        ("[policy]", "[policies]", "policies: no such key"),
        ("fps = 10", "fps = 0", "fps"),
        ("[station]", "[station", "is not TOML"),
        ("[station]", "policies = 5\n[station]", "policies: is no table"),
        ("[policy]", "[policy.x]\ny = 1\n[policy]", "policy.x: no such key"),
        ("[station]", '"a\\nb" = { c = 1 }\n[station]', "is not TOML"),
    ],
)
def test_a_wrong_file_is_told_in_one_line_and_nothing_is_written(
    file: Path, tmp_path: Path, capsys, old: str, new: str, said: str
) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert main(["enrol", str(file), "--into", str(tmp_path / "station")]) == 2
    err = capsys.readouterr().err
    assert (err.count("\n"), said in err, str(file) in err) == (1, True, True), err
    assert not (tmp_path / "station").exists()
    assert file.exists()


def test_what_was_written_is_toml_to_any_reader(file: Path, tmp_path: Path, capsys) -> None:
    main(["enrol", str(file), "--into", str(tmp_path / "station")])
    written = tomllib.loads((tmp_path / "station" / "station.toml").read_text(encoding="utf-8"))
    assert written["lanes"][0]["camera"]["size"] == [640, 480]
