"""Which of Debian's packages scripts/install asks for, with stand-ins for apt and dpkg."""

import subprocess
from pathlib import Path

import pytest

INSTALLER = Path(__file__).parents[2] / "scripts" / "install.d"
SUITES = {"bookworm": "libzbar0", "trixie": "libzbar0t64"}
NOWHERE_IN_DEBIAN = ("python3-lgpio",)
"""In Raspberry Pi's archive alone: whoever names it fails on a mini-PC and on Debian's own image."""

APT_CACHE = """#!/bin/sh
case "$2" in libzbar0*) [ "$2" = {zbar} ] ;; esac
"""
APT_GET = """#!/bin/sh
[ "$1" = install ] || exit 0
for word; do
    case "$word" in install|-*) continue ;; esac
    echo "$word" >>"$STATE/installed"
done
"""
DPKG_QUERY = """#!/bin/sh
for last; do :; done
grep -qx "$last" "$STATE/installed" && printf 'install ok installed'
"""


class Debian:
    def __init__(self, folder: Path, suite: str) -> None:
        self.folder, self.suite = folder, suite
        (folder / "etc").mkdir()
        (folder / "etc/os-release").write_text(f"ID=debian\nVERSION_CODENAME={suite}\n")
        (folder / "installed").touch()
        for name, text in (("apt-cache", APT_CACHE), ("apt-get", APT_GET), ("dpkg-query", DPKG_QUERY)):
            (folder / name).write_text(text.replace("{zbar}", SUITES[suite]))
            (folder / name).chmod(0o755)

    def install(self, **settings: str) -> list[str]:
        """:return: what is installed by this run."""
        before = (self.folder / "installed").read_text().split()
        given = {"role": "station", "kiosk": "", "readonly": "", "quiet": ""} | settings
        lines = [f"{name}='{value}'" for name, value in given.items()]
        script = "\n".join(
            [
                "set -euo pipefail",
                *lines,
                f"root='' PATH={self.folder}:$PATH",
                'say() { :; }; inside() { "$@"; }',
                'case_of_role() { case $role in station) echo "$1" ;; hub) echo "$2" ;; esac; }',
                f". {INSTALLER}/packages",
                f"root={self.folder}",
                "keep_quiet() { :; }",
                "install_packages",
            ]
        )
        ran = subprocess.run(
            ["bash", "-c", script],
            env={"PATH": "/usr/bin:/bin", "STATE": str(self.folder)},
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr
        return (self.folder / "installed").read_text().split()[len(before) :]


@pytest.fixture(params=SUITES)
def debian(request: pytest.FixtureRequest, tmp_path: Path) -> Debian:
    return Debian(tmp_path, request.param)


@pytest.mark.parametrize("role", ["station", "hub"])
def test_every_package_is_one_that_this_debian_has(debian: Debian, role: str) -> None:
    installed = debian.install(role=role, kiosk="yes", readonly="yes")
    assert SUITES[debian.suite] in installed
    assert not [name for name in installed if "zbar" in name and name != SUITES[debian.suite]]
    assert not set(NOWHERE_IN_DEBIAN) & set(installed)


def test_what_is_installed_is_not_asked_for_again(debian: Debian) -> None:
    assert debian.install()
    assert debian.install() == []
