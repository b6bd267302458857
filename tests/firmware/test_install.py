"""scripts/install in a root file system of its own: this machine's /usr, and nothing else of it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from standin_release import lay_out

PYTHON = Path("/usr/bin/python3")
CONFIG = "etc/station/station.toml"
DATA = "var/lib/station/ledger.db"
UDEV = "etc/udev/rules.d/60-checkpoint.rules"

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to enter a root file system"),
    pytest.mark.skipif(not PYTHON.exists(), reason=f"needs Debian's Python at {PYTHON}"),
    pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="needs systemd's programs, not installed here"),
    pytest.mark.skipif(
        subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0,
        reason="needs mounts of its own, which are not allowed here",
    ),
]


class System:
    """A root file system in a folder. Its /usr is this machine's, for Python and systemd's programs."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def new(cls, folder: Path) -> "System":
        for name in ("dev", "etc", "opt", "proc", "tmp", "usr", "var/lib"):
            (folder / name).mkdir(parents=True)
        for name in ("bin", "lib", "lib64", "sbin"):
            (folder / name).symlink_to(f"usr/{name}")
        (folder / "etc" / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
        (folder / "etc" / "group").write_text("root:x:0:\nvideo:x:44:\ninput:x:104:\nrender:x:105:\n")
        return cls(folder)

    def run(self, installer: Path, *options: str, before: str = "true") -> subprocess.CompletedProcess[str]:
        """:param before: a command of the shell, in the mounts that the installer sees."""
        inside = f'mount --rbind /usr "$0/usr" && mount --rbind /dev "$0/dev" && {before} && exec "$@"'
        command = [str(installer), "--root", str(self.root), "--no-packages", *options]
        return subprocess.run(
            ["unshare", "--mount", "sh", "-c", inside, str(self.root), *command], capture_output=True, text=True
        )

    def enter(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as if this were the running system, with its own programs in /stubs first."""
        inside = 'mount --rbind /usr "$0/usr" && mount --rbind /dev "$0/dev" && exec chroot "$0" sh -c "$1"'
        return subprocess.run(
            ["unshare", "--mount", "sh", "-c", inside, str(self.root), command],
            capture_output=True,
            text=True,
            env={"PATH": "/stubs:/usr/sbin:/usr/bin"},
        )

    def install(self, installer: Path, *options: str) -> None:
        ran = self.run(installer, *options)
        assert ran.returncode == 0, ran.stderr

    @property
    def release(self) -> Path:
        """Where ``current`` points; it is absolute, as seen from inside."""
        return self.root / str((self.root / "opt/checkpoint/current").readlink()).lstrip("/")

    @property
    def version(self) -> str:
        return self.release.name.split("-")[0]

    def releases(self) -> list[str]:
        return sorted(path.name.split("-")[0] for path in (self.root / "opt/checkpoint/releases").iterdir())

    def files(self) -> dict[str, float]:
        """Everything laid outside /opt, with the time of its last change; the users' own files aside."""
        found = (path for name in ("etc", "var", "boot") for path in (self.root / name).rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.root)): path.stat().st_mtime
            for path in found
            if not path.name.startswith(("passwd", "group", "shadow", "gshadow", ".pwd"))
        }


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System.new(tmp_path / "root")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[System, Path]:
    """A Raspberry Pi with version 1.0 of a station that has a touchscreen, and the installer that laid it."""
    folder = tmp_path_factory.mktemp("first")
    system = System.new(folder / "root")
    boot = system.root / "boot" / "firmware"
    boot.mkdir(parents=True)
    (boot / "config.txt").write_text("arm_64bit=1\n")
    (boot / "cmdline.txt").write_text("root=/dev/mmcblk0p2 rootwait quiet\n")
    installer = lay_out(folder / "v1", "1.0")
    system.install(installer, "--role", "station", "--kiosk")
    return system, installer


@pytest.fixture
def station(first: tuple[System, Path], tmp_path: Path) -> System:
    """One's own copy of it, enrolled and with a ledger."""
    shutil.copytree(first[0].root, tmp_path / "root", symlinks=True)
    station = System(tmp_path / "root")
    (station.root / CONFIG).write_text("mine")
    (station.root / DATA).parent.mkdir(exist_ok=True)
    (station.root / DATA).write_text("rows")
    return station


def test_a_station_gets_everything_that_starts_it_and_no_configuration(first: tuple[System, Path]) -> None:
    root = first[0].root
    wants = root / "etc/systemd/system/multi-user.target.wants"
    assert {unit.name for unit in wants.iterdir()} == {
        "station.service",
        "station-enrol.service",
        "station-kiosk.service",
    }
    wants = root / "etc/systemd/system/station.service.wants"
    assert {unit.name for unit in wants.iterdir()} == {"station-supervisor.service"}
    assert (root / "etc/systemd/system/timers.target.wants/checkpoint-update.timer").is_symlink()
    assert {"station", "station-supervisor"} <= set(re.findall(r"^[\w-]+", (root / "etc/passwd").read_text(), re.M))
    assert (root / "etc/station/tls").stat().st_mode & 0o777 == 0o750
    assert (root / "etc/chromium/policies/managed/checkpoint.json").exists()
    assert (first[0].release / "bin" / "station").exists()
    assert not (root / CONFIG).exists()
    assert not (root / "etc/mosquitto").exists()


def test_a_raspberry_pis_boot_partition_keeps_its_lines_and_gets_ours(first: tuple[System, Path]) -> None:
    boot = first[0].root / "boot" / "firmware"
    assert (boot / "config.txt").read_text() == "arm_64bit=1\n\n[all]\ninclude checkpoint.txt\n"
    words = (boot / "cmdline.txt").read_text()
    assert words.startswith("root=/dev/mmcblk0p2 rootwait quiet loglevel=3 ")
    assert words.count("\n") == 1
    assert (boot / "checkpoint.txt").exists()


def test_a_hub_gets_a_password_of_its_own_at_its_broker_once(system: System, tmp_path: Path) -> None:
    with (system.root / "etc/passwd").open("a") as users, (system.root / "etc/group").open("a") as groups:
        users.write("mosquitto:x:900:900::/var/lib/mosquitto:/bin/false\n")
        groups.write("mosquitto:x:900:\n")
    installer = lay_out(tmp_path / "v1", "1.0")
    system.install(installer, "--role", "hub")
    password = system.root / "etc/checkpoint-hub/broker.password"
    made = password.read_text()
    system.install(installer)
    assert (password.stat().st_mode & 0o777, password.read_text(), len(made.strip())) == (0o600, made, 32)
    hashed = (system.root / "etc/mosquitto/checkpoint/passwords").read_text()
    assert hashed.startswith("hub:$")
    assert made.strip() not in hashed
    config = (system.root / "etc/checkpoint-hub/hub.toml").read_text()
    assert 'username = "hub"' in config
    assert 'password_file = "/etc/checkpoint-hub/broker.password"' in config


def test_installing_again_changes_nothing(first: tuple[System, Path], station: System) -> None:
    before = station.files(), (station.release / ".complete").stat().st_mtime
    station.install(first[1])
    assert (station.files(), (station.release / ".complete").stat().st_mtime) == before


def test_an_upgrade_keeps_configuration_data_and_the_release_before_and_drops_what_is_gone(
    station: System, tmp_path: Path
) -> None:
    installer = lay_out(tmp_path / "v2", "1.1")
    table = tmp_path / "v2" / "firmware_config" / "FILES"
    table.write_text("".join(line for line in table.read_text().splitlines(keepends=True) if "udev/" not in line))
    assert UDEV in station.files()
    station.install(installer)
    assert (station.version, station.releases()) == ("1.1", ["1.0", "1.1"])
    assert ((station.root / CONFIG).read_text(), (station.root / DATA).read_text()) == ("mine", "rows")
    assert UDEV not in station.files()


def test_a_release_that_is_not_well_is_taken_back_with_all_its_files(station: System, tmp_path: Path) -> None:
    before = station.files().keys()
    installer = lay_out(tmp_path / "v2", "1.1", well=False)
    unit = tmp_path / "v2" / "firmware_config" / "systemd" / "station.service"
    unit.write_text(unit.read_text() + "# changed\n")
    ran = station.run(installer)
    assert (ran.returncode, station.version, station.releases()) == (1, "1.0", ["1.0"])
    assert "going back to" in ran.stderr
    assert station.files().keys() == before
    assert "# changed" not in (station.root / "etc/systemd/system/station.service").read_text()


SYSTEMCTL = """#!/bin/sh
# The station of version 1.1 never says that it is ready.
echo "$*" >>/stubs/said
case "$1 $(readlink /opt/checkpoint/current)" in
    "restart "*1.1*) exit 1 ;;
    show*) echo 0 ;;
esac
"""


def run_as_if_live(station: System) -> Path:
    """:return: the folder whose ``said`` has what systemctl was asked."""
    stubs = station.root / "stubs"
    stubs.mkdir()
    for name, text in (("systemctl", SYSTEMCTL), ("sleep", "#!/bin/sh\n")):
        (stubs / name).write_text(text)
        (stubs / name).chmod(0o755)
    (station.root / "run/systemd/system").mkdir(parents=True)
    return stubs


@pytest.mark.parametrize(("version", "code", "runs"), [("1.2", 0, "1.2"), ("1.1", 1, "1.0")])
def test_on_a_running_system_a_release_stays_only_once_its_service_has_said_it_is_ready(
    station: System, tmp_path: Path, version: str, code: int, runs: str
) -> None:
    stubs = run_as_if_live(station)
    lay_out(station.root / "source", version)
    ran = station.enter("mount -t proc proc /proc && exec /source/scripts/install --no-packages")
    assert (ran.returncode, station.version) == (code, runs), ran.stderr
    said = (stubs / "said").read_text().splitlines()
    restarts = [line for line in said if line.startswith("restart ")]
    assert restarts == ["restart station.service"] * (1 + code)
    assert "daemon-reload" in said


def test_an_upgrade_gives_the_supervisors_view_the_files_that_were_the_stations_alone(
    station: System, tmp_path: Path
) -> None:
    """As the pages before said to lay them: chown station:station, chmod 600; the view had no user of its own."""
    cert, key = "/etc/station/tls/view.pem", "/srv/keys/mine.key"
    config = f'[supervisor]\nlisten = "0.0.0.0:8443"\ncert = "{cert}"\nkey = "{key}"\n'
    files = {f"/{CONFIG}": config, cert: "public", key: "secret", "/srv/keys/other.key": "another's"}
    user, group = ids(station, "passwd", "station"), ids(station, "group", "station")
    for name, text in files.items():
        file = station.root / name.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o600)
        os.chown(file, user, 0)
    station.install(lay_out(tmp_path / "v2", "1.1"))
    found = {name: (station.root / name.lstrip("/")).stat() for name in files}
    assert {name: (f"{one.st_mode & 0o777:o}", one.st_uid, one.st_gid) for name, one in found.items()} == {
        **dict.fromkeys((f"/{CONFIG}", cert, key), ("640", user, group)),
        "/srv/keys/other.key": ("600", user, 0),
    }


def ids(system: System, table: str, name: str) -> int:
    """The number of a user or a group."""
    lines = (system.root / "etc" / table).read_text().splitlines()
    return next(int(fields[2]) for fields in (line.split(":") for line in lines) if fields[0] == name)


def test_a_unit_that_a_release_taken_back_had_brought_runs_no_longer(station: System, tmp_path: Path) -> None:
    """It would keep its port, and its files are gone: the one before has no unit of that name."""
    run_as_if_live(station)
    (station.root / "etc/systemd/system/station.service.wants/station-supervisor.service").unlink()
    table = station.release / "firmware_config" / "FILES"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join(line for line in lines if "station-supervisor" not in line))
    lay_out(station.root / "source", "1.1")
    ran = station.enter("mount -t proc proc /proc && exec /source/scripts/install --no-packages")
    assert (ran.returncode, station.version) == (1, "1.0"), ran.stderr
    said = (station.root / "stubs/said").read_text().splitlines()
    stopped = said.index("stop station-supervisor.service")
    assert "disable --quiet station-supervisor.service" in said
    assert said[stopped:].count("restart station.service") == 1
    assert not (station.root / "etc/systemd/system/station-supervisor.service").exists()
    assert [line for line in said if line.startswith("stop ")] == ["stop station-supervisor.service"]


def test_an_installation_that_was_cut_off_is_finished_the_next_time(
    first: tuple[System, Path], station: System
) -> None:
    (station.release / ".complete").unlink()
    (station.release / "bin" / "station").unlink()
    station.install(first[1])
    assert (station.release / "bin" / "station").exists()


def test_a_first_release_that_is_not_well_says_so_and_stays_to_be_looked_at(system: System, tmp_path: Path) -> None:
    (system.root / CONFIG).parent.mkdir()
    (system.root / CONFIG).write_text("mine")
    ran = system.run(lay_out(tmp_path / "v1", "1.0", well=False), "--role", "station")
    assert (ran.returncode, system.version) == (1, "1.0")
    assert "There is none before it to go back to" in ran.stderr


def test_on_a_card_that_is_never_written_everything_that_changes_is_on_the_data_partition(
    system: System, tmp_path: Path
) -> None:
    for name in ("data", "root/data"):
        (tmp_path / name).mkdir()
    (system.root / "etc/fstab").write_text("PARTUUID=1-02 / ext4 defaults 0 1\n")
    installer = lay_out(tmp_path / "v1", "1.0")
    ran = system.run(installer, "--role", "station", "--read-only", before=f'mount --bind {tmp_path}/data "$0/data"')
    assert ran.returncode == 0, ran.stderr
    assert [release.name.split("-")[0] for release in (tmp_path / "data/checkpoint/releases").iterdir()] == ["1.0"]
    assert (tmp_path / "data/etc-station/tls").is_dir()
    assert list((system.root / "opt/checkpoint").iterdir()) == []
    fstab = (system.root / "etc/fstab").read_text()
    assert fstab.startswith("PARTUUID=1-02 / ext4")
    assert fstab.count("LABEL=checkpoint-data") == 1
    assert 'overlayroot="tmpfs' in (system.root / "etc/overlayroot.local.conf").read_text()


def test_uninstalling_leaves_configuration_and_data_and_nothing_else(
    first: tuple[System, Path], station: System
) -> None:
    station.install(first[1], "--uninstall")
    assert station.files().keys() == {CONFIG, DATA, "boot/firmware/config.txt", "boot/firmware/cmdline.txt"}
    assert (station.root / "boot/firmware/config.txt").read_text() == "arm_64bit=1\n\n[all]\n"
    assert not (station.root / "opt/checkpoint").exists()


def test_uninstalling_where_nothing_is_says_so(system: System, tmp_path: Path) -> None:
    ran = system.run(lay_out(tmp_path / "v1", "1.0"), "--role", "station", "--uninstall")
    assert (ran.returncode, "Nothing is installed" in ran.stderr) == (1, True)
