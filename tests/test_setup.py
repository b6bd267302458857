"""``scripts/setup`` knows every Debian package behind a program that the tests start."""

import re
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__)
ROOT = HERE.parent.parent
NOTHING_IS_THERE = """
command() { return 1; }
find_python() { :; }
has_library() { return 1; }
has_postgresql() { return 1; }
has_chinese_font() { return 1; }
"""
PACKAGES = {
    "mosquitto": "mosquitto",
    "mosquitto_passwd": "mosquitto",
    "mosquitto_sub": "mosquitto-clients",
    "mosquitto_pub": "mosquitto-clients",
}


def missing(kind: str) -> set[str]:
    script = f". scripts/setup\n{NOTHING_IS_THERE}\nmissing_packages {kind}"
    found = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_a_bare_machine_lacks_what_running_takes_and_more_for_testing() -> None:
    assert missing("run") == {"python3", "python3-venv", "libzbar0", "mosquitto"}
    more = {"mosquitto-clients", "chromium-headless-shell", "postgresql", "fonts-noto-cjk", "libatomic1", "iproute2"}
    assert missing("dev") == missing("run") | more


def started() -> dict[str, str]:
    """Mosquitto's programs that tests and the product start, and a file that does."""
    named = re.compile(r'"(mosquitto(?:_[a-z]+)?)"')
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "station" / "commands").rglob("*.py")]
    return {program: path.name for path in files if path != HERE for program in named.findall(path.read_text())}


@pytest.mark.parametrize("program", sorted(started()))
def test_the_package_of_every_program_that_is_started_is_installed(program: str) -> None:
    assert PACKAGES[program] in missing("dev"), started()[program]
