"""The product in one command: what was shown is scanned, logged and counted by the hub."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.clock


def test_what_is_presented_is_scanned_logged_and_counted_and_nothing_is_left_over() -> None:
    command = [sys.executable, "-m", "station", "demo", "--for", "20", "--seed", "5"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert ended.returncode == 0, ended.stderr
    summary = json.loads(ended.stdout.splitlines()[-1])["summary"]
    assert summary["presented"] >= 4
    assert summary["presented"] == summary["scanned"] == summary["logged"] == summary["hub_counted"]
    assert (summary["unacknowledged"], summary["misread"]) == (0, 0)
    assert set(summary["lanes"]) == {"1", "2"}
