"""A command imports what it needs and nothing that it does not: a Pi imports OpenCV or Flask for seconds."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"cv2", "numpy", "flask", "jinja2", "reportlab", "xlsxwriter", "pypdfium2", "paho"}
PROGRAM = """
import sys
from station.__main__ import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


def imported_by(*words: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "Traceback" not in done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "words",
    [["--help"], ["--version"], ["check-config", "firmware_config/station.toml"]],
    ids=" ".join,
)
def test_a_command_that_needs_none_of_it_imports_nothing_heavy(words: list[str]) -> None:
    assert imported_by(*words) & HEAVY == set()


def test_a_command_imports_its_own_libraries_and_leaves_the_others() -> None:
    assert imported_by("decode", "--help") & {"cv2", "flask", "reportlab", "xlsxwriter"} == {"cv2"}
    assert imported_by("board", "--help") & {"flask", "reportlab", "xlsxwriter"} == {"reportlab"}


def test_opencv_is_quiet_and_adds_no_threads_to_ours() -> None:
    program = f"{PROGRAM}import cv2\nprint(cv2.getNumThreads(), cv2.utils.logging.getLogLevel())\n"
    done = subprocess.run([sys.executable, "-c", program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "1 0"
