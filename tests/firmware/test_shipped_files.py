"""Files that no program of ours reads are held to what they have to say."""

import configparser
import json
import re
from pathlib import Path

import pytest

from station import config as cfg

FIRMWARE = Path(__file__).parents[2] / "firmware_config"
TABLE = [
    line.split() for line in (FIRMWARE / "FILES").read_text().splitlines() if line.strip() and not line.startswith("#")
]
# Read in place: by people, by scripts/install, by the units out of /opt/checkpoint/current, or by cloud-init.
NOT_LAID = {
    "FILES",
    "station.toml",
    "hub.toml",
    "hub/emqx.hocon",
    "hub/emqx-acl.conf",
    "hub/grafana-dashboard.json",
    "hub/prometheus.yml",
    "hub/postgresql.conf",
    "boot/cmdline.words",
    "boot/fstab",
    "kiosk/screen",
    "kiosk/session",
    "kiosk/waiting.html",
    "mosquitto/stations.acl",
    "mosquitto/mosquitto-district",
    "update/take-release",
    "first-boot/user-data",
    "first-boot/meta-data",
}


def test_every_file_has_its_place() -> None:
    there = {str(path.relative_to(FIRMWARE)) for path in FIRMWARE.rglob("*") if path.is_file()}
    assert there == {source for _, _, source, _ in TABLE} | NOT_LAID


@pytest.mark.parametrize(("roles", "mode", "target"), [(row[0], row[1], row[3]) for row in TABLE])
def test_every_line_of_the_table_says_for_whom_and_where(roles: str, mode: str, target: str) -> None:
    assert set(roles.split(",")) <= {"station", "hub", "kiosk", "readonly"}
    assert mode in {"0644", "0600"} or (mode == "0755" and "/initramfs-tools/scripts/" in target)
    assert target.startswith(("/etc/", "/boot/firmware/"))


def test_what_holds_a_network_is_for_root_alone_as_networkmanager_wants_it() -> None:
    for _, mode, source, _ in TABLE:
        assert (mode == "0600") == source.startswith("network/")


@pytest.mark.parametrize("profile", sorted(FIRMWARE.glob("network/*.nmconnection")), ids=lambda path: path.name)
def test_a_network_profile_never_makes_the_boot_wait(profile: Path) -> None:
    read = configparser.ConfigParser()
    read.read_string(profile.read_text())
    assert read["connection"]["id"] == f"checkpoint-{profile.stem}"
    assert read["ipv4"]["may-fail"] == "true"


def test_the_browser_may_open_the_station_and_the_page_that_waits_for_it_and_nothing_else() -> None:
    policy = json.loads((FIRMWARE / "kiosk" / "chromium-policy.json").read_text())
    session = (FIRMWARE / "kiosk" / "session").read_text()
    (waiting,) = re.findall(r"^waiting=(.+)$", session, re.MULTILINE)
    (address,) = re.findall(r"\$\{1:-(.+)\}", session)
    assert policy["URLBlocklist"] == ["*"]
    assert policy["URLAllowlist"] == [f"http://{address}", waiting]
    assert cfg.KioskSection().listen == address
    assert waiting.endswith("/firmware_config/kiosk/waiting.html")


def test_the_page_that_waits_speaks_both_languages() -> None:
    texts = re.findall(r"<p[^>]*>(.+)</p>", (FIRMWARE / "kiosk" / "waiting.html").read_text(encoding="utf-8"))
    chinese = [text for text in texts if re.search(r"[\u4e00-\u9fff]", text)]
    assert len(chinese) == len(texts) - len(chinese) == 2


def test_first_boot_installs_what_the_card_brings_with_the_options_that_there_are() -> None:
    user_data = (FIRMWARE / "first-boot" / "user-data").read_text()
    assert user_data.startswith("#cloud-config\n")
    (command,) = re.findall(r"/scripts/install (.+)$", user_data, re.MULTILINE)
    installer = (FIRMWARE.parent / "scripts" / "install").read_text()
    assert [option for option in command.split() if option.startswith("--") and f"{option})" not in installer] == []


def test_the_card_that_is_never_written_has_one_partition_that_is() -> None:
    lines = [
        line.split() for line in (FIRMWARE / "boot" / "fstab").read_text().splitlines() if not line.startswith("#")
    ]
    (data,) = [line for line in lines if line[2] == "ext4"]
    bound = {target: source for source, target, kind, *_ in lines if kind == "none"}
    assert all(source.startswith(f"{data[1]}/") for source in bound.values())
    assert {"/var/lib/station", "/etc/station", "/opt/checkpoint"} <= set(bound)
    assert 'overlayroot="tmpfs:recurse=0"' in (FIRMWARE / "boot" / "overlayroot.conf").read_text()
