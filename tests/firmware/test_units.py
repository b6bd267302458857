"""The units as systemd's own tools see them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from station import config as cfg
from station.__main__ import parser_for

FIRMWARE = Path(__file__).parents[2] / "firmware_config"
UNITS = FIRMWARE / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
CURRENT = "/opt/checkpoint/current"
WORST = 2.0
LOOSENING = ("SupplementaryGroups=", "DeviceAllow=", "RestrictAddressFamilies=", r"\w+=(no|all)$")

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze, which is not installed here"
)


def our_commands() -> list[list[str]]:
    starts = [re.findall(rf"^Exec\w+={CURRENT}/bin/station (.+)$", unit.read_text(), re.MULTILINE) for unit in SERVICES]
    return [line.split() for found in starts for line in found]


@needs_systemd
def test_every_unit_passes_systemds_own_verification(tmp_path: Path) -> None:
    installed = tmp_path / "current"
    shutil.copytree(FIRMWARE, installed / "firmware_config")
    program = installed / "bin" / "station"
    program.parent.mkdir()
    (tmp_path / "mosquitto.service").write_text("[Service]\nExecStart=/bin/true\n")  # Debian's, for ours to change
    drop_in = tmp_path / "mosquitto.service.d" / "checkpoint.conf"
    drop_in.parent.mkdir()
    drop_in.write_text((UNITS / drop_in.relative_to(tmp_path)).read_text().replace(CURRENT, str(installed)))
    units = [tmp_path / "mosquitto.service"]
    units += [copied(unit, tmp_path, installed) for unit in sorted(UNITS.iterdir()) if unit.is_file()]
    for outside in (program, tmp_path / "cage"):
        outside.write_text("#!/bin/sh\n")
        outside.chmod(0o755)
    found = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    said = [line for line in (found.stdout + found.stderr).splitlines() if str(tmp_path) in line]
    assert (found.returncode, said) == (0, [])


def copied(unit: Path, folder: Path, installed: Path) -> Path:
    """With the programs where this test has them: systemd looks whether they can be run."""
    text = unit.read_text().replace(CURRENT, str(installed)).replace("/usr/bin/cage", str(folder / "cage"))
    target = folder / unit.name
    target.write_text(text)
    return target


@needs_systemd
@pytest.mark.parametrize("name", ["station.service", "station-supervisor.service", "checkpoint-hub.service"])
def test_a_service_that_meets_the_world_is_shut_in(name: str) -> None:
    asked = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={round(WORST * 10)}"]
    found = subprocess.run([*asked, str(UNITS / name)], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
    exposure = re.search(r"exposure level for .*: (\d+\.\d)", found.stdout)
    assert exposure
    assert float(exposure[1]) <= WORST


def assessed(unit: Path) -> tuple[float, list[str]]:
    """Exposure by systemd's own judgement, and the directives that it would rather see set."""
    asked = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    exposure = re.search(r"exposure level for .*: (\d+\.\d)", told)
    assert exposure
    return float(exposure[1]), re.findall(r"^✗ ([A-Za-z]+)=", told, re.MULTILINE)


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_above_the_limit_says_for_each_directive_why_it_is_not_set(unit: Path) -> None:
    exposure, missing = assessed(unit)
    if exposure <= WORST:
        return
    text = unit.read_text()
    explained = "\n".join(re.findall(r"^#.*$", text, re.MULTILINE))
    given = [line.partition("=")[0] for line in text.splitlines() if "=" in line and not line.startswith("#")]
    unexplained = [name for name in missing if f"{name}=" not in explained and name not in given]
    assert unexplained == []


@needs_systemd
def test_nothing_but_the_installer_and_the_browser_is_above_the_limit() -> None:
    above = {unit.name for unit in SERVICES if assessed(unit)[0] > WORST}
    assert above == {"checkpoint-update.service", "station-kiosk.service"}
    assert assessed(UNITS / "station-kiosk.service")[0] < 3.0
    assert assessed(UNITS / "checkpoint-update.service")[0] < 7.0


def test_the_touchscreen_has_started_only_once_its_browser_has_stayed() -> None:
    """A compositor that hangs before it has its socket would be "active (running)" for ever."""
    text = (UNITS / "station-kiosk.service").read_text()
    post = re.search(r"^ExecStartPost=\+/usr/bin/timeout (\d+) .*test -e /run/station-kiosk/shown", text, re.MULTILINE)
    limit = re.search(r"^TimeoutStartSec=(\d+)$", text, re.MULTILINE)
    assert post
    assert limit
    assert int(post[1]) < int(limit[1])
    assert "\nRestart=always\n" in text
    assert "\nRuntimeDirectory=station-kiosk\n" in text, "its marks go with it"


def test_whenever_a_machine_is_enrolled_its_station_is_started() -> None:
    """At boot the station's start passes by where no station.toml is yet; a later attempt that succeeds starts it."""
    text = (UNITS / "station-enrol.service").read_text()
    assert "\nOnSuccess=station.service\n" in text
    assert "\nRestart=on-failure\n" in text


def test_a_scanner_may_be_opened_as_its_library_opens_it() -> None:
    """evdev asks for reading and writing, and its list leaves out what may not be written."""
    assert "\nDeviceAllow=char-input rw\n" in (UNITS / "station.service").read_text()


def test_the_touchscreen_sees_the_folder_of_its_compositors_socket() -> None:
    """ProtectHome= hides /run/user as well (systemd.exec(5)): the compositor then waits for ever."""
    text = (UNITS / "station-kiosk.service").read_text()
    assert "\nProtectHome=no\n" in text
    assert "\nInaccessiblePaths=-/home -/root\n" in text


@pytest.mark.parametrize("name", ["station.service", "station-supervisor.service", "checkpoint-hub.service"])
def test_every_right_a_service_keeps_is_explained_where_it_is_given(name: str) -> None:
    """A line that loosens, or one in its block, is preceded by a comment."""
    text = (UNITS / name).read_text()
    loosened = re.finditer(rf"^({'|'.join(LOOSENING)})", text, re.MULTILINE)
    blocks = [text[: place.start()].split("\n\n")[-1] for place in loosened]
    assert blocks
    assert [block for block in blocks if "\n#" not in f"\n{block}"] == []


def directives(name: str) -> dict[str, str]:
    lines = [line for line in (UNITS / name).read_text().splitlines() if "=" in line and not line.startswith("#")]
    return {key: value for key, _, value in (line.partition("=") for line in lines)}


def test_the_supervisors_view_can_neither_end_the_station_nor_touch_its_files_or_its_screen() -> None:
    station, view = directives("station.service"), directives("station-supervisor.service")
    assert view["User"] not in ("root", station["User"])
    assert view["IPAddressDeny"] == "localhost"  # the touchscreen is there, and has no login
    assert f"-{station['WorkingDirectory']}" in view["InaccessiblePaths"].split()
    assert not view.keys() & {"ReadWritePaths", "StateDirectory", "RuntimeDirectory", "DeviceAllow"}
    assert int(view["CPUWeight"]) < 100  # what every other unit has
    assert int(view["OOMScoreAdjust"]) > 0 > int(station["OOMScoreAdjust"])


def test_the_supervisors_view_reaches_the_stations_socket_where_both_look_for_it() -> None:
    station, view = directives("station.service"), directives("station-supervisor.service")
    socket = Path(cfg.SupervisorSection().socket)
    assert (str(socket.parent), station["RuntimeDirectoryMode"]) == (f"/run/{station['RuntimeDirectory']}", "0750")
    assert view["Group"] == station["Group"]


def test_the_supervisors_view_comes_and_goes_with_the_station_which_never_waits_for_it() -> None:
    view = directives("station-supervisor.service")
    assert view["PartOf"] == view["After"] == view["WantedBy"] == "station.service"
    assert view["ExecCondition"].split()[1:3] == ["supervisor", "configured"]
    assert "station-supervisor" not in "".join(directives("station.service").values())


@pytest.mark.parametrize("line", our_commands(), ids=" ".join)
def test_every_unit_starts_a_command_that_the_program_takes(line: list[str]) -> None:
    parser_for(line).parse_args(line)


@pytest.mark.parametrize("unit", [unit for unit in SERVICES if "Type=notify" in unit.read_text()], ids=lambda u: u.name)
def test_a_service_that_hangs_is_ended_and_always_comes_back(unit: Path) -> None:
    text = unit.read_text()
    for line in ("WatchdogSec=30", "Restart=always", "StartLimitIntervalSec=0", "NotifyAccess=main"):
        assert f"\n{line}\n" in text


@needs_systemd
@pytest.mark.parametrize("timer", sorted(UNITS.glob("*.timer")), ids=lambda timer: timer.name)
def test_a_timer_names_a_time_that_comes_and_a_service_that_is_there(timer: Path) -> None:
    (when,) = re.findall(r"^OnCalendar=(.+)$", timer.read_text(), re.MULTILINE)
    subprocess.run(["systemd-analyze", "calendar", when], check=True, capture_output=True)
    assert timer.with_suffix(".service").exists()


@pytest.mark.parametrize("unit", [*SERVICES, UNITS / "mosquitto.service.d" / "checkpoint.conf"], ids=lambda u: u.name)
def test_no_unit_takes_the_machines_memory_or_its_processes(unit: Path) -> None:
    text = unit.read_text()
    assert re.search(r"^MemoryMax=\d+(M|G|%)$", text, re.MULTILINE)
    assert re.search(r"^TasksMax=\d+$", text, re.MULTILINE)
