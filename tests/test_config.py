from pathlib import Path

import pytest

from station.config import ConfigError, FileCameraConfig, load_hub, load_station

STATION = """
[station]
id = "g107-bridge-north"
name = "107国道黄河桥北岸"
district = "pingyuan"
levels = ["pingyuan", "qiaobei"]
data_dir = "/var/lib/station"

[[lanes]]
id = "1"
camera = { driver = "file", path = "gate.mp4", pace = "real", loop = false }
"""


def mistakes(tmp_path: Path, text: str, load=load_station) -> list[str]:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value.mistakes


def test_a_short_file_gets_sensible_defaults(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text(STATION, encoding="utf-8")
    config = load_station(path)
    assert config.lanes[0].camera == FileCameraConfig(path="gate.mp4")
    assert (config.lanes[0].mode, config.kiosk.listen, config.uplink) == ("attended", "127.0.0.1:8080", None)


def test_every_mistake_is_told_at_once_with_its_key_and_a_suggestion(tmp_path: Path) -> None:
    wrong = STATION.replace("district =", "distrct =").replace('id = "1"', 'id = "1"\nmodus = "x"')
    wrong = wrong.replace('driver = "file"', 'driver = "webcam"') + '[kiosk]\nlisten = "8080"\n'
    found = "\n".join(mistakes(tmp_path, wrong))
    assert "station.district: is missing" in found
    assert "station.distrct: no such key; did you mean 'district'?" in found
    assert "lanes.1.modus: no such key; did you mean 'mode'?" in found
    assert "lanes.1.camera.driver: no driver is called 'webcam'; there are 'v4l2', 'picamera'" in found
    assert "kiosk.listen: give an address as host:port" in found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"g107-bridge-north"', '"G107 Bridge"', "station.id"),
        ('levels = ["pingyuan", "qiaobei"]', "levels = []", "station.levels"),
        ('data_dir = "/var/lib/station"', 'timezone = "Mars/Base"', "no time zone is called 'Mars/Base'"),
        ('data_dir = "/var/lib/station"', "data_dir = 5", "station.data_dir"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in "\n".join(mistakes(tmp_path, STATION.replace(old, new)))


def test_two_lanes_of_the_same_id_are_a_mistake(tmp_path: Path) -> None:
    again = STATION + '[[lanes]]\nid = "1"\ncamera = { driver = "v4l2" }\n'
    assert mistakes(tmp_path, again) == ["lanes: the id '1' is used more than once; give each lane its own"]


def test_an_unencrypted_broker_is_for_loopback_only(tmp_path: Path) -> None:
    assert "mqtts://" in mistakes(tmp_path, STATION + '[uplink]\nurl = "mqtt://hub.example"\n')[0]
    path = tmp_path / "fine.toml"
    path.write_text(STATION + '[uplink]\nurl = "mqtt://127.0.0.1:1883"\n', encoding="utf-8")
    assert load_station(path).uplink is not None


def test_the_touchscreen_has_no_login_and_listens_on_loopback_only(tmp_path: Path) -> None:
    assert "127.0.0.1:PORT" in mistakes(tmp_path, STATION + '[kiosk]\nlisten = "0.0.0.0:8080"\n')[0]


def test_anonymous_reading_of_the_hub_is_for_loopback_only(tmp_path: Path) -> None:
    text = '[hub]\ndistrict = "pingyuan"\n[web]\nlisten = "0.0.0.0:8090"\nanonymous_read = true\n'
    assert "loopback" in mistakes(tmp_path, text, load_hub)[0]


def test_what_is_no_toml_or_not_there_says_so(tmp_path: Path) -> None:
    assert "is not TOML" in mistakes(tmp_path, "[station\n")[0]
    with pytest.raises(ConfigError, match="cannot be read"):
        load_station(tmp_path / "nowhere.toml")
