from pathlib import Path

import pytest

from station.__main__ import main
from station.config import (
    ConfigError,
    FileCameraConfig,
    GpioGateConfig,
    GpioPresenceConfig,
    Mlx90614Config,
    load_hub,
    load_station,
)

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


EXAMPLES = Path(__file__).parent / "contracts"
"""The examples of the configuration contract, word for word."""


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


def test_the_examples_of_the_contract_are_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("station.toml", "hub.toml"):
        assert main(["check-config", str(EXAMPLES / name)]) == 0, capsys.readouterr().err
    lane = load_station(EXAMPLES / "station.toml").lanes[0]
    assert (lane.presence, lane.thermometer) == (GpioPresenceConfig(pin=23), Mlx90614Config(bus=1))
    assert lane.gate == GpioGateConfig(barrier=17, green=27, red=22, buzzer=18)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            'presence = { driver = "beam" }',
            "presence.driver: no driver is called 'beam'; there are 'none', 'gpio'",
        ),
        ('presence = { driver = "gpio", pin = 40 }', "lanes.1.presence.pin: input should be less than or equal to 27"),
        (
            'presence = { driver = "video", region = [0.5, 0, 0.6, 1] }',
            "presence.region: give left, top, width",
        ),
        (
            'thermometer = { driver = "serial", device = "x", pattern = "[" }',
            "thermometer.pattern: is no regular",
        ),
        ('thermometer = { driver = "serial", device = "x", pattern = "T=" }', "one pair of parentheses"),
        ('gate = { driver = "gpio", barrier = 1, green = 2, red = 3, open_secs = 1 }', "did you mean 'open_seconds'?"),
        (
            'reader = { driver = "evdev", device = "scanner" }',
            "reader.device: 'scanner' does not have the form",
        ),
    ],
)
def test_a_mistake_in_a_devices_table_is_named_without_the_drivers_name(tmp_path: Path, table: str, said: str) -> None:
    assert said in "\n".join(mistakes(tmp_path, STATION + table + "\n"))


def test_a_pin_that_is_given_twice_is_named_with_who_has_it(tmp_path: Path) -> None:
    tables = 'gate = { driver = "gpio", barrier = 17, green = 27, red = 22 }\npanel = { driver = "gpio", grant = 27 }\n'
    assert mistakes(tmp_path, STATION + tables) == [
        "lanes.1.panel.grant: pin 27 is lanes.1.gate.green already; give each its own"
    ]


def test_a_panel_without_a_pin_is_a_mistake(tmp_path: Path) -> None:
    assert "lanes.1.panel: has no pin" in mistakes(tmp_path, STATION + 'panel = { driver = "gpio" }\n')[0]


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
        ('"g107-bridge-north"', '"all"', "station.id: 'all' stands for every station"),
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


def test_how_the_hub_names_itself_to_the_broker_is_given_whole_or_not_at_all(tmp_path: Path) -> None:
    half = '[hub]\ndistrict = "d"\n[broker]\nusername = "hub"\ncert = "/hub.pem"\n'
    (tmp_path / "hub.toml").write_text(half, encoding="utf-8")
    with pytest.raises(ConfigError) as found:
        load_hub(tmp_path / "hub.toml")
    assert [mistake.split(":")[0] for mistake in found.value.mistakes] == ["broker", "broker"]


def test_the_touchscreen_has_no_login_and_listens_on_loopback_only(tmp_path: Path) -> None:
    assert "127.0.0.1:PORT" in mistakes(tmp_path, STATION + '[kiosk]\nlisten = "0.0.0.0:8080"\n')[0]


@pytest.mark.parametrize(
    ("supervisor", "says"),
    [
        ('listen = "0.0.0.0:8443"', "supervisor.listen: without TLS the PIN travels in the clear"),
        ('listen = "127.0.0.1:8443"', "supervisor.listen: without TLS the PIN travels in the clear"),
        ('listen = "0.0.0.0:8443"\ncert = "c.pem"', "supervisor: cert and key go together"),
        ('listen = "192.0.2.1:8443"\ncert = "c"\nkey = "k"', "supervisor.listen: a network that is not up yet"),
        ('listen = "8443"', "supervisor.listen: give an address as host:port"),
        ('socket = "view.sock"', "supervisor.socket: "),
        (f'socket = "/run/{"x" * 96}"', "supervisor.socket: "),
        ('listen = "0.0.0.0:8443"\ncert = "c"\nkey = "k"\nhours = 3', "supervisor.hours: no such key"),
    ],
)
def test_the_supervisors_view_is_for_tls_alone_and_keeps_no_station_from_starting(
    tmp_path: Path, supervisor: str, says: str
) -> None:
    assert says in mistakes(tmp_path, f"{STATION}[supervisor]\n{supervisor}\n")[0]


def test_the_key_of_the_supervisors_view_is_not_for_everybody(tmp_path: Path) -> None:
    key = tmp_path / "view.key"
    key.write_text("-----BEGIN PRIVATE KEY-----\n")
    text = f'{STATION}[supervisor]\nlisten = "0.0.0.0:8443"\ncert = "view.pem"\nkey = "{key}"\n'
    key.chmod(0o644)
    assert f"chmod 640 {key}" in mistakes(tmp_path, text)[0]
    key.chmod(0o640)
    file = tmp_path / "station.toml"
    file.write_text(text, encoding="utf-8")
    assert load_station(file).supervisor.idle_minutes == 30


def test_anonymous_reading_of_the_hub_is_for_loopback_only(tmp_path: Path) -> None:
    text = '[hub]\ndistrict = "pingyuan"\n[web]\nlisten = "0.0.0.0:8090"\nanonymous_read = true\n'
    assert "loopback" in mistakes(tmp_path, text, load_hub)[0]


@pytest.mark.parametrize(
    ("web", "says"),
    [
        ('listen = "192.0.2.1:8090"', "web.listen: without TLS passwords travel in the clear"),
        ('listen = "192.0.2.1:8090"\ncert = "hub.pem"', "web: cert and key go together"),
        ('hosts = ["hub.example.cn:8090"]', "web.hosts"),
        ('proxies = ["proxy"]', "give an IP address"),
    ],
)
def test_the_hubs_pages_leave_this_machine_by_tls_alone(tmp_path: Path, web: str, says: str) -> None:
    assert says in mistakes(tmp_path, f'[hub]\ndistrict = "pingyuan"\n[web]\n{web}\n', load_hub)[0]


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ('[home_assistant]\nprefix = "homeassistant"', "home_assistant.prefix: nothing is chosen"),
        ('[home_assistant]\nprefix = "ha"\nlevels = ["other/x"]', "other/x: a level is names joined by /"),
        ('[home_assistant]\nprefix = "ha/#"\nstations = ["s"]', "home_assistant.prefix"),
        ('[home_assistant]\nprefix = "$SYS"\nstations = ["s"]', "home_assistant.prefix"),
        ('[authority]\nurl = "mqtt://hub.example:1883"', "authority.url"),
    ],
)
def test_what_stations_and_home_assistant_are_told_is_checked(tmp_path: Path, section: str, says: str) -> None:
    (mistake,) = mistakes(tmp_path, f'[hub]\ndistrict = "pingyuan"\n{section}\n', load_hub)
    assert says in mistake


@pytest.mark.parametrize("web", ['cert = "hub.pem"\nkey = "hub.key"', 'proxies = ["192.0.2.9"]'])
def test_with_a_certificate_or_behind_a_proxy_the_hub_listens_to_all(tmp_path: Path, web: str) -> None:
    path = tmp_path / "hub.toml"
    path.write_text(f'[hub]\ndistrict = "pingyuan"\n[web]\nlisten = "0.0.0.0:8090"\n{web}\n')
    assert load_hub(path).web.listen == "0.0.0.0:8090"


def test_what_is_no_toml_or_not_there_says_so(tmp_path: Path) -> None:
    assert "is not TOML" in mistakes(tmp_path, "[station\n")[0]
    with pytest.raises(ConfigError, match="cannot be read"):
        load_station(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("store", "said"),
    [
        ('url = "mysql://db/checkpoint"', "postgresql://USER@HOST/DATABASE"),
        ('url = "postgresql://db.example"', "postgresql://USER@HOST/DATABASE"),
        ('url = "postgresql://hub:secret@db/checkpoint"', "password_file"),
        ('url = "postgresql://hub@db/checkpoint?password=secret"', "password_file"),
        ('password_file = "/x"', "SQLite asks for no password"),
        ("keep_months = -1", "store.keep_months"),
    ],
)
def test_a_store_that_cannot_be_meant_is_named_with_a_remedy(tmp_path: Path, store: str, said: str) -> None:
    (mistake,) = mistakes(tmp_path, f'[hub]\ndistrict = "pingyuan"\n[store]\n{store}\n', load_hub)
    assert said in mistake
    assert "secret" not in mistake
